"""Enabled services, a resource group, opt-in account settings: everything else on a cloud depends on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.scope import Scope

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class FoundationParts:
    """Resources of a foundation."""

    ready: tuple[pulumi.Resource, ...] = ()
    """Resources that must exist before anything else is made."""


@contract("foundation.foundation")
class BuildsFoundation(Protocol):
    """Makes the foundation of one platform."""

    def __call__(self, scope: Scope, /) -> FoundationParts: ...


class Foundation(Component):
    """The foundation of one platform on one cloud."""

    capability = "foundation"

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self.parts = context.backend.load(BuildsFoundation)(self.scope)
        self.register_outputs({})
