"""What the records of releases say about models: where each version comes from, and where it serves."""
