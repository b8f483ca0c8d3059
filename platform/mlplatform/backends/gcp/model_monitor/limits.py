"""What GCP cannot do of monitors of models. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.backend import Limit

LIMITS: tuple[Limit, ...] = ()
"""Fields of monitors that GCP does not honour, or in part."""
