"""A stack's outputs in the formats of other tools."""
