"""Cheaper registrations: URNs of resources and aliases, the stack trace that is sent, and the check for cycles."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import functools
import pathlib
import sys
from collections.abc import Callable, Generator
from types import FrameType
from typing import Any, cast

import pulumi
from pulumi import Alias, Output, Resource, ResourceOptions
from pulumi import resource as resources
from pulumi.runtime import resource as registration
from pulumi.runtime import resource_cycle_breaker, rpc, settings
from pulumi.runtime.proto import alias_pb2, source_pb2

from mlplatform.fast.sdk.replacements.answers import only_recorded
from mlplatform.fast.sdk.replacements.proof import same_parameters

# URNs and aliases
#
# Azure's resources carry some 25 aliases (their older API versions). Pulumi works out the URN of each through half a
# dozen outputs as soon as the resource is made, although only an engine without alias specifications is ever sent
# them, and no current one is of that kind.

plain_create_urn = registration.create_urn
plain_collapse_alias = registration.collapse_alias_to_urn
plain_prepare_aliases = registration.prepare_aliases


class LaterUrn:
    """An alias's URN, worked out each time it is awaited: an `Input[str]` like the output that it replaces."""

    def __init__(self, alias: Alias, name: str, type_: str, parent: Resource | None) -> None:
        self._arguments = (alias, name, type_, parent)

    def __await__(self) -> Generator[Any, None, str | None]:
        return plain_collapse_alias(*self._arguments).future().__await__()


def collapse_alias_to_urn(
    alias: object,
    defaultName: str,  # noqa: N803 - the original's name
    defaultType: str,  # noqa: N803
    defaultParent: Resource | None,  # noqa: N803
) -> LaterUrn | Output[str]:
    """Replaces the function of that name where a resource's constructor calls it.

    The constructor keeps the URNs for the resource's children. Aliases that are not plain `Alias` objects,
    or that the original would refuse, go to the original.
    """
    if type(alias) is Alias and alias.name is not None and alias.type_ is not None:
        return LaterUrn(alias, defaultName, defaultType, defaultParent)
    return plain_collapse_alias(cast("Alias", alias), defaultName, defaultType, defaultParent)


async def prepare_aliases(
    resource: Resource, resource_options: ResourceOptions | None, supports_alias_specs: bool
) -> list[alias_pb2.Alias]:
    """Replaces `pulumi.runtime.resource.prepare_aliases`: makes no outputs of aliases that are none."""
    aliases: Any = resource_options and resource_options.aliases
    if aliases is None or not supports_alias_specs or any(type(alias) is not Alias for alias in aliases):
        return await plain_prepare_aliases(resource, resource_options, supports_alias_specs)
    return [alias_pb2.Alias(spec=await registration.create_alias_spec(alias)) for alias in aliases]


def create_urn(
    name: pulumi.Input[str],
    type_: pulumi.Input[str],
    parent: Resource | pulumi.Input[str] | None = None,
    project: str | None = None,
    stack: str | None = None,
) -> Output[str]:
    """Replaces `pulumi.runtime.resource.create_urn`: one output if every part is plain text."""
    if isinstance(name, str) and isinstance(type_, str):
        if isinstance(parent, str):
            return Output.from_input(parent[: parent.rfind("::")] + "$" + type_ + "::" + name)
        if parent is None:
            stack = settings.get_stack() if stack is None else stack
            project = settings.get_project() if project is None else project
            return Output.from_input("urn:pulumi:" + stack + "::" + project + "::" + type_ + "::" + name)
    return plain_create_urn(name, type_, parent, project, stack)


def replace_urns() -> bool:
    """Replace the three functions if they take the same parameters as the originals."""
    same = (
        same_parameters(plain_create_urn, create_urn)
        and same_parameters(plain_collapse_alias, collapse_alias_to_urn)
        and same_parameters(plain_prepare_aliases, prepare_aliases)
    )
    if same:
        constructors: Any = resources
        registration.create_urn = create_urn
        registration.prepare_aliases = prepare_aliases
        constructors.collapse_alias_to_urn = collapse_alias_to_urn
    return same


