"""Existing parts: from arguments to the library's own types, and from components to outputs."""

from __future__ import annotations

import collections.abc
import dataclasses
import types
from collections.abc import Mapping
from typing import Any, Protocol, Union, cast, get_args, get_origin

import pulumi
from pulumi.provider.experimental.util import camel_case

from mlplatform.components.existing import Existing, ExistingPart
from mlplatform.package.args.existing import Made
from mlplatform.package.kinds import derived_clouds, existing_kinds, hints_of
from mlplatform.package.reading import refusal


def read_existing(given: Mapping[str, Any] | None, cloud: str, where: str = "existing") -> Existing:
    """Existing parts of a platform, from an argument.

    Raises:
        pulumi.InputPropertiesError: they belong to another cloud, or lack something.
    """
    if not given:
        return Existing()
    others = [name for name, parts in given.items() if name != cloud and parts]
    if others:
        raise refusal("existing", *((f"{where}.{name}", f"the target's cloud is {cloud}") for name in others))
    kinds = existing_kinds(cloud)
    parts = cast("Mapping[str, Mapping[str, Any]]", given.get(cloud) or {})
    return Existing(
        **{name: _read_part(kinds[name], value, f"{where}.{cloud}.{name}") for name, value in parts.items()}
    )


def _read_part(kind: type, given: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401 - of the kind in the argument
    hints = hints_of(kind)
    return kind(
        **{name: _read_value(hint, given[name], f"{where}.{name}") for name, hint in hints.items() if name in given}
    )


def _read_value(hint: object, given: Any, where: str) -> Any:  # noqa: ANN401 - whatever was sent
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if isinstance(given, pulumi.Output):
            return _read_mapping(cast("pulumi.Output[Mapping[str, str]]", given), get_args(args[0]), where)
        # mappings arrive in no order, and the order of zones decides which resource is in which zone
        items = sorted(cast("Mapping[str, Any]", given).items())
        return {key: _read_value(args[1], value, f"{where}.{key}") for key, value in items}
    if isinstance(origin, type) and issubclass(origin, collections.abc.Sequence) and isinstance(given, list):
        return tuple(_read_value(args[0], value, where) for value in cast("list[Any]", given))
    if origin in (Union, types.UnionType):
        parts = [arg for arg in args if isinstance(arg, type) and dataclasses.is_dataclass(arg)]
        return _read_value(parts[0], given, where) if parts and isinstance(given, Mapping) else given
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _read_part(hint, given, where)
    return given


def _read_mapping(
    given: pulumi.Output[Mapping[str, str]], keys: tuple[str, ...], where: str
) -> dict[str, pulumi.Output[str]]:
    """A mapping whose keys are known, from another component's output."""

    def value_of(known: Mapping[str, str], key: str) -> str:
        if key not in known:
            raise ValueError(f"{where}: got {', '.join(known)}; expected all of {', '.join(keys)}")
        return known[key]

    return {key: given.apply(lambda known, key=key: value_of(known, key)) for key in keys}


class Shareable(Protocol):
    """A component that shows its parts to others."""

    def as_existing(self) -> ExistingPart:
        """The parts, in the form that other components take."""
        ...


def show_existing(cloud: str, **parts: Shareable) -> pulumi.Output[Made]:
    """A component's parts, in the shape of the argument `existing`.

    Args:
        cloud: the target's cloud.
        parts: components, by the name of the part.
    """
    known = cloud in derived_clouds()
    parts_of_cloud = (
        {cloud: {name: _plain(part.as_existing(), nested=False) for name, part in parts.items()}} if known else {}
    )
    # not one output: in a preview, its known values would be lost with the unknown ones
    return cast("pulumi.Output[Made]", parts_of_cloud)


def _plain(value: object, *, nested: bool = True) -> Any:  # noqa: ANN401 - plain data with outputs in it
    if isinstance(value, pulumi.Output):
        return cast("object", value)
    if dataclasses.is_dataclass(value):
        fields: dict[str, object] = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        # Pulumi's host translates the names of properties, but not of keys in a mapping
        return {
            (camel_case(name) if nested else name): _plain(held) for name, held in fields.items() if held is not None
        }
    if isinstance(value, Mapping):
        return {key: _plain(held) for key, held in cast("Mapping[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in cast("collections.abc.Sequence[object]", value)]
    return value
