"""Forms of this measure: they validate and never save."""
