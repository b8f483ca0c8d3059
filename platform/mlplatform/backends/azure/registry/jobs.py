"""Roles to register models and to start jobs in the machine learning workspace.

Azure's role `AzureML Data Scientist` also changes endpoints and moves their traffic. Therefore the platform has two
roles of its own without endpoints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pulumi

from mlplatform.backends.azure.foundation.roles import assign_role, make_custom_role
from mlplatform.backends.azure.identity.grants import grant_custom_role
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.registry.run_storage import WRITES_ONLY_RUNS
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope

if TYPE_CHECKING:
    from mlplatform.backends.azure.registry.parts import AzureModels

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_REGISTER = (
    f"{_WORKSPACE}/*/read",
    f"{_WORKSPACE}/data/*/write",
    f"{_WORKSPACE}/data/write",
    f"{_WORKSPACE}/datasets/registered/write",
    f"{_WORKSPACE}/experiments/*",
    f"{_WORKSPACE}/metadata/artifacts/*",
    f"{_WORKSPACE}/metadata/snapshots/*",
    f"{_WORKSPACE}/models/*/write",
    f"{_WORKSPACE}/models/write",
    f"{_WORKSPACE}/read",
)
_START = (
    f"{_WORKSPACE}/codes/*/write",
    f"{_WORKSPACE}/codes/write",
    f"{_WORKSPACE}/components/*/write",
    f"{_WORKSPACE}/components/write",
    f"{_WORKSPACE}/environments/*/write",
    f"{_WORKSPACE}/environments/build/action",
    f"{_WORKSPACE}/environments/readSecrets/action",
    f"{_WORKSPACE}/environments/write",
    f"{_WORKSPACE}/jobs/*",
)
# one action makes a version and changes its stage and tags, so that nothing of the platform reads them as an approval,
# https://learn.microsoft.com/azure/role-based-access-control/permissions/ai-machine-learning (2026-11)
ACTIONS = {"register": _REGISTER, "start": _START}
"""Actions of each role; https://learn.microsoft.com/azure/machine-learning/how-to-assign-roles"""

_WORDS = {"register": "Registers models and tracks experiments", "start": "Starts jobs and pipelines"}

WorkspaceRight = Literal["register", "start"]


def grant_register(models: AzureModels, identity: Identity) -> None:
    """Let an identity read everything in the workspace, track experiments and register models."""
    _assign(models, identity, "register")


def grant_jobs(models: AzureModels, identity: Identity, runs_as: Identity) -> None:
    """Let an identity start jobs; the jobs' own identity may keep their outputs and write metrics."""
    scope = models.scope
    _assign(models, identity, "start")
    starter, runner = native(identity.parts, AzureIdentity), native(runs_as.parts, AzureIdentity)
    if runner.identity_id:
        starter.grants.extend(
            assign_role(scope, "jobs-identity", "identity-operator", on=runner.identity_id, to=principal)
            for principal in starter.principals
        )
    if identity is runs_as:
        for principal in runner.principals:
            runner.grants.append(
                assign_role(
                    scope,
                    "job-outputs",
                    "blob-contributor",
                    on=models.storage_id,
                    to=principal,
                    condition=WRITES_ONLY_RUNS,
                )
            )
            runner.grants.append(
                assign_role(scope, "job-metrics", "ml-metrics-writer", on=models.workspace_id, to=principal)
            )


def _assign(models: AzureModels, identity: Identity, right: WorkspaceRight) -> None:
    role_id = models.role(right, lambda: _make_role(models.scope, right))
    grant_custom_role(models.scope, f"models-{right}", role_id, on=models.workspace_id, to=identity)


def _make_role(scope: Scope, right: WorkspaceRight) -> pulumi.Output[str]:
    does = f"{_WORDS[right]}; deploys nothing"
    return make_custom_role(scope, f"{right}-role", f"models-{right}", does, actions=ACTIONS[right]).id
