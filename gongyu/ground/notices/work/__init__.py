"""The job's two halves: what is due becomes messages (`planning`), messages go out (`carrying`)."""
