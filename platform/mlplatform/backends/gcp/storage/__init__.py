"""Hardened buckets, and the one that records access to others: dashboards and pipelines are made of them."""

FACE = ("access_logs", "bucket")
"""Modules of this room that others may import; the rest is private to it."""
