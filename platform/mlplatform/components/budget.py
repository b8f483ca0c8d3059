"""The budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.scope import Scope
from mlplatform.spec.budget import BudgetSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@contract("budget.budget")
class BuildsBudget(Protocol):
    """Makes a monthly budget."""

    def __call__(self, scope: Scope, spec: BudgetSpec, /) -> None: ...


class Budget(Component):
    """A monthly budget that alerts people when thresholds are passed."""

    capability = "budget"

    def __init__(
        self, name: str, spec: BudgetSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        context.backend.load(BuildsBudget)(self.scope, spec)
        self.register_outputs({})
