"""Cheaper serialising: plain values pass as they are, and a type is unwrapped once.

Pulumi asks a dozen questions of every string on its way to the wire, takes its type apart each time, and looks for
unknowns inside it with a recursive function made for the purpose, which only the garbage collector can free.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from pulumi import Resource, _types
from pulumi.output import Unknown
from pulumi.runtime import rpc

plain_serialize = rpc.serialize_property
plain_unwrap = _types.unwrap_type
plain_contains_unknowns = rpc.contains_unknowns

_PLAIN = frozenset({str, bool, int, float, type(None)})
_MOST = 20_000
_UNWRAPPED: dict[int, tuple[Any, Any]] = {}
"""By identity, because types that compare as equal may be written in another order; each is kept alive here."""


async def serialize_property(
    value: object,
    deps: list[Resource] | None,
    property_key: str | None,
    resource_obj: Resource | None = None,
    input_transformer: Callable[[str], str] | None = None,
    typ: type | None = None,
    keep_output_values: bool = False,
    exclude_resource_refs_from_deps: bool = False,
    return_protobuf_value: bool = False,
) -> object:
    """Stands in for `pulumi.runtime.rpc.serialize_property`."""
    if type(value) in _PLAIN and not return_protobuf_value:
        return value
    return await plain_serialize(
        value,
        deps,
        property_key,
        resource_obj,
        input_transformer,
        typ,
        keep_output_values,
        exclude_resource_refs_from_deps,
        return_protobuf_value,
    )


def unwrap_type(val: Any) -> Any:  # noqa: ANN401 - types of any form
    """Stands in for `pulumi._types.unwrap_type`."""
    known = _UNWRAPPED.get(id(val))
    if known is None:
        if len(_UNWRAPPED) >= _MOST:
            _UNWRAPPED.clear()
        known = _UNWRAPPED[id(val)] = (val, plain_unwrap(val))
    return known[1]


def contains_unknowns(val: Any) -> bool:  # noqa: ANN401 - values of any type
    """Stands in for `pulumi.runtime.rpc.contains_unknowns`."""
    if type(val) in _PLAIN:
        return False
    seen: set[int] = set()
    pending: list[Any] = [val]
    while pending:
        one = pending.pop()
        if isinstance(one, Unknown):
            return True
        is_dict = isinstance(one, dict)
        if (is_dict or isinstance(one, list)) and id(cast("object", one)) not in seen:
            seen.add(id(cast("object", one)))
            inner = cast("Any", one)
            # a property of an SDK's class may be called `values`
            pending += [inner[key] for key in inner] if is_dict else inner
    return False
