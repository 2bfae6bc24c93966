"""Secret columns: encrypted at rest with a key file apart from the database, found by keyed digest."""
