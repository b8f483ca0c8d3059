"""What somebody else made, from arguments to the library's own types, and back as outputs."""

from __future__ import annotations

import collections.abc
import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol, cast, get_args, get_origin

import pulumi
from pulumi.provider.experimental.util import camel_case

from mlplatform.components.existing import Existing, ExistingPart
from mlplatform.package.args.existing import Made
from mlplatform.package.kinds import derived_clouds, existing_kinds, hints_of
from mlplatform.package.reading import refused


def existing_of(given: Mapping[str, Any] | None, cloud: str, where: str = "existing") -> Existing:
    """What somebody else made.

    Raises:
        pulumi.InputPropertiesError: it is another cloud's, or lacks something.
    """
    if not given:
        return Existing()
    others = [name for name, parts in given.items() if name != cloud and parts]
    if others:
        raise refused("existing", *((f"{where}.{name}", f"the target's cloud is {cloud}") for name in others))
    kinds = existing_kinds(cloud)
    parts = cast("Mapping[str, Mapping[str, Any]]", given.get(cloud) or {})
    return Existing(**{name: _made(kinds[name], value, f"{where}.{cloud}.{name}") for name, value in parts.items()})


def _made(kind: type, given: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401 - of the kind that is given
    hints = hints_of(kind)
    return kind(**{name: _value(hint, given[name], f"{where}.{name}") for name, hint in hints.items() if name in given})


def _value(hint: object, given: Any, where: str) -> Any:  # noqa: ANN401 - whatever was sent
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if isinstance(given, pulumi.Output):
            return _lifted(cast("pulumi.Output[Mapping[str, str]]", given), get_args(args[0]), where)
        # mappings arrive in no order, and the order of zones decides what is put where
        items = sorted(cast("Mapping[str, Any]", given).items())
        return {key: _value(args[1], value, f"{where}.{key}") for key, value in items}
    if isinstance(origin, type) and issubclass(origin, collections.abc.Sequence) and isinstance(given, list):
        return tuple(_value(args[0], value, where) for value in cast("list[Any]", given))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _made(hint, given, where)
    return given


def _lifted(
    given: pulumi.Output[Mapping[str, str]], keys: tuple[str, ...], where: str
) -> dict[str, pulumi.Output[str]]:
    """A mapping whose keys are known, of another component's output."""

    def one(known: Mapping[str, str], key: str) -> str:
        if key not in known:
            raise ValueError(f"{where}: got {', '.join(known)}; expected all of {', '.join(keys)}")
        return known[key]

    return {key: given.apply(lambda known, key=key: one(known, key)) for key in keys}


class Shared(Protocol):
    """A component whose parts others can take."""

    def as_existing(self) -> ExistingPart:
        """The parts."""
        ...


def made_of(cloud: str, **parts: Shared) -> pulumi.Output[Made]:
    """What a component made, in the shape in which others take it.

    Args:
        cloud: the target's cloud.
        parts: by the name of the part.
    """
    known = cloud in derived_clouds()
    shown = {cloud: {name: _shown(part.as_existing(), nested=False) for name, part in parts.items()}} if known else {}
    # not one output: in a preview, what is known of it would be lost with what is not
    return cast("pulumi.Output[Made]", shown)


def _shown(value: object, *, nested: bool = True) -> Any:  # noqa: ANN401 - plain data with outputs in it
    if isinstance(value, pulumi.Output):
        return cast("object", value)
    if dataclasses.is_dataclass(value):
        fields: dict[str, object] = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        # Pulumi's host writes the names of properties, but not of what is in a mapping
        return {
            (camel_case(name) if nested else name): _shown(held) for name, held in fields.items() if held is not None
        }
    if isinstance(value, Mapping):
        return {key: _shown(held) for key, held in cast("Mapping[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_shown(held) for held in cast("collections.abc.Sequence[object]", value)]
    return value
