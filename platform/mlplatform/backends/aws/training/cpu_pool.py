"""CPU pools as managed node groups that start from zero."""

from __future__ import annotations

from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.training.node_groups import NodeGroupPlan, make_node_groups
from mlplatform.backends.aws.training.node_image import choose_cpu_image
from mlplatform.backends.aws.training.node_template import NodeTemplatePlan, make_node_template
from mlplatform.backends.aws.training.parts import AwsAnyCluster, AwsNodePool
from mlplatform.catalog.catalog import CpuMachine
from mlplatform.components.base import native
from mlplatform.components.cluster import Cluster
from mlplatform.components.scope import Scope
from mlplatform.spec.cpu_pool import CpuPoolSpec


def build(scope: Scope, spec: CpuPoolSpec, machine: CpuMachine, cluster: Cluster) -> AwsNodePool:
    """Create the pool: a group per zone, which share the pool's bounds."""
    parts = native(cluster.parts, AwsAnyCluster)
    template = make_node_template(
        scope,
        NodeTemplatePlan(
            role="template",
            pool=f"pool-{spec.name}",
            disk_gib=spec.disk_gib,
            security_groups=[parts.security_group_id],
        ),
        native(scope.context.keys.parts, AwsKeys).ids["volumes"],
    )
    zones = tuple(parts.subnet_by_zone)
    return make_node_groups(
        scope,
        parts,
        NodeGroupPlan(
            pool=spec.name,
            path=f"training.cpu_pools[{spec.name}]",
            machine=machine.machine_type,
            image=choose_cpu_image(spec, machine),
            capacity="SPOT" if spec.capacity == "spot" else "ON_DEMAND",
            least=spec.min_nodes,
            most=spec.max_nodes,
            zones=tuple(zones[position - 1] for position in spec.zones) or zones,
            # these machines are easy to get: add a node before one is taken away
            update_strategy="DEFAULT",
        ),
        template,
    )
