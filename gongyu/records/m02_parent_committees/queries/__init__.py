"""Questions about committees, already within the reader's reach."""
