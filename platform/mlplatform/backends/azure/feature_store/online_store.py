"""Azure Managed Redis behind a private endpoint, without keys: whoever reads or writes logs in with an identity.

Azure's own feature store works with access keys, and the older Azure Cache for Redis ends. Feast knows no other service
of Azure that needs no rights given in SQL. https://learn.microsoft.com/azure/redis/entra-for-authentication
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import redisenterprise

from mlplatform.backends.azure.feature_store.names import PORT, redis_host, redis_name
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.keys.parts import AzureKeys
from mlplatform.backends.azure.naming import name_hash
from mlplatform.backends.azure.network.endpoints_private import connect_privately
from mlplatform.backends.azure.network.parts import AzureNetwork
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.base import native
from mlplatform.components.feature_store import OnlineStore
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureStoreSpec

_DATABASE = "default"
"""The only name that a database may have."""

_POLICY = "default"
"""The only access policy that there is: it reads and writes all keys, and changes no setting,
https://learn.microsoft.com/rest/api/redis/redisenterprisecache/access-policy-assignment/create-update"""


@dataclass(frozen=True, kw_only=True)
class ManagedRedis(OnlineStore):
    """One Redis; `address` is its host."""

    scope: Scope
    """The feature store's, which owns the grants."""

    database: redisenterprise.Database
    """Its database."""

    changes: list[pulumi.Resource] = field(default_factory=list[pulumi.Resource])
    """Its private endpoint, and who may log in so far: a Redis takes one change at a time, so each waits for the
    last."""

    def grant_read(self, identity: Identity, groups: Collection[str]) -> None:
        """Log in. Azure has no right that only reads, or that holds for some keys."""
        del groups
        self._log_in(identity)

    def grant_write(self, identity: Identity) -> None:
        """Log in."""
        self._log_in(identity)

    def _log_in(self, identity: Identity) -> None:
        parts = native(identity.parts, AzureIdentity)
        name = redis_name(self.scope.spec)
        for principal in parts.principals:
            role = principal.label
            login = redisenterprise.AccessPolicyAssignment(
                self.scope.child(f"login-{role}"),
                # letters and digits alone
                access_policy_assignment_name=f"login{name_hash(role)}",
                access_policy_name=_POLICY,
                cluster_name=known_output(self.database, name),
                database_name=_DATABASE,
                resource_group_name=resource_group(self.scope).group_name,
                user=redisenterprise.AccessPolicyAssignmentPropertiesUserArgs(object_id=principal.id),
                opts=self.scope.opts(depends_on=self.changes[-1:]),
            )
            self.changes.append(login)
            parts.grants.append(login)


def build(scope: Scope, spec: FeatureStoreSpec) -> ManagedRedis:
    """The Redis with its database and its address in the network."""
    del spec
    target, protected = scope.target(AzureTarget), scope.defaults.protected
    key = native(scope.context.keys.parts, AzureKeys).keys["store"]
    network = native(scope.context.network.parts, AzureNetwork)
    group, name = resource_group(scope).group_name, redis_name(scope.spec)
    redis = redisenterprise.RedisEnterprise(
        scope.child("redis"),
        cluster_name=name,
        resource_group_name=group,
        location=target.location,
        sku=redisenterprise.SkuArgs(name=target.features_size),
        # a second node, in another zone where there are some
        high_availability=redisenterprise.HighAvailability.ENABLED
        if protected
        else redisenterprise.HighAvailability.DISABLED,
        minimum_tls_version=redisenterprise.TlsVersion.TLS_VERSION_1_2,
        public_network_access=redisenterprise.PublicNetworkAccess.DISABLED,
        encryption=redisenterprise.ClusterPropertiesEncryptionArgs(
            customer_managed_key_encryption=redisenterprise.ClusterPropertiesCustomerManagedKeyEncryptionArgs(
                key_encryption_key_url=key.versioned_uri,
                key_encryption_key_identity=redisenterprise.ClusterPropertiesKeyEncryptionKeyIdentityArgs(
                    identity_type=redisenterprise.CmkIdentityType.USER_ASSIGNED_IDENTITY,
                    user_assigned_identity_resource_id=key.identity_id,
                ),
            )
        ),
        identity=redisenterprise.ManagedServiceIdentityArgs(
            type=redisenterprise.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[key.identity_path]
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=key.ready, protect=protected or None, timeouts={"create": "60m", "update": "60m"}),
    )
    database = redisenterprise.Database(
        scope.child("database"),
        database_name=_DATABASE,
        cluster_name=known_output(redis, name),
        resource_group_name=group,
        port=PORT,
        client_protocol=redisenterprise.Protocol.ENCRYPTED,
        access_keys_authentication=redisenterprise.AccessKeysAuthentication.DISABLED,
        # one address for all shards, so that clients need not know them
        clustering_policy=redisenterprise.ClusteringPolicy.ENTERPRISE_CLUSTER,
        # a value that is thrown away without a word would be served as missing: a full store refuses writes instead
        eviction_policy=redisenterprise.EvictionPolicy.NO_EVICTION,
        opts=scope.opts(protect=protected or None),
    )
    connected = connect_privately(
        scope, "online", within=network, target=redis.id, group="redisEnterprise", depends_on=[database]
    )
    scope.note(
        "keys.rotation_days",
        "the Redis of features keeps the key version that it was given: run `pulumi up --refresh` after each rotation",
    )
    scope.note(
        "feature_store.groups.online",
        "Azure Managed Redis has one access policy: whoever looks features up may change them too",
    )
    return ManagedRedis(
        scope=scope, database=database, changes=[connected[0]], address=known_output(redis, redis_host(scope.spec))
    )
