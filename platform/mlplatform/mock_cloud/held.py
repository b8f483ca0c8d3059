"""One resource that the cloud holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mlplatform.mock_cloud.rules.base import OWN_NAMES
from mlplatform.providers.wire import as_list, as_object, unwrap


@dataclass(slots=True)
class Held:
    """A resource as the cloud knows it; secrets stay in the envelopes in which they came."""

    token: str
    """Type token."""

    name: str
    """Logical name of whoever made it."""

    id: str
    """The provider's id."""

    inputs: Mapping[str, object]
    """As last created or updated."""

    outputs: Mapping[str, object]
    """What the provider answers."""

    seed: str
    """What generated values are derived from: the logical name and which incarnation of it this is."""

    ready: float = 0.0
    """Second of the simulated clock at which it is usable."""

    keys: tuple[tuple[str, ...], ...] = ()
    """Names that it takes, each in its scope."""

    mentions: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """Every text among its inputs, whole, with the top-level properties it stands in."""

    @property
    def marks(self) -> frozenset[str]:
        """Texts by which others point at it: its id and whatever of its outputs is a name, an ARN or a link."""
        found = {self.id}
        for key in OWN_NAMES:
            value = self.outputs.get(key)
            if isinstance(value, str) and value:
                found.add(value)
        return frozenset(found)


_NO_USE = frozenset({"project", "location", "region", "tags", "labels", "userLabels", "description", "displayName"})
"""Properties whose texts point at nothing, even where a resource has the same name."""


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value with the top-level property it stands below; lists and maps are looked into.

    Azure names what is used as the key of a map, so keys that are ids count.
    """
    inner, _ = unwrap(value)
    if isinstance(inner, str):
        yield path, inner
        return
    entries = as_object(inner)
    if entries is not None:
        for key, item in entries.items():
            if not path and key in _NO_USE:
                continue
            if "/" in key:
                yield path or key, key
            yield from texts(item, path or key)
        return
    for item in as_list(inner) or ():
        yield from texts(item, path)
