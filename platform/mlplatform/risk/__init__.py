"""The risks of a change: every changed resource classified, worst first, each with its reason."""
