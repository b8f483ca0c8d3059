"""Model groups are encrypted, protected and granted."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform import RegistrySpec

from ....planned import Planned

Plan = Callable[..., Planned]


def test_model_groups_are_encrypted_protected_and_granted(planned: Plan) -> None:
    plan = planned(environment="prod", registry=RegistrySpec(models=("fraud",)))
    group = plan.one("models-group-fraud")
    assert group.protect
    assert group.inputs["format"] == "GENERIC"
    assert group.inputs["kmsKeyName"] == plan.one("keys-registry").id
    assert (
        plan.one("models-pipelines-fraud-register").inputs["role"] == plan.one("models-model-register").outputs["name"]
    )
    assert not planned(registry=RegistrySpec(models=("fraud",))).one("models-group-fraud").protect
