"""What the door may do: read its queue, and send, read and stop runs of the workspace; nothing that serves."""

from __future__ import annotations

import pulumi

from mlplatform.backends.azure.foundation.roles import make_custom_role
from mlplatform.backends.azure.identity.grants import grant_custom_role, grant_role
from mlplatform.backends.azure.pipelines.inbox import AzureInbox
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
RUN_ACTIONS = (
    f"{_WORKSPACE}/*/read",
    f"{_WORKSPACE}/environments/build/action",
    f"{_WORKSPACE}/environments/readSecrets/action",
    f"{_WORKSPACE}/environments/write",
    f"{_WORKSPACE}/jobs/cancel/action",
    f"{_WORKSPACE}/jobs/write",
    f"{_WORKSPACE}/metadata/artifacts/write",
    f"{_WORKSPACE}/read",
)
"""What submitting a run takes, without the deletion of jobs:
https://learn.microsoft.com/azure/machine-learning/how-to-assign-roles#common-scenarios (2026-01)"""


def grant_inbox(scope: Scope, inbox: AzureInbox, identity: Identity) -> None:
    """Let the door take messages, and put away those that it cannot read."""
    grant_role(scope, "inbox", "queue-processor", on=inbox.inbox_id, to=identity)
    grant_role(scope, "dead", "queue-sender", on=inbox.dead_id, to=identity)


def grant_runs(scope: Scope, models: ModelRegistry, identity: Identity) -> None:
    """Let the door send, read and stop runs."""
    workspace = native(models.parts, AzureModels)
    grant_custom_role(scope, "runs", _make_role(scope), on=workspace.workspace_id, to=identity)


def _make_role(scope: Scope) -> pulumi.Output[str]:
    does = "Starts and stops runs of pipelines; writes no program and deploys nothing"
    return make_custom_role(scope, "runs-role", "pipeline-door", does, actions=RUN_ACTIONS).id