# Stack traces
#
# Pulumi takes them with `traceback.extract_stack`, which stats and reads the source of every file on the stack (an SDK
# file has up to 10,000 lines) for text that is then thrown away: only file and line are sent.

plain_stack_trace = registration._get_stack_trace

_CONSTRUCTORS = 3
"""`__init__` of Resource, of CustomResource or ComponentResource, and of the class itself."""


def stack_trace() -> source_pb2.StackTrace:
    """Replaces `pulumi.runtime.resource._get_stack_trace`: the frames that constructed the resource.

    A monitor in this process that only records gets none.
    """
    if only_recorded():
        return source_pb2.StackTrace()
    seen = 0
    frame = sys._getframe(1)
    while (caller := frame.f_back) is not None:
        seen += frame.f_code.co_name == "__init__"
        if seen == _CONSTRUCTORS:
            return source_pb2.StackTrace(frames=_outwards(caller))
        frame = caller
    return source_pb2.StackTrace()


def _outwards(frame: FrameType | None) -> list[source_pb2.StackFrame]:
    frames: list[source_pb2.StackFrame] = []
    while frame is not None:
        uri, line = _uri(frame.f_code.co_filename), frame.f_lineno
        known = source_pb2.SourcePosition(uri=uri, line=line) if uri and line is not None else None
        frames.append(source_pb2.StackFrame(pc=known))
        frame = frame.f_back
    return frames


@functools.cache
def _uri(filename: str) -> str:
    """The file as a URI; empty for a relative or invented name, such as `<string>`."""
    try:
        return pathlib.Path(filename).as_uri() if filename else ""
    except ValueError:
        return ""


def replace_stack_trace() -> bool:
    """Replace the function if the trace of a constructor three levels deep is the same."""

    class Outer:
        def __init__(self, take: Callable[[], Any]) -> None:
            self.trace = take()

    class Middle(Outer):
        def __init__(self, take: Callable[[], Any]) -> None:
            super().__init__(take)

    class Inner(Middle):
        def __init__(self, take: Callable[[], Any]) -> None:
            super().__init__(take)

    expected, trace = (Inner(take).trace for take in (plain_stack_trace, stack_trace))
    same = len(expected.frames) > 0 and expected == trace
    if same:
        registration._get_stack_trace = stack_trace
    return same


# Cycles of dependencies
#
# Pulumi makes a generator for each resource on each path from each dependency, and copies a resource's dependencies to
# add one to them, which is quadratic where a dashboard depends on a thousand endpoints.

_CYCLES: Any = resource_cycle_breaker
_KEY: str = _CYCLES._DEPENDENCIES_PROPERTY
_NEEDED = "_mlplatform_needed"
"""Marks what something depends on: nothing else is in a cycle."""
plain_declare_dependency = resource_cycle_breaker.declare_dependency


def declare_dependency(from_resource: Resource, to_resource: Resource) -> bool:
    """Replaces `pulumi.runtime.resource_cycle_breaker.declare_dependency`, on the same attribute."""
    if to_resource is from_resource or (_NEEDED in from_resource.__dict__ and _reaches(to_resource, from_resource)):
        return False
    setattr(to_resource, _NEEDED, True)
    dependencies: set[Resource] | None = from_resource.__dict__.get(_KEY)
    if dependencies is None:
        setattr(from_resource, _KEY, {to_resource})
    else:
        dependencies.add(to_resource)
    return True


def _reaches(start: Resource, wanted: Resource) -> bool:
    seen = {start}
    pending = [start]
    while pending:
        resource = pending.pop()
        if resource == wanted:
            return True
        dependencies: set[Resource] | None = resource.__dict__.get(_KEY)
        if dependencies:
            pending += dependencies - seen
            seen |= dependencies
    return False


def replace_cycle_check() -> bool:
    """Replace the function if it takes the same parameters as the original."""
    same = same_parameters(plain_declare_dependency, declare_dependency)
    if same:
        serializing: Any = rpc
        serializing.declare_dependency = declare_dependency
    return same
