"""The base of every component, and a component's parts as its cloud's own type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

import pulumi

from mlplatform.components.former import with_former_types
from mlplatform.components.scope import Scope

if TYPE_CHECKING:
    from mlplatform.components.context import Context

P = TypeVar("P")


class Component(pulumi.ComponentResource):
    """A capability as a Pulumi component resource."""

    capability: ClassVar[str]
    """Group in plans, tags and the parity matrix."""

    former: ClassVar[tuple[str, ...]] = ()
    """Former names of the class: its type is part of the URN of everything in it."""

    context: Context
    """The platform it belongs to."""

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        merged = pulumi.ResourceOptions.merge(context.opts, opts)
        if self.former:
            merged = with_former_types(merged, *self.former)
        super().__init__(f"mlplatform:index:{type(self).__name__}", name, {}, merged)
        self.context = context
        self.scope = Scope(context, name, self, self.capability, _waits(merged))


def _waits(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions | None:
    """Dependencies of a component and of everything in it."""
    outer = opts.parent.scope.waits if isinstance(opts.parent, Component) else None
    if opts.depends_on is None:
        return outer
    return pulumi.ResourceOptions.merge(outer, pulumi.ResourceOptions(depends_on=opts.depends_on))


def native(parts: object, kind: type[P]) -> P:
    """A component's parts as one cloud's own type.

    Raises:
        TypeError: the component was built by another cloud's backend.
    """
    if not isinstance(parts, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(parts).__name__}: components of two clouds are mixed")
    return parts
