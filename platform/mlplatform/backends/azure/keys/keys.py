"""Vaults for keys and for secrets, and a key with its own identity per purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pulumi
from pulumi_azure_native import keyvault

from mlplatform.backends.azure.foundation.managed_identity import make_managed_identity, principal_of
from mlplatform.backends.azure.foundation.parts import AzureFoundation
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.roles import assign_role
from mlplatform.backends.azure.keys.parts import AzureKey, AzureKeys, AzureVault
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.base import native
from mlplatform.components.file_system_problems import CREATED
from mlplatform.components.file_system_sizes import created_file_system
from mlplatform.components.foundation import Foundation
from mlplatform.components.scope import Scope
from mlplatform.components.secret_names import reader_name, secret_namespaces
from mlplatform.spec.keys import KEY_PURPOSES, KeyPurpose, KeysSpec

_GRACE_DAYS = 365
"""Days for which a version can still encrypt after the next one has come: a cluster and a workspace keep the one that
they were given."""

_FILES = "files"
"""Role of the shared file system's vault and key."""

VaultNetwork = Literal["private", "trusted", "open"]
"""Who reaches a vault: private endpoints and trusted services; the same with its public access on, which some services
insist on, and nobody let in by it; or everybody."""


def build(scope: Scope, spec: KeysSpec, foundation: Foundation) -> AzureKeys:
    """Vaults in RBAC mode with purge protection, all private except the registry's, and the keys."""
    group = native(foundation.parts, AzureFoundation)
    vault = make_vault(scope, spec, group, "keys")
    secrets = make_vault(scope, spec, group, "secrets")
    endpoint_secrets = make_vault(scope, spec, group, "endpoints")
    registry = make_vault(scope, spec, group, "registry", network="open")
    keys: Mapping[KeyPurpose, AzureKey] = {
        purpose: _key(scope, spec, group, registry if purpose == "registry" else vault, purpose)
        for purpose in KEY_PURPOSES
    }
    files_vault, files_key = None, None
    if created_file_system(scope.spec):
        # https://learn.microsoft.com/azure/azure-managed-lustre/customer-managed-encryption-keys
        files_vault = make_vault(scope, spec, group, _FILES, network="trusted")
        files_key = _key(scope, spec, group, files_vault, _FILES, size=2048)
        scope.note(
            CREATED,
            "its key has a vault of its own whose public access is on, and whose firewall lets in trusted services and "
            "private endpoints alone: the service demands both, and a key of 2048 bits. It keeps the version that it "
            "was given, as the cluster does",
        )
    scope.note(
        "keys",
        "the registry's key has its own vault without a firewall, because a new registry cannot pass one; "
        "only the registry's identity may use that key",
    )
    scope.note(
        "keys.rotation_days",
        "the cluster and the machine learning workspace keep the key version that they were given, and can write "
        f"nothing more once it has expired: run `pulumi up --refresh` before {spec.rotation_days + _GRACE_DAYS} days "
        f"have passed since the first `up`, and again at least every {_GRACE_DAYS} days, then rewrite the cluster's "
        "secrets. `mlplatform check` of the stack's state tells the date",
    )
    return AzureKeys(
        ids={purpose: key.uri for purpose, key in keys.items()},
        vault=vault,
        secrets=secrets,
        endpoint_secrets=endpoint_secrets,
        registry_vault=registry,
        files_vault=files_vault,
        files_key=files_key,
        namespace_secrets=make_namespace_vaults(scope, spec, group),
        keys=keys,
    )


def make_namespace_vaults(scope: Scope, spec: KeysSpec, group: AzureFoundation) -> dict[str, AzureVault]:
    """A vault for each namespace of jobs whose secrets come into the cluster; none without the add-on."""
    return {each: make_vault(scope, spec, group, reader_name(each)) for each in secret_namespaces(scope.spec)}


