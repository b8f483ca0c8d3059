"""Groups of model versions are protected in production."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import (
    RegistrySpec,
)

from ....planned import Planned

Plan = Callable[..., Planned]


def test_model_groups_are_protected_in_production(planned: Plan) -> None:
    for environment, protected in (("prod", True), ("dev", False)):
        plan = planned(environment=environment, registry=RegistrySpec(models=("fraud",)))
        assert plan.one("models-fraud").protect is protected
