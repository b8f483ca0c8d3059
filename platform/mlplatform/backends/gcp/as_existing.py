"""Parts of one platform as existing resources of another one on GCP. Imports no SDK when it runs."""

from __future__ import annotations

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.backends.gcp.existing import (
    GcpExistingCluster,
    GcpExistingKeys,
    GcpExistingNetwork,
    GcpExistingRegistry,
    GcpExistingStore,
)
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.network.parts import GcpNetwork
from mlplatform.backends.gcp.registry.parts import GcpImages
from mlplatform.backends.gcp.training.parts import GcpAnyCluster
from mlplatform.components.existing import ExistingPart, known_after


def build(parts: object) -> ExistingPart:
    """Refer to the parts by their ids.

    Raises:
        TypeError: another platform cannot use parts of this kind.
    """
    match parts:
        case GcpNetwork():
            return GcpExistingNetwork(
                network_id=parts.network_id,
                subnet_id=known_after(parts.subnet_id, parts.ready),
                pods_range=parts.pods_range,
                services_range=parts.services_range,
                apps_subnet_id=known_after(parts.apps_subnet_id, parts.ready),
            )
        case GcpKeys():
            return GcpExistingKeys(
                ids={purpose: known_after(key, parts.ready[purpose]) for purpose, key in parts.ids.items()}
            )
        case GcpStore():
            return GcpExistingStore(buckets={place: bucket.output_name for place, bucket in parts.buckets.items()})
        case GcpImages():
            return GcpExistingRegistry(repositories=parts.paths)
        case GcpAnyCluster():
            return GcpExistingCluster(
                cluster_name=known_after(parts.cluster_name, (*parts.ready, *parts.pods_after)),
                node_service_account=parts.node_email,
                zones=parts.zones,
                location=parts.location,
                fabric_networks=tuple((each.network, each.subnet) for each in parts.fabric),
            )
        case _:
            raise TypeError(f"another platform cannot use {type(parts).__name__}")
