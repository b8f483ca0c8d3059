"""The existing resources that a target names, as components take them. Imports no SDK when it runs."""

from __future__ import annotations

from mlplatform.backends.aws.existing import (
    AwsExistingBucket,
    AwsExistingCluster,
    AwsExistingIdentities,
    AwsExistingKeys,
    AwsExistingRegistry,
    AwsExistingStore,
)
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.existing import Existing
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.target import Target


def build(target: Target) -> Existing:
    """The parts that the target's `existing` names."""
    named = typed_target(target, AwsTarget).existing
    if named is None:
        return Existing()
    keys, store, cluster = named.keys, named.store, named.cluster
    return Existing(
        keys=AwsExistingKeys(default=keys.default, arns=keys.arns) if keys else None,
        store=AwsExistingStore(
            buckets={
                place: AwsExistingBucket(name=bucket.name, key_arn=bucket.key_arn)
                for place, bucket in store.buckets.items()
            }
        )
        if store
        else None,
        cluster=AwsExistingCluster(
            cluster_name=cluster.cluster_name,
            node_role_arn=cluster.node_role_arn,
            subnets=cluster.subnets,
            version=cluster.version,
            security_group_id=cluster.security_group_id,
            vpc_id=cluster.vpc_id,
        )
        if cluster
        else None,
        registry=AwsExistingRegistry(repositories=named.registry.repositories) if named.registry else None,
        identities=AwsExistingIdentities(
            training=identities.training,
            pipelines=identities.pipelines,
            ci=identities.ci,
            endpoints=identities.endpoints,
        )
        if (identities := named.identities)
        else None,
    )
