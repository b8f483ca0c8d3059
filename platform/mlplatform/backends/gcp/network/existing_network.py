"""An existing VPC."""

from __future__ import annotations

import pulumi

from mlplatform.backends.gcp.existing import GcpExistingNetwork
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.network.preflight import owner_requirements
from mlplatform.backends.gcp.network.zones import zones_in_use
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.existing import ExistingNetwork
from mlplatform.components.scope import Scope


def build(scope: Scope, existing: ExistingNetwork) -> GcpNetwork:
    """Use the network as it is."""
    network = native(existing, GcpExistingNetwork)
    subnet = pulumi.Output.from_input(network.subnet_id)
    network_id = pulumi.Output.from_input(network.network_id)
    return GcpNetwork(
        network_id=network_id,
        node_subnet_ids=(subnet,),
        zones=zones_in_use(scope.spec, scope.target(GcpTarget), scope.context.backend.catalog),
        subnet_id=subnet,
        pods_range=network.pods_range,
        services_range=network.services_range,
        apps_subnet_id=subnet if network.apps_subnet_id is None else pulumi.Output.from_input(network.apps_subnet_id),
        ready=(),
        requirements=owner_requirements(scope.spec, scope.target(GcpTarget), network),
    )
