"""The form of what a provider reads back otherwise than the program wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlplatform.mock_cloud.rules.error import CloudError


@dataclass(frozen=True, slots=True)
class ReadBackRule:
    """A property that a read takes over as a whole, once the cloud's answer differs in anything within it.

    Azure's provider compares the answer with the one to its last create or update. Where they differ, the whole
    property of the new answer counts as what the program wrote: in the cloud's order, and with what the cloud added.
    A program that ignores only a part of the property then finds the other parts changed.
    """

    token: str
    """Type of the resource."""

    property: str
    """The input, an object or a list of objects."""

    added: Mapping[str, object]
    """What the cloud adds to the object, or to each one of the list, where the program wrote nothing."""

    source: str
    """Page about it."""

    introduced: CloudError | None = None
    """Answer to an entry of the list that an existing resource does not have; None where it becomes one."""
