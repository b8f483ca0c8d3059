"""PostgreSQL on Cloud SQL, reached by Private Service Connect, with the server's own account as its user.

https://docs.cloud.google.com/sql/docs/postgres/iam-logins
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import compute, projects, sql

from mlplatform.backends.gcp.foundation.foundation import enable_service
from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.keys.agent_right import let_agent_use_key
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import COMPUTE, DATABASE_NAME, lasting_name
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.backends.gcp.tracking.watch import CONNECTIONS, watch_database
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.identity import Identity
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.components.tracking import TrackingDatabase
from mlplatform.components.tracking_names import DATABASE, FIRST_GIB
from mlplatform.components.tracking_sizes import TrackingSizes
from mlplatform.spec.tracking import DatabaseSize, TrackingSpec

TIERS: Mapping[DatabaseSize, str] = {
    "small": "db-custom-2-4096",
    "medium": "db-custom-2-8192",
    "large": "db-custom-4-16384",
}
"""https://docs.cloud.google.com/sql/docs/postgres/create-instance#machine-types"""

VERSION = "POSTGRES_17"

_OWNER = "cloudsqlsuperuser"
"""The role that owns what Cloud SQL makes by its API, the database too; without it the account could make no table,
https://docs.cloud.google.com/sql/docs/postgres/users"""


def build(
    scope: Scope, spec: TrackingSpec, sizes: TrackingSizes, identity: Identity, cluster: Cluster | None
) -> TrackingDatabase:
    """The instance with its way in, the database, and the account as its user."""
    del spec, cluster
    target, protected = scope.target(GcpTarget), scope.defaults.protected
    keys = native(scope.context.keys.parts, GcpKeys)
    service = enable_service(scope, "sqladmin", after=keys.foundation.after("cloudresourcemanager"))
    right = let_agent_use_key(
        scope, keys, service, service="sqladmin", agent="gcp-sa-cloud-sql", title="Cloud SQL", field="tracking"
    )
    # that of a deleted instance stays taken for a week
    name = lasting_name(scope.spec, target, "tracking", DATABASE_NAME)
    instance = sql.DatabaseInstance(
        scope.child("database"),
        project=target.project,
        name=name,
        region=target.region,
        database_version=VERSION,
        encryption_key_name=keys.ids["store"],
        deletion_protection=protected,
        settings=_settings(scope, sizes),
        opts=scope.opts(
            depends_on=[service, *right.ready],
            protect=protected,
            # it grows by itself, and a smaller one would be another instance
            ignore_changes=["settings.diskSize"],
            timeouts={"create": "60m", "update": "60m"},
        ),
    )

    def admit(scope: Scope, other: Identity, database: str) -> pulumi.Input[str]:
        """As a user of its own; who logs in by IAM may make no database, so the API makes it."""
        content = sql.Database(
            scope.child("content"),
            project=target.project,
            instance=instance.name,
            name=database,
            # PostgreSQL refuses to delete a database that somebody uses; it goes with its instance
            deletion_policy="ABANDON",
            opts=scope.opts(protect=protected),
        )
        account = native(other.parts, GcpIdentity)
        user = sql.User(
            scope.child("user"),
            project=target.project,
            instance=instance.name,
            name=account.account_name_in_pods.apply(lambda email: email.removesuffix(".gserviceaccount.com")),
            type="CLOUD_IAM_SERVICE_ACCOUNT",
            database_roles=[_OWNER],
            deletion_policy="ABANDON",
            opts=scope.opts(depends_on=[content]),
        )
        _allow_login(scope, account, instance.name)
        return user.name

    user = admit(scope, identity, DATABASE)
    watch_database(scope, target.project, name, sizes)
    # while the authority is changed there are two
    authority = instance.server_ca_certs.apply(lambda found: "\n".join(str(each.cert) for each in found))
    return TrackingDatabase(host=_way_in(scope, instance), user=user, authority=authority, admit=admit)


def _settings(scope: Scope, sizes: TrackingSizes) -> sql.DatabaseInstanceSettingsArgs:
    target, protected = scope.target(GcpTarget), scope.defaults.protected
    return sql.DatabaseInstanceSettingsArgs(
        # from version 16 on, the other edition is the default, with other machines
        edition="ENTERPRISE",
        tier=TIERS[sizes.size],
        availability_type="REGIONAL" if sizes.standby else "ZONAL",
        disk_type="PD_SSD",
        disk_size=FIRST_GIB,
        disk_autoresize=True,
        deletion_protection_enabled=protected,
        retain_backups_on_delete=sizes.last_copy,
        database_flags=[
            sql.DatabaseInstanceSettingsDatabaseFlagArgs(name="cloudsql.iam_authentication", value="on"),
            sql.DatabaseInstanceSettingsDatabaseFlagArgs(name="max_connections", value=str(CONNECTIONS[sizes.size])),
        ],
        backup_configuration=sql.DatabaseInstanceSettingsBackupConfigurationArgs(
            enabled=True,
            location=target.region,
            point_in_time_recovery_enabled=True,
            # this edition keeps a week of them at most
            transaction_log_retention_days=7,
            backup_retention_settings=sql.DatabaseInstanceSettingsBackupConfigurationBackupRetentionSettingsArgs(
                retained_backups=sizes.backup_days, retention_unit="COUNT"
            ),
        ),
        ip_configuration=sql.DatabaseInstanceSettingsIpConfigurationArgs(
            ipv4_enabled=False,
            ssl_mode="ENCRYPTED_ONLY",
            psc_configs=[
                sql.DatabaseInstanceSettingsIpConfigurationPscConfigArgs(
                    psc_enabled=True, allowed_consumer_projects=[target.project]
                )
            ],
        ),
        user_labels=scope.tags,
    )


def _allow_login(scope: Scope, account: GcpIdentity, instance: pulumi.Output[str]) -> None:
    """The right to log in, to this instance alone.

    https://docs.cloud.google.com/sql/docs/postgres/iam-conditions
    """
    condition = projects.IAMMemberConditionArgs(
        title="tracking database",
        expression=pulumi.Output.concat(
            f'resource.name == "projects/{scope.target(GcpTarget).project}/instances/',
            instance,
            '" && resource.service == "sqladmin.googleapis.com"',
        ),
    )
    account.allow(scope, "login", "roles/cloudsql.instanceUser", condition=condition)


def _way_in(scope: Scope, instance: sql.DatabaseInstance) -> pulumi.Output[str]:
    """An address of the platform's network that leads to the instance."""
    target = scope.target(GcpTarget)
    network = native(scope.context.network.parts, GcpNetwork)
    name = physical_name(scope.spec, "tracking", COMPUTE)
    address = compute.Address(
        scope.child("address"),
        project=target.project,
        name=name,
        region=target.region,
        address_type="INTERNAL",
        subnetwork=network.subnet_id,
        labels=scope.tags,
        opts=scope.opts(),
    )
    compute.ForwardingRule(
        scope.child("way-in"),
        project=target.project,
        name=name,
        region=target.region,
        network=network.network_id,
        ip_address=address.id,
        target=instance.psc_service_attachment_link,
        load_balancing_scheme="",
        labels=scope.tags,
        opts=scope.opts(depends_on=network.ready),
    )
    return address.address
