"""Cheaper answers of a monitor in this process that only records: a property's value is made when it is read.

Pulumi makes the typed value of every property of every answer: each nested object becomes an instance of its class,
which has to be loaded first, and its annotations are resolved. A plan reads one property in ten.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from typing import Any, cast

from google.protobuf import struct_pb2
from pulumi import Resource, _types, log
from pulumi.output import _OutputData
from pulumi.runtime import rpc, settings
from pulumi.runtime.mocks import MockEngine

from mlplatform.fast.sdk.replacements.inputs import Transformer
from mlplatform.fast.sdk.replacements.outputs import Resolve, Resolver
from mlplatform.fast.sdk.replacements.proof import same_parameters

_DATA: Any = _OutputData
_SETTINGS: Any = settings.SETTINGS
_RPC: Any = rpc
_TYPES: Any = _types

plain_resolve_outputs = _RPC.resolve_outputs


def only_recorded() -> bool:
    """True if the monitor of this run says that it only records: it never fails, and no plan has traces."""
    return bool(getattr(_SETTINGS.monitor, "only_records", False))


def resolve_outputs(
    res: Resource,
    serialized_props: struct_pb2.Struct,
    outputs: struct_pb2.Struct,
    deps: Mapping[str, set[Resource]],
    resolvers: dict[str, Resolver],
    custom: bool,
    transform_using_type_metadata: bool = False,
    keep_unknowns: bool = False,
    resolve_missing_as_unknown: bool = False,
) -> None:
    """Replaces `pulumi.runtime.rpc.resolve_outputs` for a preview of a monitor that only records."""
    plain = (
        deps
        or not transform_using_type_metadata
        or not only_recorded()
        or not settings.is_dry_run()
        or settings.is_legacy_apply_enabled()
        or settings.excessive_debug_output
        or rpc._special_sig_key in outputs.fields
        or any(type(resolve) is not Resolve for resolve in resolvers.values())
    )
    if plain:
        plain_resolve_outputs(
            res,
            serialized_props,
            outputs,
            deps,
            resolvers,
            custom,
            transform_using_type_metadata,
            keep_unknowns,
            resolve_missing_as_unknown,
        )
        return
    names = python_names(type(res))
    sent = {names.get(key) or key: key for key in outputs.fields}
    answer_later(res, sent, outputs, cast("dict[str, Resolve]", resolvers))


def answer_later(
    res: Resource,
    sent: Mapping[str, str],
    outputs: Any,  # noqa: ANN401 - a message, or values that are read as one
    resolvers: Mapping[str, Resolve],
    transformer: Transformer = None,
) -> None:
    """Give each property of a resource its value, which is made when it is read.

    Args:
        res: the resource.
        sent: wire names of the outputs, by Python name.
        outputs: their values by wire name.
        resolvers: of the resource's properties.
        transformer: makes Python names of wire names inside of values. Omitted: the types of the properties do.
    """
    missing = _DATA({res}, None, False, False)
    for name, resolve in resolvers.items():
        key = sent.get(name)
        resolve.future.set_result(missing if key is None else LaterData(res, name, key, outputs, transformer))


@functools.cache
def python_names(kind: type) -> Mapping[str, str]:
    """Python names of a resource's properties, by wire name."""
    return _types.resource_pulumi_to_py_names(kind)


class LaterData(_DATA):
    """An `_OutputData` that works its value out when it is first asked for any part of it."""

    def __init__(self, res: Resource, name: str, key: str, outputs: Any, transformer: Transformer) -> None:  # noqa: ANN401
        self.resources = {res}
        self._asked = (res, name, key, outputs, transformer)

    @functools.cached_property
    def _made(self) -> Any:  # noqa: ANN401 - a generic class of Pulumi's
        res, name, key, outputs, transformer = self._asked
        # unknown values stay so in a preview, and nothing else comes here
        value = _RPC.deserialize_property(outputs[key], True)
        if value is not None:
            value = _RPC.translate_output_properties(
                value,
                transformer or _same,
                _TYPES.resource_types(type(res)).get(key),
                transformer is None,
                path=_RPC._Path(name, resource=f"{res._name}"),
            )
        plain = rpc.unwrap_rpc_secret(value)
        return _DATA({res}, plain, plain is not None, rpc.is_rpc_secret(value))

    @property
    def value(self) -> object:
        """As in `_OutputData`."""
        return self._made.value

    @property
    def is_known(self) -> bool:
        """As in `_OutputData`."""
        return self._made.is_known

    @property
    def is_secret(self) -> bool:
        """As in `_OutputData`."""
        return self._made.is_secret


def _same(name: str) -> str:
    return name


def replace_answers() -> bool:
    """Replace the function if it takes the same parameters, and its data the same fields."""
    same = same_parameters(plain_resolve_outputs, resolve_outputs) and [*_DATA.__dataclass_fields__] == [
        "resources",
        "value",
        "is_known",
        "is_secret",
    ]
    if same:
        _RPC.resolve_outputs = resolve_outputs
    return same


# Messages to nobody
#
# Pulumi tells its engine of each step of a registration. The engine of a plan hands that to `logging`, which drops it.

plain_debug = log.debug


def debug(
    msg: str, resource: Resource | None = None, stream_id: int | None = None, ephemeral: bool | None = None
) -> None:
    """Replaces `pulumi.log.debug`."""
    engine = _SETTINGS.engine
    if type(engine) is MockEngine and not engine.logger.isEnabledFor(logging.DEBUG):
        return
    plain_debug(msg, resource, stream_id, ephemeral)


def replace_messages() -> bool:
    """Replace the function if it takes the same parameters as the original."""
    same = same_parameters(plain_debug, debug)
    if same:
        logger: Any = log
        logger.debug = debug
    return same
