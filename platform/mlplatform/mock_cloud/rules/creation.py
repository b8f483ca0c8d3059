"""The form of what a cloud refuses to create."""

from __future__ import annotations

from dataclasses import dataclass

from mlplatform.mock_cloud.rules.error import CloudError


@dataclass(frozen=True, slots=True)
class SingletonRule:
    """A resource that may exist once in its place, whatever its name."""

    token: str
    """Type of the resource."""

    properties: tuple[str, ...]
    """Inputs that make up the place; `tag.key` within others."""

    error: CloudError
    """Answer to a second one."""
