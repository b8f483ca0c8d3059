"""Where the secrets of a namespace are on Azure."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.cluster.addon_facts import NamespaceVault
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.secret_stores import AccountReference, KeyVault, VaultProvider
from mlplatform.components.narrowed import target_of
from mlplatform.components.secret_names import SECRETS_ACCOUNT, reader_name
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec, namespace: str) -> NamespaceVault:
    """A vault of the namespace's own."""
    reader = reader_name(namespace)
    return NamespaceVault(
        provider=VaultProvider(
            azurekv=KeyVault(
                vault_url=f"https://{physical_name(spec, 'vault', reader)}.vault.azure.net",
                tenant_id=str(target_of(spec, AzureTarget).tenant_id),
                service_account_ref=AccountReference(name=SECRETS_ACCOUNT),
            )
        ),
        annotations={"azure.workload.identity/client-id": FromCloud(f"layer.identities.{reader}")},
    )
