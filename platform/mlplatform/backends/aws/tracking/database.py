"""PostgreSQL on RDS, in the private subnets, with a password that Secrets Manager makes and rotates.

RDS lets a user log in by IAM only after somebody has granted that in SQL, which nothing in a plan can do.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_aws import ec2, rds, vpc

from mlplatform.backends.aws.cluster.authorities import (
    authorities_address,
    published_address,
    without_internet,
)
from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import DATABASE_NAME
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.network.security_groups import allow_group, make_group
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.tracking.watch import watch_database
from mlplatform.backends.aws.training.parts import AwsAnyCluster
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.identity import Identity
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.components.tracking import TrackingDatabase
from mlplatform.components.tracking_names import DATABASE, FIRST_GIB, PORT
from mlplatform.components.tracking_sizes import TrackingSizes
from mlplatform.spec.tracking import DatabaseSize, TrackingSpec

CLASSES: Mapping[DatabaseSize, str] = {
    "small": "db.t4g.medium",
    "medium": "db.m7g.large",
    "large": "db.m7g.xlarge",
}
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html"""

VERSION = "17"
"""Major version; RDS takes its newest minor, and upgrades it by itself."""

MOST_GIB = 1024
"""Most of the disk, GiB, up to which it grows by itself."""

_USER = "mlflow"


def build(
    scope: Scope, spec: TrackingSpec, sizes: TrackingSizes, identity: Identity, cluster: Cluster | None
) -> TrackingDatabase:
    """The instance, reached by the cluster's nodes alone, and the right to read its password."""
    del spec
    if cluster is None:
        raise ValueError("cluster: on AWS the database admits the nodes of a cluster alone")
    protected = scope.defaults.protected
    network = native(scope.context.network.parts, AwsNetwork)
    key = scope.context.keys.ids["store"]
    name = physical_name(scope.spec, "tracking", DATABASE_NAME)
    subnets = rds.SubnetGroup(
        scope.child("subnets"),
        name=name,
        description="Private subnets of the tracking server's database",
        subnet_ids=list(network.node_subnet_ids),
        tags=scope.tags,
        opts=scope.opts(),
    )
    group = _security_group(scope, network.network_id, native(cluster.parts, AwsAnyCluster).security_group_id)
    instance = rds.Instance(
        scope.child("database"),
        identifier=name,
        engine="postgres",
        engine_version=VERSION,
        instance_class=CLASSES[sizes.size],
        db_name=DATABASE,
        port=PORT,
        username=_USER,
        # no password is ever in the state: Secrets Manager makes it, and another one every seven days
        manage_master_user_password=True,
        master_user_secret_kms_key_id=key,
        allocated_storage=FIRST_GIB,
        max_allocated_storage=MOST_GIB,
        storage_type="gp3",
        storage_encrypted=True,
        kms_key_id=key,
        db_subnet_group_name=subnets.name,
        vpc_security_group_ids=[group.id],
        publicly_accessible=False,
        multi_az=sizes.standby,
        backup_retention_period=sizes.backup_days,
        copy_tags_to_snapshot=True,
        delete_automated_backups=not sizes.last_copy,
        deletion_protection=protected,
        skip_final_snapshot=not sizes.last_copy,
        final_snapshot_identifier=f"{name}-last" if sizes.last_copy else None,
        auto_minor_version_upgrade=True,
        allow_major_version_upgrade=False,
        # otherwise a change waits for a night of the week, and `up` has told that it is done
        apply_immediately=True,
        tags=scope.tags,
        opts=scope.opts(protect=protected, timeouts={"create": "60m", "update": "80m", "delete": "60m"}),
    )
    secret = instance.master_user_secrets.apply(lambda secrets: str(secrets[0].secret_arn))
    _allow_password(scope, native(identity.parts, AwsIdentity), secret, key)
    watch_database(scope, instance, name, sizes)
    if without_internet(scope.spec):
        scope.note(
            "tracking",
            "without a way to the internet the server starts only after somebody has copied the authorities of RDS "
            f"into the store: `curl -fsS {published_address(scope.target(AwsTarget))} | aws s3 cp - "
            f"{authorities_address(scope.spec)}`; again when RDS gets new ones",
        )

    def admit(scope: Scope, other: Identity, database: str) -> str:
        """RDS makes one user whose password rotates, so that all who are admitted are that one."""
        del database
        _allow_password(scope, native(other.parts, AwsIdentity), secret, key)
        return _USER

    return TrackingDatabase(host=instance.address, user=_USER, secret=secret, admit=admit)


def _security_group(scope: Scope, vpc_id: pulumi.Output[str], nodes: pulumi.Output[str]) -> ec2.SecurityGroup:
    group = make_group(scope, "tracking-database", vpc_id, "Database of the tracking server", child="group")
    what = "PostgreSQL from the cluster"
    allow_group(vpc.SecurityGroupIngressRule, scope, "group-from-nodes", group.id, what, nodes, (PORT, PORT))
    return group


def _allow_password(scope: Scope, identity: AwsIdentity, secret: pulumi.Output[str], key: pulumi.Output[str]) -> None:
    target = scope.target(AwsTarget)
    through = f"secretsmanager.{target.region}.{target.dns_suffix}"
    identity.allow(
        scope,
        "password",
        (
            IamStatement(sid="Password", actions=("secretsmanager:GetSecretValue",), resources=secret),
            IamStatement(
                sid="PasswordKey",
                actions=("kms:Decrypt",),
                resources=key,
                conditions={"StringEquals": {"kms:ViaService": through}},
            ),
        ),
    )
