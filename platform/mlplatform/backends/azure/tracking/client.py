"""The client of Azure ML's workspace, in versions that know each other. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.narrowed import target_of
from mlplatform.components.tracking import ManagedClient
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> ManagedClient:
    """The workspace's address, which follows from its name. Newer clients fail at `log_model`:
    https://github.com/Azure/azureml-examples/pull/3902"""
    return ManagedClient(packages=("azureml-mlflow==1.62.0.post6", "mlflow==2.16.2"), uri=workspace_uri(spec))


def workspace_uri(spec: PlatformSpec) -> str:
    """Address of the workspace as a tracking server."""
    target = target_of(spec, AzureTarget)
    workspace = target.resource(
        physical_name(spec, "resource-group", "rg"),
        "Microsoft.MachineLearningServices/workspaces",
        physical_name(spec, "ml-workspace", "ml"),
    )
    return f"azureml://{target.location}.api.azureml.ms/mlflow/v1.0{workspace}"
