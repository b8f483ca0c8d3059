"""The fields of targets that name a region."""

REGION_FIELDS = ("region", "location", "replica_region")
"""`location` is Azure's word."""
