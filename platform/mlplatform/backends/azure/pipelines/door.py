"""The door through which runs of pipelines start on Azure ML."""

from __future__ import annotations

from mlplatform.components.pipeline import DoorNeeds, DoorParts
from mlplatform.components.scope import Scope


def build(_scope: Scope, _needs: DoorNeeds) -> DoorParts | None:
    """None yet: runs start at the service."""
    return None
