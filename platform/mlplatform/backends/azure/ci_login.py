"""Identities that trust CI by a federated credential. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.foundation.principal import TOKEN_AUDIENCE
from mlplatform.backends.azure.repositories import registry_server, repository_addresses
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.ci_login import TOKEN, CiLogin, CiSystem, Duty
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, duty: Duty, system: CiSystem) -> CiLogin:
    """The login for one duty, from a spec narrowed to Azure; Entra assigns the client id, so a CI variable holds it."""
    target = target_of(spec, AzureTarget)
    own = f"_{target.name}" if target.has_own_name else ""
    client = f"AZURE_{duty}_CLIENT_ID_{spec.environment}{own}".upper().replace("-", "_")
    name = registry_server(spec).removesuffix(".azurecr.io")
    identities = target.existing.identities if target.existing else None
    existing = identities.ci if identities and duty == "images" and system.own else None
    value = existing.client_id if existing else f"${client}"
    return CiLogin(
        identity=existing.client_id if existing else client,
        audience=TOKEN_AUDIENCE,
        environment={
            "ARM_CLIENT_ID": value,
            "ARM_OIDC_TOKEN_FILE_PATH": TOKEN,
            "ARM_SUBSCRIPTION_ID": target.subscription_id,
            "ARM_TENANT_ID": target.tenant_id,
            "ARM_USE_OIDC": "true",
            # read by the Azure SDKs, and so by Pulumi's state and secrets in Azure
            "AZURE_CLIENT_ID": value,
            "AZURE_FEDERATED_TOKEN_FILE": TOKEN,
            "AZURE_TENANT_ID": target.tenant_id,
        },
        variables=() if existing else (client,),
        images=repository_addresses(spec),
        registry_login='az login --output none --service-principal --username "$AZURE_CLIENT_ID" '
        f'--tenant "$AZURE_TENANT_ID" --federated-token "$(cat "$AZURE_FEDERATED_TOKEN_FILE")"'
        f" && az acr login --name {name}",
    )
