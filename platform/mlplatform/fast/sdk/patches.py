"""Replacements of functions inside Pulumi's SDK, each made only where it answers as the original does.

The functions are private, so another version may lack or change them. Each replacement is tried beside the
original first; any difference or error leaves the SDK as it is. The reason why each is the same, and what
it saves, stands in its module.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


def patch_pulumi() -> tuple[str, ...]:
    """Make all the replacements that fit the installed version; returns their names."""
    return tuple(
        patch.__name__
        for patch in (_hints, _stack_trace, _urns, _properties, _settings, _waiting, _tracking, _values, _cycles)
        if _applied(patch)
    )


def _applied(patch: Callable[[], bool]) -> bool:
    try:
        return patch()
    except Exception:
        # Whatever a later version does differently: the plain way is always right
        return False


def _hints() -> bool:
    from pulumi import StackReference, Stash, _types

    from mlplatform.fast.sdk import hints

    same = (
        hints.resource_types(StackReference) == hints.plain_resource_types(StackReference)
        and hints.property_types(Stash) == hints.plain_types(Stash)
        and hints.globals_for(Stash) == hints.plain_globals(Stash)
    )
    if same:
        types: Any = _types
        types._globals_for_cls = hints.globals_for
        types._types_from_py_properties = hints.property_types
        types.resource_types = hints.resource_types
    return same


def _stack_trace() -> bool:
    from pulumi.runtime import resource as registration

    from mlplatform.fast.sdk import stack_trace

    class Outer:
        def __init__(self, take: Callable[[], Any]) -> None:
            self.trace = take()

    class Middle(Outer):
        def __init__(self, take: Callable[[], Any]) -> None:
            super().__init__(take)

    class Inner(Middle):
        def __init__(self, take: Callable[[], Any]) -> None:
            super().__init__(take)

    ways = (stack_trace.plain_stack_trace, stack_trace.stack_trace)
    before, after = (Inner(take).trace for take in ways)
    same = len(before.frames) > 0 and before == after
    if same:
        registration._get_stack_trace = stack_trace.stack_trace
    return same


def _urns() -> bool:
    from pulumi import resource as resources
    from pulumi.runtime import resource as registration

    from mlplatform.fast.sdk import urns

    same = (
        _same_call(urns.plain_create_urn, urns.create_urn)
        and _same_call(urns.plain_collapse_alias, urns.collapse_alias_to_urn)
        and _same_call(urns.plain_prepare_aliases, urns.prepare_aliases)
    )
    if same:
        constructors: Any = resources
        registration.create_urn = urns.create_urn
        registration.prepare_aliases = urns.prepare_aliases
        constructors.collapse_alias_to_urn = urns.collapse_alias_to_urn
    return same


def _properties() -> bool:
    from pulumi.runtime import rpc

    from mlplatform.fast.sdk import properties

    same = _same_call(properties.plain_transfer_properties, properties.transfer_properties)
    if same:
        registration: Any = rpc
        registration.transfer_properties = properties.transfer_properties
    return same


def _settings() -> bool:
    from pulumi._utils import ContextProperty
    from pulumi.runtime.settings import SETTINGS

    from mlplatform.fast.sdk import setting

    kind = type(SETTINGS)
    read = [prop for prop in vars(kind).values() if isinstance(prop, ContextProperty)]
    same = len(read) > 0 and all(
        setting.get(prop, instance, kind) is setting.plain_get(prop, instance, kind)
        for prop in read
        for instance in (SETTINGS, None)
    )
    if same:
        kind_of_property: Any = ContextProperty
        kind_of_property.__get__ = setting.get
    return same


def _waiting() -> bool:
    from pulumi.runtime import stack

    from mlplatform.fast.sdk import waiting

    same = _same_call(waiting.plain_wait_for_rpcs, waiting.wait_for_rpcs)
    if same:
        stack.wait_for_rpcs = waiting.wait_for_rpcs
    return same


def _tracking() -> bool:
    from pulumi import Output

    from mlplatform.fast.sdk import tracking

    same = _same_call(tracking.plain_track, tracking.track)
    if same:
        kind: Any = Output
        kind._track = tracking.track
    return same


def _values() -> bool:
    from pulumi import Input, _types
    from pulumi.runtime import rpc

    from mlplatform.fast.sdk import values

    samples: list[Any] = [str, list[str], Input[str], Input[str] | None, Input[dict[str, Input[int]]], dict]
    same = (
        _same_call(values.plain_serialize, values.serialize_property)
        and _same_call(values.plain_unwrap, values.unwrap_type)
        and _same_call(values.plain_contains_unknowns, values.contains_unknowns)
        and all(values.unwrap_type(sample) is values.plain_unwrap(sample) for sample in samples)
    )
    if same:
        serializing: Any = rpc
        unwrapping: Any = _types
        serializing.serialize_property = values.serialize_property
        serializing.contains_unknowns = values.contains_unknowns
        unwrapping.unwrap_type = values.unwrap_type
    return same


def _cycles() -> bool:
    from pulumi.runtime import rpc

    from mlplatform.fast.sdk import cycles

    same = _same_call(cycles.plain_declare, cycles.declare_dependency)
    if same:
        serializing: Any = rpc
        serializing.declare_dependency = cycles.declare_dependency
    return same


def _same_call(first: Callable[..., object], second: Callable[..., object]) -> bool:
    """Whether both take the same parameters with the same defaults."""
    ours, theirs = (inspect.signature(function).parameters.values() for function in (first, second))
    return [(p.name, p.default) for p in ours] == [(p.name, p.default) for p in theirs]
