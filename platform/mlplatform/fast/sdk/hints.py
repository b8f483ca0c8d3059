"""Property types of the SDK's classes, worked out one by one as they are asked for.

Pulumi resolves the annotations of every property of a resource or argument class as soon as one value of
it crosses the wire. A GKE cluster has 90, each naming classes that would have to be made first.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Iterator, Mapping

from pulumi import Output, _types

from mlplatform.fast.sdk.namespace import Fallback

plain_globals = _types._globals_for_cls
plain_types = _types._types_from_py_properties
plain_resource_types = _types.resource_types


class PropertyTypes(Mapping[str, object]):
    """Wire name to unwrapped type, as `pulumi._types` gives them.

    A look-up by name resolves that one; iterating and counting resolve them all, in the order of
    definition, because a property without usable annotation has no entry.
    """

    def __init__(self, cls: type) -> None:
        self._cls = cls
        self._getters = {wire: prop.fget for _, wire, prop in _types._py_properties(cls)}
        self._found: dict[str, object] = {}

    def __getitem__(self, wire: str) -> object:
        if wire not in self._found:
            getter = self._getters[wire]
            typ = None if getter is None else _resolve(self._cls, getter)
            if typ is None:
                raise KeyError(wire)
            self._found[wire] = typ
        return self._found[wire]

    def __iter__(self) -> Iterator[str]:
        return iter([wire for wire in self._getters if self.get(wire) is not None])

    def __len__(self) -> int:
        return len(list(iter(self)))


def _resolve(cls: type, getter: Callable[..., object]) -> object | None:
    """The type of one property; none where it has no usable annotation. The steps are those of `_types`."""
    local: dict[str, object] = {"Output": Output, "T": type(None)}
    hint = typing.get_type_hints(getter, globalns=globals_for(cls), localns=local).get("return")
    typ = None if hint is None else _types.unwrap_type(hint)
    return None if typ is Output else typ


@functools.cache
def property_types(cls: type) -> PropertyTypes:
    """Stands in for `pulumi._types._types_from_py_properties`."""
    return PropertyTypes(cls)


def resource_types(cls: type) -> Mapping[str, object]:
    """Stands in for `pulumi._types.resource_types`, which copies the types of all properties each time."""
    declared = _types._types_from_annotations(cls)
    return {**declared, **property_types(cls)} if declared else property_types(cls)


def globals_for(cls: type) -> dict[str, object] | None:
    """Stands in for `pulumi._types._globals_for_cls`, which merges the modules of a class and its bases.

    The class's own module has the last word. Where that is a user's, and a base comes from a lazily loaded
    file, the fallback of that file must survive the merge.
    """
    merged = plain_globals(cls)
    if merged is not None and not isinstance(merged.get("__builtins__"), Fallback):
        for base in cls.__mro__:
            fallback = Fallback.of(base.__module__)
            if fallback is not None:
                merged["__builtins__"] = fallback
                break
    return merged
