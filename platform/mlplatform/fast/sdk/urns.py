"""URNs of resources and their aliases, without a chain of outputs for each.

Azure's resources carry some 25 aliases (their older API versions). Pulumi works out each one's URN through
half a dozen outputs as soon as the resource is made, although only an engine that does not understand
alias specifications is ever sent them, and no current one is of that kind.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, cast

import pulumi
from pulumi import Alias, Output, ResourceOptions
from pulumi import resource as resources
from pulumi.runtime import resource as registration
from pulumi.runtime import settings
from pulumi.runtime.proto import alias_pb2

plain_create_urn = registration.create_urn
plain_collapse_alias = registration.collapse_alias_to_urn
plain_prepare_aliases = registration.prepare_aliases


class LaterUrn:
    """An alias's URN, worked out each time it is awaited: an `Input[str]` like the output it stands for."""

    def __init__(self, alias: Alias, name: str, type_: str, parent: resources.Resource | None) -> None:
        self._known = (alias, name, type_, parent)

    def __await__(self) -> Generator[Any, None, str | None]:
        return plain_collapse_alias(*self._known).future().__await__()


def collapse_alias_to_urn(
    alias: object,
    defaultName: str,  # noqa: N803 - the original's name
    defaultType: str,  # noqa: N803
    defaultParent: resources.Resource | None,  # noqa: N803
) -> LaterUrn | Output[str]:
    """Stands in for the function of that name where a resource's constructor calls it.

    The constructor keeps the URNs for the resource's children. Aliases that are not plain `Alias` objects,
    or that the original would refuse, go to the original.
    """
    if type(alias) is Alias and alias.name is not None and alias.type_ is not None:
        return LaterUrn(alias, defaultName, defaultType, defaultParent)
    return plain_collapse_alias(cast("Alias", alias), defaultName, defaultType, defaultParent)


async def prepare_aliases(
    resource: resources.Resource, resource_options: ResourceOptions | None, supports_alias_specs: bool
) -> list[alias_pb2.Alias]:
    """Stands in for `pulumi.runtime.resource.prepare_aliases`: aliases that are no outputs need none made of them."""
    given: Any = resource_options and resource_options.aliases
    if given is None or not supports_alias_specs or any(type(alias) is not Alias for alias in given):
        return await plain_prepare_aliases(resource, resource_options, supports_alias_specs)
    return [alias_pb2.Alias(spec=await registration.create_alias_spec(alias)) for alias in given]


def create_urn(
    name: pulumi.Input[str],
    type_: pulumi.Input[str],
    parent: resources.Resource | pulumi.Input[str] | None = None,
    project: str | None = None,
    stack: str | None = None,
) -> Output[str]:
    """Stands in for `pulumi.runtime.resource.create_urn`: one output where every part is plain text."""
    if isinstance(name, str) and isinstance(type_, str):
        if isinstance(parent, str):
            return Output.from_input(parent[: parent.rfind("::")] + "$" + type_ + "::" + name)
        if parent is None:
            stack = settings.get_stack() if stack is None else stack
            project = settings.get_project() if project is None else project
            return Output.from_input("urn:pulumi:" + stack + "::" + project + "::" + type_ + "::" + name)
    return plain_create_urn(name, type_, parent, project, stack)
