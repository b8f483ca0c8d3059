"""One risk per module."""
