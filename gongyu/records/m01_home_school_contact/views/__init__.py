"""The pages of this measure."""
