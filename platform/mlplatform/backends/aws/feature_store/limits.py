"""What AWS cannot do of a feature store. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.backend import Limit

LIMITS: tuple[Limit, ...] = ()
"""Fields of feature stores that AWS does not honour, or in part."""
