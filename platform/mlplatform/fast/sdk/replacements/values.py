"""Cheaper serialising: plain values pass unchanged, types are unwrapped once, property types resolved on demand."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import functools
import sys
import typing
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, cast

from pulumi import Input, Output, Resource, _types, output
from pulumi.output import Unknown
from pulumi.runtime import rpc

from mlplatform.fast.sdk.annotations import meaning
from mlplatform.fast.sdk.namespace import Fallback
from mlplatform.fast.sdk.replacements.later_types import LaterType, LaterTypes
from mlplatform.fast.sdk.replacements.proof import same_parameters

# Values
#
# Pulumi asks a dozen questions of every string that it sends, takes its type apart each time, and looks for unknowns
# inside it with a recursive function that it defines for the call and that only the garbage collector can free.

plain_serialize = rpc.serialize_property
plain_unwrap = _types.unwrap_type
plain_contains_unknowns = rpc.contains_unknowns

_PLAIN = frozenset({str, bool, int, float, type(None)})
_MOST = 20_000
_UNWRAPPED: dict[int, tuple[Any, Any]] = {}
"""By `id`, because types that compare as equal may name their parts in another order; the types are kept alive here."""


async def serialize_property(
    value: object,
    deps: list[Resource] | None,
    property_key: str | None,
    resource_obj: Resource | None = None,
    input_transformer: Callable[[str], str] | None = None,
    typ: type | LaterType | None = None,
    keep_output_values: bool = False,
    exclude_resource_refs_from_deps: bool = False,
    return_protobuf_value: bool = False,
) -> object:
    """Replaces `pulumi.runtime.rpc.serialize_property`; a later type is resolved where it is looked at."""
    if type(value) in _PLAIN and not return_protobuf_value:
        return value
    if type(typ) is LaterType and not return_protobuf_value and _has_parts(value):
        typ = cast("type", typ.resolve())
    return await plain_serialize(
        value,
        deps,
        property_key,
        resource_obj,
        input_transformer,
        cast("Any", typ),
        keep_output_values,
        exclude_resource_refs_from_deps,
        return_protobuf_value,
    )


def _has_parts(value: object) -> bool:
    # nearly every value is one of the first three, and the question to abstract classes takes ten times as long
    kind = type(value)
    return kind is list or kind is dict or (kind is not Output and isinstance(value, Sequence | Mapping))


def unwrap_type(val: Any) -> Any:  # noqa: ANN401 - types of any form
    """Replaces `pulumi._types.unwrap_type`."""
    entry = _UNWRAPPED.get(id(val))
    if entry is None:
        if len(_UNWRAPPED) >= _MOST:
            _UNWRAPPED.clear()
        entry = _UNWRAPPED[id(val)] = (val, plain_unwrap(val))
    return entry[1]


def contains_unknowns(val: Any) -> bool:  # noqa: ANN401 - values of any type
    """Replaces `pulumi.runtime.rpc.contains_unknowns`."""
    if type(val) in _PLAIN:
        return False
    seen: set[int] = set()
    pending: list[Any] = [val]
    while pending:
        value = pending.pop()
        if isinstance(value, Unknown):
            return True
        is_dict = isinstance(value, dict)
        if (is_dict or isinstance(value, list)) and id(cast("object", value)) not in seen:
            seen.add(id(cast("object", value)))
            inner = cast("Any", value)
            # a property of an SDK's class may be called `values`
            pending += [inner[key] for key in inner] if is_dict else inner
    return False


def replace_serializing() -> bool:
    """Replace the three functions if they take the same parameters, and types of each form are unwrapped alike."""
    samples: list[Any] = [str, list[str], Input[str], Input[str] | None, Input[dict[str, Input[int]]], dict]
    same = (
        same_parameters(plain_serialize, serialize_property)
        and same_parameters(output.contains_unknowns, contains_unknowns)
        and same_parameters(plain_unwrap, unwrap_type)
        and same_parameters(plain_contains_unknowns, contains_unknowns)
        and all(unwrap_type(sample) is plain_unwrap(sample) for sample in samples)
    )
    if same:
        serializing: Any = rpc
        unwrapping: Any = _types
        serializing.serialize_property = serialize_property
        serializing.contains_unknowns = contains_unknowns
        cast("Any", output).contains_unknowns = contains_unknowns
        unwrapping.unwrap_type = unwrap_type
    return same


# Property types
#
# Pulumi resolves the annotations of every property of a resource or argument class as soon as one value of it is sent.
# A GKE cluster has 90, each naming classes that would have to be made first.

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
        self._resolved: dict[str, object] = {}

    @property
    def wires(self) -> Collection[str]:
        """Names of all properties, with and without usable annotation."""
        return self._getters.keys()

    def __getitem__(self, wire: str) -> object:
        if wire not in self._resolved:
            getter = self._getters[wire]
            typ = None if getter is None else _resolve(self._cls, getter)
            if typ is None:
                raise KeyError(wire)
            self._resolved[wire] = typ
        return self._resolved[wire]

    def __iter__(self) -> Iterator[str]:
        return iter([wire for wire in self._getters if self.get(wire) is not None])

    def __len__(self) -> int:
        return len(list(iter(self)))


_MEANT: dict[Hashable, object | None] = {}
"""Types by what their annotations mean."""


def _resolve(cls: type, getter: Callable[..., object]) -> object | None:
    """The type of one property; none where it has no usable annotation."""
    written = getter.__annotations__.get("return")
    module = sys.modules.get(cls.__module__)
    key = meaning(written, vars(module)) if module is not None and isinstance(written, str) else None
    if key is None:
        return _type_of(cls, getter)
    if key not in _MEANT:
        _MEANT[key] = _type_of(cls, getter)
    return _MEANT[key]


def _type_of(cls: type, getter: Callable[..., object]) -> object | None:
    # the steps are those of `_types`
    local: dict[str, object] = {"Output": Output, "T": type(None)}
    hint = typing.get_type_hints(getter, globalns=globals_for(cls), localns=local).get("return")
    typ = None if hint is None else _types.unwrap_type(hint)
    return None if typ is Output else typ


@functools.cache
def property_types(cls: type) -> PropertyTypes:
    """Replaces `pulumi._types._types_from_py_properties`."""
    return PropertyTypes(cls)


def resource_types(cls: type) -> Mapping[str, object]:
    """Replaces `pulumi._types.resource_types`, which copies the types of all properties each time."""
    declared = _types._types_from_annotations(cls)
    return {**declared, **property_types(cls)} if declared else property_types(cls)


def globals_for(cls: type) -> dict[str, object] | None:
    """Replaces `pulumi._types._globals_for_cls`, which merges the modules of a class and its bases.

    The class's own module wins. If that is a user's, and a base comes from a lazily loaded file,
    the fallback of that file must survive the merge.
    """
    merged = plain_globals(cls)
    if merged is not None and not isinstance(merged.get("__builtins__"), Fallback):
        for base in cls.__mro__:
            fallback = Fallback.of(base.__module__)
            if fallback is not None:
                merged["__builtins__"] = fallback
                break
    return merged


def replace_property_types() -> bool:
    """Replace the three functions if they answer alike for two of Pulumi's own classes."""
    from pulumi import StackReference, Stash

    same = (
        resource_types(StackReference) == plain_resource_types(StackReference)
        and property_types(Stash) == plain_types(Stash)
        and globals_for(Stash) == plain_globals(Stash)
    )
    if same:
        types: Any = _types
        types._globals_for_cls = globals_for
        types._types_from_py_properties = property_types
        types.resource_types = resource_types
    return same


@functools.cache
def input_type_types(input_type_cls: type) -> LaterTypes:
    """`pulumi._types.input_type_types` for the serialiser, which hands the types on to `serialize_property`."""
    types = property_types(input_type_cls)
    return LaterTypes(types, types.wires)


def replace_input_types() -> bool:
    """Let the serialiser see later types, if its functions are those of this module, which know them."""
    serializing: Any = rpc
    types: Any = _types
    same = (
        types._types_from_py_properties is property_types
        and serializing.serialize_property is serialize_property
        and same_parameters(_types.input_type_types, input_type_types)
    )
    if same:
        # the module of types as the serialiser sees it: the same but for this one function
        seen = ModuleType(_types.__name__)
        vars(seen).update(vars(_types), input_type_types=input_type_types)
        serializing._types = seen
    return same
