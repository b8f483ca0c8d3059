"""Converts values between gRPC's structs and plain ones; secrets stay in their envelopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from google.protobuf import struct_pb2

from mlplatform.fast.sdk.registered import plain_struct


def struct_fields(struct: Any) -> dict[str, object]:
    """The fields of a struct; whole numbers become integers."""
    return plain_struct(struct, _whole)


def _whole(number: float) -> float:
    return int(number) if number.is_integer() else number


def make_struct(values: Mapping[str, object]) -> struct_pb2.Struct:
    """Plain values as a struct."""
    message = struct_pb2.Struct()
    message.update(cast("dict[str, Any]", values))
    return message
