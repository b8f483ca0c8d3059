"""Storage accounts of the platform: private, Entra only, encrypted twice."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import storage

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.regions import region_zones
from mlplatform.backends.azure.keys.parts import AzureKey, AzureVault
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import WormSpec

_UNDELETE_DAYS = {True: 30, False: 7}
"""Days a deleted blob or container can be restored, by whether the environment is protected."""


def make_storage_account(
    scope: Scope,
    role: str,
    *,
    name: str,
    location: str,
    key: AzureKey,
    vault: AzureVault,
    worm: WormSpec | None = None,
    zonal: bool = True,
    trusted_services_write: bool = False,
    queues: bool = False,
    protect: bool = False,
    depends_on: Sequence[pulumi.Resource] = (),
) -> storage.StorageAccount:
    """Make a storage account.

    Args:
        scope: owner of the account.
        role: distinguishes it in the scope.
        name: physical name.
        location: region.
        key: its encryption key.
        vault: the vault of that key.
        worm: keep every object version this long. Omitted: objects can be changed and deleted.
        zonal: keep it in three zones where the region has them.
        trusted_services_write: let Azure's own services write to it over the public endpoint.
        queues: also encrypt its queues with the key, which Azure allows only at creation.
        protect: whether Pulumi refuses to delete it.
        depends_on: prerequisites besides the key's rights.
    """
    return storage.StorageAccount(
        scope.child(role),
        account_name=name,
        resource_group_name=resource_group(scope).group_name,
        location=location,
        kind=storage.Kind.STORAGE_V2,
        sku=storage.SkuArgs(name="Standard_ZRS" if zonal and region_zones(location) else "Standard_LRS"),
        access_tier=storage.AccessTier.HOT,
        allow_blob_public_access=False,
        allow_cross_tenant_replication=False,
        allow_shared_key_access=False,
        allowed_copy_scope=storage.AllowedCopyScope.AAD,
        default_to_o_auth_authentication=True,
        enable_https_traffic_only=True,
        is_hns_enabled=False,  # a hierarchical namespace has no versions and no replication
        is_local_user_enabled=False,
        is_sftp_enabled=False,
        minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
        public_network_access=storage.PublicNetworkAccess.ENABLED
        if trusted_services_write
        else storage.PublicNetworkAccess.DISABLED,
        network_rule_set=storage.NetworkRuleSetArgs(
            default_action=storage.DefaultAction.DENY, bypass=storage.Bypass.AZURE_SERVICES
        ),
        identity=storage.IdentityArgs(
            type=storage.IdentityType.USER_ASSIGNED, user_assigned_identities=[key.identity_id]
        ),
        encryption=storage.EncryptionArgs(
            key_source=storage.KeySource.MICROSOFT_KEYVAULT,
            # without a version: storage takes each new one by itself within a day
            key_vault_properties=storage.KeyVaultPropertiesArgs(key_name=key.name, key_vault_uri=vault.uri),
            encryption_identity=storage.EncryptionIdentityArgs(encryption_user_assigned_identity=key.identity_id),
            require_infrastructure_encryption=True,
            services=storage.EncryptionServicesArgs(
                blob=storage.EncryptionServiceArgs(enabled=True, key_type=storage.KeyType.ACCOUNT),
                file=storage.EncryptionServiceArgs(enabled=True, key_type=storage.KeyType.ACCOUNT),
                queue=storage.EncryptionServiceArgs(enabled=True, key_type=storage.KeyType.ACCOUNT) if queues else None,
            ),
        ),
        immutable_storage_with_versioning=None if worm is None else _immutable(worm),
        key_policy=storage.KeyPolicyArgs(key_expiration_period_in_days=90),
        sas_policy=storage.SasPolicyArgs(
            sas_expiration_period="1.00:00:00", expiration_action=storage.ExpirationAction.LOG
        ),
        tags=scope.tags,
        opts=scope.opts(protect=protect, depends_on=[*key.ready, *depends_on]),
    )


def keep_deleted_blobs(
    scope: Scope,
    role: str,
    account: storage.StorageAccount,
    name: str,
    *,
    days: int | None = None,
    versioned: bool | None = None,
    feed: bool = False,
) -> storage.BlobServiceProperties:
    """Keep deleted blobs and containers for a while.

    Args:
        scope: owner of the account.
        role: the account's role in the scope.
        account: the account.
        name: its physical name.
        days: how long they can be restored. Omitted: 30 in protected environments, else 7.
        versioned: also keep overwritten blobs. Omitted: Azure's default, which does not.
        feed: record every change, for object replication.
    """
    keep = storage.DeleteRetentionPolicyArgs(enabled=True, days=days or _UNDELETE_DAYS[scope.defaults.protected])
    return storage.BlobServiceProperties(
        scope.child(f"{role}-services"),
        blob_services_name="default",
        account_name=known_output(account, name),
        resource_group_name=resource_group(scope).group_name,
        is_versioning_enabled=versioned,
        change_feed=storage.ChangeFeedArgs(enabled=True) if feed else None,
        delete_retention_policy=keep,
        container_delete_retention_policy=keep,
        opts=scope.opts(),
    )


def _immutable(worm: WormSpec) -> storage.ImmutableStorageAccountArgs:
    return storage.ImmutableStorageAccountArgs(
        enabled=True,
        immutability_policy=storage.AccountImmutabilityPolicyPropertiesArgs(
            immutability_period_since_creation_in_days=worm.days,
            # Azure cannot lock at creation: a person does, with the command that the limit names
            state=storage.AccountImmutabilityPolicyState.UNLOCKED,
            allow_protected_append_writes=True,  # captured requests arrive in append blobs
        ),
    )
