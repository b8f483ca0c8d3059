"""Limits of keys on GCP. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.backend import Limit
from mlplatform.components.limits import refuse_nothing

LIMITS = tuple(
    Limit(
        field=f"keys.{field}",
        support="partial",
        reason="Cloud KMS sets it when a key is created, and the name of a key can never be used again: a later change "
        "leaves existing keys as they are",
        alternative="set it before the first up",
        violations=refuse_nothing,
    )
    for field in ("deletion_window_days", "protection")
)
"""Fields of keys that GCP honours only in part."""
