"""Nobody who runs jobs or serves may change the code of jobs, which the workspace's own account has."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform.backends.azure.foundation.roles import ROLES
from mlplatform.plan.model import Plan

from ....azure_conditions import azure_admits

StackPlan = Callable[..., Plan]
CHANGES = ("write", "add/action", "delete", "move/action")
CODE = "3f2a7c1e-90b4-4d6e-8f17-5c2d9e0b1a34"
"""A container that the workspace makes for the code of jobs."""


def test_whoever_writes_to_a_whole_account_writes_only_what_runs_write(stack_plan: StackPlan) -> None:
    granted = [
        step
        for step in stack_plan("prod", "azure", resolve=True).of_type("azure-native:authorization:RoleAssignment")
        if str(step.inputs["roleDefinitionId"]).endswith(ROLES["blob-contributor"])
        and str(step.inputs["scope"]).rpartition("/")[0].endswith("storageAccounts")
    ]
    # the workspace itself, and Azure's own writer of flow logs
    own = [
        step for step in granted if step.name.endswith(("-workspace-blob-contributor", "-flow-logs-blob-contributor"))
    ]
    others = [step for step in granted if step not in own]
    assert {step.name for step in others} >= {"acme-ml-models-job-outputs-pipelines-blob-contributor"}
    for step in others:
        condition = str(step.inputs.get("condition") or "")
        assert condition, f"{step.name} writes the whole account"
        assert step.inputs["conditionVersion"] == "2.0"
        assert azure_admits(condition, "read", container=CODE)
        for action in CHANGES:
            assert azure_admits(condition, action, container="azureml"), step.name
            assert azure_admits(condition, action, container=f"azureml-blobstore-{CODE}"), step.name
            for other in (CODE, "azureml-metrics", "snapshots", "azureml-blobstore"):
                assert not azure_admits(condition, action, container=other), f"{step.name}: {action} in {other}"
