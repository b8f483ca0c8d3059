"""Where documents go: a terminal or a file."""
