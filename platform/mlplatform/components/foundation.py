"""What everything else on a cloud stands on: enabled services, a resource group, opt-in account settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.context import Context, Scope


@dataclass(frozen=True, kw_only=True)
class FoundationParts:
    """What a backend returns."""

    ready: tuple[pulumi.Resource, ...] = ()
    """Resources that must exist before anything else is made."""


class Foundation(Component):
    """The ground of one platform on one cloud."""

    capability = "foundation"

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        build = cast("Callable[[Scope], FoundationParts]", context.backend.load("foundation.foundation"))
        self.parts = build(self.scope)
        self.register_outputs({})
