"""PostgreSQL as a flexible server behind a private endpoint, without passwords: the server's identity logs in.

https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-azure-ad-authentication
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import dbforpostgresql as postgres

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.network.endpoints_private import connect_privately
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.tracking.watch import watch_database
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.components.tracking import TrackingDatabase
from mlplatform.components.tracking_names import FIRST_GIB
from mlplatform.components.tracking_sizes import TrackingSizes
from mlplatform.spec.tracking import DatabaseSize, TrackingSpec

SKUS: Mapping[DatabaseSize, tuple[str, postgres.SkuTier]] = {
    "small": ("Standard_B2s", postgres.SkuTier.BURSTABLE),
    "medium": ("Standard_D2ds_v5", postgres.SkuTier.GENERAL_PURPOSE),
    "large": ("Standard_D4ds_v5", postgres.SkuTier.GENERAL_PURPOSE),
}
"""https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute"""


def build(
    scope: Scope, spec: TrackingSpec, sizes: TrackingSizes, identity: Identity, cluster: Cluster | None
) -> TrackingDatabase:
    """The server, its private endpoint, and the identity as its administrator, which makes the database itself."""
    del spec, cluster
    target, protected = scope.target(AzureTarget), scope.defaults.protected
    key = native(scope.context.keys.parts, AzureKeys).keys["store"]
    network = native(scope.context.network.parts, AzureNetwork)
    group = resource_group(scope).group_name
    name = physical_name(scope.spec, "database", "tracking")
    sku, tier = SKUS[sizes.size]
    server = postgres.Server(
        scope.child("database"),
        server_name=name,
        resource_group_name=group,
        location=target.location,
        version=postgres.PostgresMajorVersion.POSTGRES_MAJOR_VERSION_17,
        create_mode=postgres.CreateMode.DEFAULT,
        sku=postgres.SkuArgs(name=sku, tier=tier),
        storage=postgres.StorageArgs(storage_size_gb=FIRST_GIB, auto_grow=postgres.StorageAutoGrow.ENABLED),
        backup=postgres.BackupArgs(
            backup_retention_days=sizes.backup_days, geo_redundant_backup=postgres.GeoRedundantBackup.DISABLED
        ),
        high_availability=_standby(network, sizes),
        auth_config=postgres.AuthConfigArgs(
            active_directory_auth=postgres.MicrosoftEntraAuth.ENABLED,
            password_auth=postgres.PasswordBasedAuth.DISABLED,
            tenant_id=target.tenant_id,
        ),
        network=postgres.NetworkArgs(public_network_access=postgres.ServerPublicNetworkAccessState.DISABLED),
        identity=postgres.UserAssignedIdentityArgs(
            type=postgres.IdentityType.USER_ASSIGNED,
            user_assigned_identities={key.identity_path: postgres.UserIdentityArgs()},
        ),
        data_encryption=postgres.DataEncryptionArgs(
            type=postgres.DataEncryptionType.AZURE_KEY_VAULT,
            primary_key_uri=key.versioned_uri,
            primary_user_assigned_identity_id=key.identity_id,
        ),
        tags=scope.tags,
        opts=scope.opts(
            depends_on=key.ready,
            protect=protected,
            # it grows by itself, Azure refuses a smaller one, and what was read back has Azure's tier in it too
            ignore_changes=["storage"],
            timeouts={"create": "60m", "update": "60m"},
        ),
    )
    logins: list[pulumi.Resource] = []

    def admit(scope: Scope, other: Identity, database: str) -> pulumi.Input[str]:
        """As an administrator, who may make a database; the tables of one are not the other's."""
        del database
        account = native(other.parts, AzureIdentity)
        login = postgres.AdministratorsMicrosoftEntra(
            scope.child("login"),
            resource_group_name=group,
            server_name=known_output(server, name),
            object_id=account.principal,
            principal_name=account.name,
            principal_type=postgres.PrincipalType.SERVICE_PRINCIPAL,
            tenant_id=target.tenant_id,
            # a server that is changed refuses the next change
            opts=scope.opts(depends_on=list(logins)),
        )
        logins.append(login)
        return account.name

    user = admit(scope, identity, "")
    watch_database(scope, server, sizes)
    # its connection is a change of the server too
    logins += connect_privately(
        scope, "database", within=network, target=server.id, group="postgresqlServer", depends_on=list(logins)
    )[:1]
    scope.note(
        "keys.rotation_days",
        "the tracking server's database keeps the key version that it was given: run `pulumi up --refresh` after each "
        "rotation, as for the cluster",
    )
    host = known_output(server, f"{name}.postgres.database.azure.com")
    return TrackingDatabase(host=host, user=user, admit=admit)


def _standby(network: AzureNetwork, sizes: TrackingSizes) -> postgres.HighAvailabilityArgs:
    """In another zone where the region has zones."""
    mode = postgres.PostgreSqlFlexibleServerHighAvailabilityMode
    if not sizes.standby:
        return postgres.HighAvailabilityArgs(mode=mode.DISABLED)
    return postgres.HighAvailabilityArgs(mode=mode.ZONE_REDUNDANT if network.zones else mode.SAME_ZONE)
