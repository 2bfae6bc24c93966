"""What tools/bench_notices.py is made of: its world, its server's one address more, its requests."""
