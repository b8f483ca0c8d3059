"""Values as they travel to a provider: the envelopes around secrets, assets and unknowns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Marks a value that is known only after creation (pulumi.runtime.rpc.UNKNOWN)."""

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_ASSETS: Final = ("c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7")


_PLAIN = (str, int, float)
_SCALARS = frozenset({str, int, float, bool, type(None)})
"""Asked first, by exact type: a plan asks 100,000 times, mostly about texts."""
_NO_OBJECTS = _SCALARS | {list, tuple}
_OF_JSON = (*_PLAIN, list, tuple)


def as_object(value: object) -> Mapping[str, object] | None:
    """A value as an object, or None where it is something else (an asset's envelope is no object)."""
    # Nearly every value has one of JSON's own types: to ask an abstract class takes ten times as long.
    kind = type(value)
    if kind is not dict and (kind in _NO_OBJECTS or isinstance(value, _PLAIN) or not isinstance(value, Mapping)):
        return None
    entries = cast("Mapping[str, object]", value)
    return None if entries.get(_SIGNATURE) in _ASSETS else entries


def as_list(value: object) -> list[object] | None:
    """A value as a list, or None where it is something else."""
    return list(cast("list[object]", value)) if isinstance(value, (list, tuple)) else None


def unwrap_value(value: object) -> tuple[object, bool]:
    """The value inside its envelopes, and whether one of them marked it as secret."""
    if type(value) in _SCALARS or isinstance(value, _PLAIN):
        return value, False
    secret = False
    inner = value
    while (envelope := as_object(inner)) is not None:
        signature = envelope.get(_SIGNATURE)
        if signature == _SECRET:
            inner, secret = envelope.get("value", UNKNOWN), True
        elif signature == _OUTPUT:
            inner, secret = envelope.get("value", UNKNOWN), secret or envelope.get("secret") is True
        else:
            break
    return inner, secret


def is_unknown(value: object) -> bool:
    """Whether a value is not known yet; a resource reference counts, since its id comes later."""
    if isinstance(value, str):
        return value == UNKNOWN
    if type(value) in _SCALARS:
        return False
    entries = as_object(value)
    if entries is not None:
        return entries.get(_SIGNATURE) == _RESOURCE
    if _is_plain(value):
        return False
    import pulumi  # a plan that was read from a file has plain values alone, and comes without the SDK
    from pulumi.output import Unknown

    return isinstance(value, (Unknown, pulumi.Output, pulumi.Resource))


def is_asset(value: object) -> bool:
    """Whether a value is an asset or an archive, as an object or in its envelope."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).get(_SIGNATURE) in _ASSETS
    if _is_plain(value):
        return False
    import pulumi

    return isinstance(value, (pulumi.Asset, pulumi.Archive))


def _is_plain(value: object) -> bool:
    """Whether a value that is no object is one of JSON, which no class of the SDK is."""
    return value is None or isinstance(value, _OF_JSON)


def plain_value(value: object) -> object:
    """The value without the envelopes of secrets, at any depth."""
    if type(value) in _SCALARS:
        return value
    inner, _ = unwrap_value(value)
    entries = as_object(inner)
    if entries is not None:
        return {key: plain_value(item) for key, item in entries.items()}
    items = as_list(inner)
    return [plain_value(item) for item in items] if items is not None else inner


def has_secret(value: object) -> bool:
    """Whether a value is secret, or contains a secret at any depth."""
    inner, secret = unwrap_value(value)
    if secret:
        return True
    entries = as_object(inner)
    items = list(entries.values()) if entries is not None else as_list(inner) or []
    return any(has_secret(item) for item in items)


def value_at_path(value: object, path: str) -> object:
    """The value at a path, without the envelopes of secrets; None where there is none."""
    inner = plain_value(value)
    for part in path.split("."):
        items, entries = as_list(inner), as_object(inner)
        if items is not None:
            inner = items[int(part)] if part.isdigit() and int(part) < len(items) else None
        else:
            inner = entries.get(part) if entries is not None else None
    return inner
