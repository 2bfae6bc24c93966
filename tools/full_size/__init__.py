"""What `make bench` measures at the size of the whole city."""
