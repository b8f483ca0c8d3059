"""The workspace of Azure ML as a tracking server: it is there already, for models and endpoints.

https://learn.microsoft.com/azure/machine-learning/how-to-use-mlflow-configure-tracking
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlplatform.backends.azure.identity.grants import grant_role
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.backends.azure.registry.run_storage import WRITES_ONLY_RUNS
from mlplatform.backends.azure.tracking.client import workspace_uri
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.tracking import ManagedTracking

_NOTE = (
    "runs and models are in the workspace of Azure ML, at the address in the output trackingUri: clients need "
    "`pip install azureml-mlflow==1.62.0.post6 mlflow==2.16.2` and the platform's network. It knows no aliases of "
    "models, and newer clients of MLflow fail at log_model. Whoever may log a run may change every other"
)


@dataclass(frozen=True, kw_only=True)
class AzureManagedTracking(ManagedTracking):
    """The workspace."""

    models: AzureModels
    """Its parts."""

    def grant(self, identity: Identity) -> None:
        """Let an identity write artefacts to the workspace's storage; who registers models there tracks experiments."""
        # that of pipelines writes the outputs of its jobs there already
        if identity.purpose != "pipelines":
            grant_role(
                self.models.scope,
                "tracking",
                "blob-contributor",
                on=self.models.storage_id,
                to=identity,
                condition=WRITES_ONLY_RUNS,
            )


def build(scope: Scope, store: ArtifactStore, models: ModelRegistry) -> AzureManagedTracking:
    """The workspace that the model registry is in."""
    del store
    uri = pulumi.Output.from_input(workspace_uri(scope.spec))
    return AzureManagedTracking(uri=uri, note=_NOTE, models=native(models.parts, AzureModels))
