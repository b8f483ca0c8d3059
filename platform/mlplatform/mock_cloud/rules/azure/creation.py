"""What Azure takes over when it is created again."""

from __future__ import annotations

# these exist with their parent: creating them sets the existing one
UPSERTS = frozenset({"azure-native:storage:BlobServiceProperties"})
