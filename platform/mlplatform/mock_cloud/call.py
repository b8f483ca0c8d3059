"""A call of the cloud, for those who want to know what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mlplatform.mock_cloud.refused import CloudRefused

Op = Literal["create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was refused for good."""

    op: str
    """`create`, `update` or `delete`."""

    token: str
    """Type token."""

    name: str
    """Logical name."""

    refused: CloudRefused
    """The answer."""
