"""A secret that stays in the target's region, encrypted with a key of the platform."""

from __future__ import annotations

from pulumi_gcp import secretmanager

from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import LONG
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope


def make_secret(scope: Scope, keys: GcpKeys, name: str) -> secretmanager.Secret:
    """Make the secret, without a value.

    Args:
        scope: its parent.
        keys: the platform's.
        name: last part of its names.
    """
    target = scope.target(GcpTarget)
    return secretmanager.Secret(
        scope.child(name),
        project=target.project,
        secret_id=physical_name(scope.spec, name, LONG),
        replication=secretmanager.SecretReplicationArgs(
            user_managed=secretmanager.SecretReplicationUserManagedArgs(
                replicas=[
                    secretmanager.SecretReplicationUserManagedReplicaArgs(
                        location=target.region,
                        customer_managed_encryption=secretmanager.SecretReplicationUserManagedReplicaCustomerManagedEncryptionArgs(
                            kms_key_name=keys.ids["monitoring"]
                        ),
                    )
                ]
            )
        ),
        labels=scope.tags,
        opts=scope.opts(depends_on=(*keys.ready["monitoring"], *keys.foundation.after("secretmanager"))),
    )
