"""The parts of one platform as existing resources for another. Imports no SDK when it runs."""

from __future__ import annotations

from mlplatform.backends.aws.artifact_store.parts import AwsStore
from mlplatform.backends.aws.existing import (
    AwsExistingBucket,
    AwsExistingCluster,
    AwsExistingKeys,
    AwsExistingNetwork,
    AwsExistingRegistry,
    AwsExistingStore,
)
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.registry.parts import AwsImages
from mlplatform.backends.aws.training.parts import AwsAnyCluster
from mlplatform.components.existing import ExistingPart, known_after


def build(parts: object) -> ExistingPart:
    """The ids of the parts.

    Raises:
        TypeError: another platform cannot use parts of this kind.
    """
    match parts:
        case AwsNetwork():
            subnets = {zone: known_after(subnet, parts.ready) for zone, subnet in parts.subnet_by_zone.items()}
            return AwsExistingNetwork(vpc_id=parts.network_id, subnets=subnets, cidrs=parts.cidrs)
        case AwsKeys():
            return AwsExistingKeys(arns=parts.ids)
        case AwsStore():
            return AwsExistingStore(
                buckets={
                    place: AwsExistingBucket(name=known_after(bucket.name, bucket.ready), key_arn=bucket.key_arn)
                    for place, bucket in parts.buckets.items()
                }
            )
        case AwsImages():
            return AwsExistingRegistry(repositories=parts.arns)
        case AwsAnyCluster():
            return AwsExistingCluster(
                cluster_name=known_after(parts.cluster_name, (*parts.nodes_after, *parts.pods_after)),
                node_role_arn=parts.node_role_arn,
                subnets=parts.subnet_by_zone,
                version=parts.version,
                security_group_id=parts.security_group_id,
                vpc_id=parts.vpc_id(),
            )
        case _:
            raise TypeError(f"another platform cannot use {type(parts).__name__}")
