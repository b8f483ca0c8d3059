"""The client of Azure ML's workspace, in versions that know each other, and of our own server. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.registry.callers_name import unique_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.cluster.tracking.server import client_package
from mlplatform.components.narrowed import target_of
from mlplatform.components.tracking import ManagedClient
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> ManagedClient:
    """The workspace's address, which follows from its name. Newer clients fail at `log_model`:
    https://github.com/Azure/azureml-examples/pull/3902. Of our own server, only the stack's output has the address: the
    name of its environment is random."""
    if spec.tracking and spec.tracking.server == "service":
        package = client_package(spec.tracking.image)
        return ManagedClient(packages=(package or "mlflow-skinny", *_STORE_CLIENTS), token=token_command(spec))
    return ManagedClient(packages=("azureml-mlflow==1.62.0.post6", "mlflow==2.16.2"), uri=workspace_uri(spec))


_STORE_CLIENTS = ("azure-storage-blob", "azure-identity")
"""With which clients write artefacts, https://mlflow.org/docs/latest/self-hosting/architecture/artifact-store/"""


def server_name(spec: PlatformSpec) -> str:
    """Name of the app."""
    return physical_name(spec, "app", "tracking")


def token_command(spec: PlatformSpec) -> str:
    """Prints the caller's token for the application that callers present; the one that the platform registers is
    found by its name, https://learn.microsoft.com/graph/api/application-get"""
    known = target_of(spec, AzureTarget).callers_app_id
    url = f"https://graph.microsoft.com/v1.0/applications(uniqueName='{unique_name(spec)}')"
    own = f'$(az rest --url "{url}?\\$select=appId" --query appId --output tsv)'
    return f'az account get-access-token --scope "{known or own}/.default" --query accessToken --output tsv'


def workspace_uri(spec: PlatformSpec) -> str:
    """Address of the workspace as a tracking server."""
    target = target_of(spec, AzureTarget)
    workspace = target.resource(
        physical_name(spec, "resource-group", "rg"),
        "Microsoft.MachineLearningServices/workspaces",
        physical_name(spec, "ml-workspace", "ml"),
    )
    return f"azureml://{target.location}.api.azureml.ms/mlflow/v1.0{workspace}"
