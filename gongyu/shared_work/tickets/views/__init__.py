"""The asker's pages, without sign-in, and the pages of the desk and of the one above."""
