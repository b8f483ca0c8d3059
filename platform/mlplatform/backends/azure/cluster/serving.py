"""How pods on AKS read models, and where the cluster's tokens are checked."""

from __future__ import annotations

from mlplatform.backends.azure.addresses import place_container
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.registry.server_images import AZURE_CLI
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.cluster.serving_facts import CapturePlace, ModelAccess, SecretCommands
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> ModelAccess:
    """https://rclone.org/azureblob/#env-auth, https://learn.microsoft.com/azure/aks/use-oidc-issuer,
    https://learn.microsoft.com/cli/azure/authenticate-azure-cli-service-principal"""
    account, _ = place_container(spec, "models")
    kept_by, container = place_container(spec, "monitoring")
    return ModelAccess(
        address=f"https://{account}.blob.core.windows.net/",
        settings={"type": "azureblob", "account": account, "env_auth": "true"},
        captures=CapturePlace(
            settings={"type": "azureblob", "account": kept_by, "env_auth": "true", "no_check_container": "true"},
            address=container,
        ),
        secrets=SecretCommands(
            image=AZURE_CLI,
            login=(
                'az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" '
                '--federated-token "`cat "$AZURE_FEDERATED_TOKEN_FILE"`" --allow-no-subscriptions --output none',
            ),
            read=f"az keyvault secret show --vault-name {physical_name(spec, 'vault', 'endpoints')} --name {{secret}} "
            "--query value --output tsv",
        ),
        keys_host=f"{target_of(spec, AzureTarget).location}.oic.prod-aks.azure.com",
        # AKS gives a token to pods with this label alone
        labels={"azure.workload.identity/use": "true"},
    )
