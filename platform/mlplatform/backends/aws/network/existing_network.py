"""An existing VPC."""

from __future__ import annotations

import pulumi

from mlplatform.backends.aws.existing import AwsExistingNetwork
from mlplatform.backends.aws.network.parts import AwsNetwork
from mlplatform.backends.aws.network.preflight import owner_requirements
from mlplatform.backends.aws.network.security_groups import ANYWHERE, make_workload_group
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.existing import ExistingNetwork
from mlplatform.components.scope import Scope


def build(scope: Scope, existing: ExistingNetwork) -> AwsNetwork:
    """Use the network as it is; only a security group for workloads is created in it.

    Raises:
        ValueError: fewer than two zones have a subnet.
    """
    network = native(existing, AwsExistingNetwork)
    if len(network.subnets) < 2:
        raise ValueError(
            f"existing.network.subnets: got {len(network.subnets)} zone(s), expected at least two: EKS and interface "
            "endpoints need two; name one more private subnet"
        )
    vpc_id = pulumi.Output.from_input(network.vpc_id)
    subnets = {zone: pulumi.Output.from_input(subnet) for zone, subnet in network.subnets.items()}
    return AwsNetwork(
        network_id=vpc_id,
        node_subnet_ids=tuple(subnets.values()),
        zones=tuple(subnets),
        mark=network.vpc_id if isinstance(network.vpc_id, str) else "existing",
        cidrs=tuple(network.cidrs),
        subnet_by_zone=subnets,
        workload_security_group_id=make_workload_group(scope, vpc_id, (ANYWHERE,), {}),
        ready=(),
        requirements=owner_requirements(scope.spec, scope.target(AwsTarget), network),
    )