def make_vault(
    scope: Scope, spec: KeysSpec, group: AzureFoundation, role: str, *, network: VaultNetwork = "private"
) -> AzureVault:
    """A vault in RBAC mode with purge protection."""
    target = scope.target(AzureTarget)
    name = physical_name(scope.spec, "vault", role)
    vault = keyvault.Vault(
        scope.child(f"vault-{role}"),
        vault_name=name,
        resource_group_name=group.group_name,
        location=target.location,
        properties=keyvault.VaultPropertiesArgs(
            tenant_id=target.tenant_id,
            sku=keyvault.SkuArgs(
                family="A",
                name=keyvault.SkuName.PREMIUM if spec.protection == "hsm" else keyvault.SkuName.STANDARD,
            ),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            # every service that encrypts with a key of the vault insists on it
            enable_purge_protection=True,
            soft_delete_retention_in_days=spec.deletion_window_days or scope.defaults.key_deletion_days,
            enabled_for_deployment=False,
            enabled_for_disk_encryption=False,
            enabled_for_template_deployment=False,
            # a registry's first identity is not one of the trusted services that pass the firewall,
            # https://learn.microsoft.com/azure/container-registry/tutorial-enable-customer-managed-keys
            public_network_access="disabled" if network == "private" else "enabled",
            network_acls=keyvault.NetworkRuleSetArgs(
                default_action="Allow" if network == "open" else "Deny", bypass="AzureServices"
            ),
        ),
        tags=scope.tags,
        # the window is fixed at creation
        opts=scope.opts(protect=scope.defaults.protected, ignore_changes=["properties.softDeleteRetentionInDays"]),
    )
    return AzureVault(
        id=vault.id, name=known_output(vault, name), uri=known_output(vault, f"https://{name}.vault.azure.net")
    )


def _key(
    scope: Scope, spec: KeysSpec, group: AzureFoundation, vault: AzureVault, purpose: str, *, size: int = 3072
) -> AzureKey:
    key = keyvault.Key(
        scope.child(purpose),
        key_name=purpose,
        vault_name=vault.name,
        resource_group_name=group.group_name,
        properties=keyvault.KeyPropertiesArgs(
            kty="RSA-HSM" if spec.protection == "hsm" else "RSA",
            key_size=size,
            key_ops=["wrapKey", "unwrapKey", "encrypt", "decrypt"]
            if purpose == "cluster"
            else ["wrapKey", "unwrapKey"],
            attributes=keyvault.KeyAttributesArgs(enabled=True, exportable=False),
            rotation_policy=keyvault.RotationPolicyArgs(
                attributes=keyvault.KeyRotationPolicyAttributesArgs(
                    expiry_time=f"P{spec.rotation_days + _GRACE_DAYS}D"
                ),
                lifetime_actions=[
                    keyvault.LifetimeActionArgs(
                        action=keyvault.ActionArgs(type=keyvault.KeyRotationPolicyActionType.ROTATE),
                        trigger=keyvault.TriggerArgs(time_after_create=f"P{spec.rotation_days}D"),
                    )
                ],
            ),
        ),
        tags=scope.tags,
        # keys are deleted through the vault's private data plane; deleting the vault deletes them anyway
        opts=scope.opts(protect=scope.defaults.protected, retain_on_delete=True),
    )
    return make_key_identity(
        scope, group, purpose, key_id=key.id, uri=key.key_uri, versioned_uri=key.key_uri_with_version, ready=(key,)
    )


def make_key_identity(
    scope: Scope,
    group: AzureFoundation,
    purpose: str,
    *,
    key_id: pulumi.Output[str],
    uri: pulumi.Output[str],
    versioned_uri: pulumi.Output[str],
    ready: tuple[pulumi.Resource, ...],
) -> AzureKey:
    """A key with the identity that services use it with, which may do nothing else."""
    target = scope.target(AzureTarget)
    identity_name = physical_name(scope.spec, "identity", f"key-{purpose}")
    identity = make_managed_identity(scope, f"{purpose}-identity", f"key-{purpose}")
    principal = principal_of(identity, purpose)
    right: pulumi.Resource = assign_role(scope, "use", "key-encryption-user", on=key_id, to=principal, awaited=True)
    return AzureKey(
        name=purpose,
        id=key_id,
        uri=uri,
        versioned_uri=versioned_uri,
        identity_id=identity.id,
        identity_path=target.resource(
            physical_name(scope.spec, "resource-group", "rg"),
            "Microsoft.ManagedIdentity/userAssignedIdentities",
            identity_name,
        ),
        client_id=identity.client_id,
        principal_id=identity.principal_id,
        ready=(*ready, right),
    )
