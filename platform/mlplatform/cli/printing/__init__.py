"""Output to a terminal or a file."""
