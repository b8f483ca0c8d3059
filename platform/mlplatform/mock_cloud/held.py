"""One resource that the cloud holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mlplatform.providers.wire import as_list, as_object, unwrap_value

_LINKED_OUTPUTS = (
    "arn",
    "selfLink",
    "name",
    "email",
    "member",
    "url",
    "bucket",
    "keyId",
    "principalId",
    "clientId",
)
"""Outputs by which other resources refer to one, beside its id."""


@dataclass(slots=True)
class Held:
    """A resource as the cloud knows it; secrets stay in the envelopes in which they came."""

    token: str
    """Type token."""

    name: str
    """Logical name in the program that created it."""

    id: str
    """The provider's id."""

    inputs: Mapping[str, object]
    """Inputs of the last create or update."""

    outputs: Mapping[str, object]
    """Outputs that the provider returns."""

    seed: str
    """Seed of generated values: the logical name, and how often it was created before."""

    ready_at: float = 0.0
    """Second of the simulated clock at which it is usable."""

    made_at: float = 0.0
    """Second of the simulated clock at which it was created."""

    keys: tuple[tuple[str, ...], ...] = ()
    """Names that it uses, each with its scope."""

    answered: Mapping[str, object] = field(default_factory=dict[str, object])
    """The cloud's answer to the last create or update, for each property that reads otherwise than it was written."""

    references: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """Every text among its inputs, with the top-level properties that contain it."""

    @property
    def identifiers(self) -> frozenset[str]:
        """Texts by which other resources refer to it: its id and each output that is a name, an ARN or a link."""
        texts = {self.id}
        for key in _LINKED_OUTPUTS:
            value = self.outputs.get(key)
            if isinstance(value, str) and value:
                texts.add(value)
        return frozenset(texts)


_NO_LINK = frozenset({"project", "location", "region", "tags", "labels", "userLabels", "description", "displayName"})
"""Properties whose texts refer to nothing, even if a resource has the same name."""


def texts_by_property(inputs: Mapping[str, object]) -> Mapping[str, frozenset[str]]:
    """Every text among inputs, with the top-level properties that contain it."""
    properties: dict[str, set[str]] = {}
    for path, text in _texts(inputs):
        properties.setdefault(text, set()).add(path)
    return {text: frozenset(paths) for text, paths in properties.items()}


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, inside lists and maps too, with its top-level property.

    Azure refers to resources in the keys of maps, so keys that are ids count.
    """
    inner, _ = unwrap_value(value)
    if isinstance(inner, str):
        yield path, inner
        return
    entries = as_object(inner)
    if entries is not None:
        for key, item in entries.items():
            if not path and key in _NO_LINK:
                continue
            if "/" in key:
                yield path or key, key
            yield from _texts(item, path or key)
        return
    for item in as_list(inner) or ():
        yield from _texts(item, path)
