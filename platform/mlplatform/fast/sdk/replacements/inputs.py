"""Inputs as a monitor in this process takes them: each value once, without a coroutine for each and without a message.

Pulumi serialises each value in a coroutine of its own, and puts the result into a message, of which a recorder then
makes plain values again. Here a value is read at once where the outputs in it are there, and else when they have come.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
import typing
from collections import abc
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from google.protobuf import struct_pb2
from pulumi import Output, Resource, _types
from pulumi.output import contains_unknowns
from pulumi.runtime import rpc

from mlplatform.fast.sdk.registered import plain_struct
from mlplatform.fast.sdk.replacements.later_types import LaterType

_RPC: Any = rpc
_TYPES: Any = _types
_MAPPINGS = (dict, typing.Dict, abc.Mapping, typing.Mapping)  # noqa: UP006 - as Pulumi asks

Transformer = Callable[[str], str] | None
Pending = asyncio.Future[Any]


class Unusual(Exception):
    """A value that Pulumi's own serialiser reads."""


class _Names(NamedTuple):
    """Of an input class: wire names by Python names, and types by wire names."""

    wires: Mapping[str, str]
    types: Any


_INPUT_CLASSES: dict[type, _Names | None] = {}
_ELEMENTS: dict[int, tuple[Any, Any]] = {}
"""Types of a list's elements by the `id` of its type, which is kept alive here."""


def names_of(kind: type) -> _Names | None:
    """Of an input class; None for another class."""
    if kind not in _INPUT_CLASSES:
        is_input = _TYPES.is_input_type(kind) and not issubclass(kind, dict)
        # the types as the serialiser sees them: each is resolved where it is looked at
        _INPUT_CLASSES[kind] = (
            _Names(_TYPES.input_type_py_to_pulumi_names(kind), _RPC._types.input_type_types(kind)) if is_input else None
        )
    return _INPUT_CLASSES[kind]


class Reading:
    """One reading of a property's value: which resources it needs, and which outputs are not there yet."""

    __slots__ = ("needs", "pending", "transformer")

    def __init__(self, transformer: Transformer) -> None:
        self.transformer = transformer
        self.needs: list[Resource] = []
        self.pending: list[Pending] = []

    def read(self, value: Any, typ: Any) -> Any:  # noqa: ANN401 - values and types of any form
        """The value as a message has it.

        Raises:
            Unusual: it has a form that is not read here.
        """
        kind = type(cast("object", value))
        if kind is str:
            if not value.isascii():
                # a message refuses what is no Unicode text
                value.encode()
            return value
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return float(value)
        if kind is Output:
            return self._output(value, typ)
        if kind is list or kind is tuple:
            element = _element(typ)
            return [self.read(item, element) for item in value]
        if kind is dict:
            return self._mapping(value, typ)
        names = names_of(kind)
        if names is not None:
            return self._input(value, names.types)
        if isinstance(value, str):
            return str.__str__(value)
        raise Unusual

    def _output(self, output: Any, typ: Any) -> Any:  # noqa: ANN401
        future: Pending = output._data
        if not future.done():
            self.pending.append(future)
            return None
        data = future.result()
        resources: set[Resource] = data.resources
        self.needs += resources
        value = data.value
        if value is not None:
            needs, self.needs = self.needs, []
            value = None if contains_unknowns(value) else self.read(value, typ)
            if self.needs:
                resources.update(self.needs)
                needs += self.needs
            self.needs = needs
        if not data.is_known:
            value = rpc.UNKNOWN
        return {rpc._special_sig_key: rpc._special_secret_sig, "value": value} if data.is_secret else value

    def _input(self, value: Any, types: Any) -> dict[str, Any]:  # noqa: ANN401
        given = _TYPES.input_type_to_dict(value)
        return {wire: self.read(item, types.get(wire)) for wire, item in given.items()}

    def _mapping(self, value: dict[Any, Any], typ: Any) -> dict[str, Any]:  # noqa: ANN401
        typ = _unwrapped(typ)
        if typ is None:
            return self._items(value, self.transformer, None)
        if _TYPES._wire_union_members(typ) is not None:
            case = _TYPES.reduce_discriminated_union(typ, value, _TYPES._py_name_for)
            typ = typ if case is None else case
        if _TYPES.is_input_type(typ):
            names = names_of(typ)
            if names is None:
                raise Unusual
            wires = {key: names.wires.get(key) or key for key in value}
            return {_text(wires[key]): self.read(item, names.types.get(wires[key])) for key, item in value.items()}
        if typ is dict or typing.get_origin(typ) in _MAPPINGS:
            parts = typing.get_args(typ)
            if len(parts) == 2 and parts[0] is str:
                return self._items(value, None, parts[1])
            return self._items(value, self.transformer, None)
        return self._items(value, None, None)

    def _items(self, value: dict[Any, Any], transformer: Transformer, typ: Any) -> dict[str, Any]:  # noqa: ANN401
        if transformer is None:
            return {_text(key): self.read(item, typ) for key, item in value.items()}
        return {_text(transformer(key)): self.read(item, typ) for key, item in value.items()}


def _text(key: object) -> str:
    if type(key) is not str or not key.isascii():
        raise Unusual
    return key


def _unwrapped(typ: Any) -> Any:  # noqa: ANN401
    if type(typ) is LaterType:
        typ = typ.resolve()
    if typ is None:
        return None
    typ = _TYPES.unwrap_type(typ)
    return None if typ is Any else typ


def _element(typ: Any) -> Any:  # noqa: ANN401
    known = _ELEMENTS.get(id(typ))
    if known is None:
        known = _ELEMENTS[id(typ)] = (typ, _RPC._get_list_element_type(_unwrapped(typ)))
    return known[1]


async def read_inputs(
    props: Mapping[str, Any],
    needs: dict[str, list[Resource]],
    res: Resource,
    transformer: Transformer,
    typ: type | None,
) -> dict[str, Any]:
    """As `rpc.serialize_properties` for a local resource, but with plain values.

    Args:
        props: the inputs by Python name.
        needs: is filled with the resources that each input comes from, by wire name.
        res: whose inputs they are.
        transformer: makes wire names of Python names where there is no class.
        typ: the class of all the inputs together, if there is one.
    """
    names = None if typ is None else names_of(typ)
    made: dict[str, Any] = {}
    for key in props:
        value = props[key]
        if value is None:
            continue
        if names is not None:
            wire = names.wires.get(key) or key
            found = await _read(value, names.types.get(wire), transformer)
        else:
            wire = key if transformer is None else transformer(key)
            found = await _read(value, None, transformer)
        if found is None:
            # with its own errors where it refuses the value, too
            struct = await rpc.serialize_properties({key: value}, needs, res, transformer, typ)
            made.update(plain_struct(struct))
        elif found[0] is not None:
            made[wire], needs[wire] = found
    return made


async def _read(value: object, typ: object, transformer: Transformer) -> tuple[Any, list[Resource]] | None:
    """A value and what it needs; None if Pulumi's own serialiser has to read it."""
    try:
        while True:
            reading = Reading(transformer)
            read = reading.read(value, typ)
            if not reading.pending:
                return read, reading.needs
            for future in reading.pending:
                await future
    except Exception:
        return None


def boxed(value: Any) -> Any:  # noqa: ANN401 - values of any form
    """A value as a message gives it: what has parts in messages of their own."""
    if value is None or type(value) in (str, bool, float):
        return value
    struct = struct_pb2.Struct()
    struct.update({"value": value})
    return struct["value"]
