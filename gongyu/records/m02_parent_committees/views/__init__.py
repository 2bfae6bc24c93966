"""Pages of the school, the district, the families and the members."""
