"""A toy budget."""

from mlplatform.components.scope import Scope
from mlplatform.spec.budget import BudgetSpec
from mlplatform_fakecloud.resources import thing


def build(scope: Scope, spec: BudgetSpec) -> None:
    thing(scope, "budget")
