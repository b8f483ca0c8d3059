"""Keys in an existing vault."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import keyvault

from mlplatform.backends.azure.existing import AzureExistingKeys
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import resource_group_of, resource_name
from mlplatform.backends.azure.keys.keys import make_key_identity, make_namespace_vaults, make_vault
from mlplatform.backends.azure.keys.parts import AzureKey, AzureKeys, AzureVault
from mlplatform.components.base import native
from mlplatform.components.existing import ExistingKeys
from mlplatform.components.keys import by_purpose
from mlplatform.components.scope import Scope
from mlplatform.spec.keys import KeyPurpose


def build(scope: Scope, existing: ExistingKeys) -> AzureKeys:
    """Use the keys as they are, each with an identity that may use it; the vaults of secrets are created."""
    keys = native(existing, AzureExistingKeys)
    group = resource_group(scope)
    vault = _vault(keys.vault_id)
    registry = vault if keys.registry_vault_id is None else _vault(keys.registry_vault_id)
    by_key_purpose: dict[KeyPurpose, AzureKey] = {
        purpose: _key(scope, registry if purpose == "registry" else vault, purpose, name)
        for purpose, name in by_purpose(keys.default, keys.names).items()
    }
    scope.note(
        "keys",
        "existing keys: their vault must have purge protection and let trusted services in, and a new registry must "
        "reach its key without a firewall; the cluster and the machine learning workspace keep the version that the "
        "last `up` gave them, so run `pulumi up` after each rotation, before the older version expires",
    )
    return AzureKeys(
        ids={purpose: key.uri for purpose, key in by_key_purpose.items()},
        vault=vault,
        secrets=make_vault(scope, scope.spec.keys, group, "secrets"),
        endpoint_secrets=make_vault(scope, scope.spec.keys, group, "endpoints"),
        registry_vault=registry,
        namespace_secrets=make_namespace_vaults(scope, scope.spec.keys, group),
        keys=by_key_purpose,
        created=False,
    )


def _vault(vault_id: pulumi.Input[str]) -> AzureVault:
    id_ = pulumi.Output.from_input(vault_id)
    name = id_.apply(resource_name)
    return AzureVault(id=id_, name=name, uri=pulumi.Output.concat("https://", name, ".vault.azure.net"))


def _key(scope: Scope, vault: AzureVault, purpose: KeyPurpose, name: pulumi.Input[str]) -> AzureKey:
    id_ = pulumi.Output.concat(vault.id, "/keys/", name)
    details = keyvault.get_key_output(
        key_name=name,
        vault_name=vault.name,
        resource_group_name=vault.id.apply(resource_group_of),
        opts=pulumi.InvokeOutputOptions(parent=scope.component),
    )
    return make_key_identity(
        scope,
        resource_group(scope),
        purpose,
        key_id=id_,
        uri=pulumi.Output.concat(vault.uri, "/keys/", name),
        versioned_uri=details.apply(lambda key: key.key_uri_with_version),
        ready=(),
    )
