"""The base of every component, and a component's parts as its cloud's own type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

import pulumi

from mlplatform.components.former import with_former_types
from mlplatform.components.options import passed_on, refuse_options
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
        refuse_options(f"{type(self).__name__} {name}", merged)
        if self.former:
            merged = with_former_types(merged, *self.former)
        super().__init__(f"mlplatform:index:{type(self).__name__}", name, {}, merged)
        self.context = context
        self.scope = Scope(context, name, self, self.capability, _inherited(merged))


def _inherited(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions | None:
    """Options of a component, and of those it is in, that each resource in it gets."""
    outer = opts.parent.scope.inherited if isinstance(opts.parent, Component) else None
    own = passed_on(opts)
    return outer if own is None else pulumi.ResourceOptions.merge(outer, own)


def native(parts: object, kind: type[P]) -> P:
    """A component's parts as one cloud's own type.

    Raises:
        TypeError: the component was built by another cloud's backend.
    """
    if not isinstance(parts, kind):
        raise TypeError(f"expected {kind.__name__}, got {type(parts).__name__}: components of two clouds are mixed")
    return parts
