"""Converts values between gRPC's structs and plain ones; secrets stay in their envelopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from google.protobuf import struct_pb2


def struct_fields(struct: Any) -> dict[str, object]:
    """The fields of a struct; whole numbers become integers."""
    return {key: _plain(value) for key, value in struct.fields.items()}


def _plain(value: Any) -> object:
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return struct_fields(value.struct_value)
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
        case _:
            return None


def make_struct(values: Mapping[str, object]) -> struct_pb2.Struct:
    """Plain values as a struct."""
    message = struct_pb2.Struct()
    message.update(cast("dict[str, Any]", values))
    return message
