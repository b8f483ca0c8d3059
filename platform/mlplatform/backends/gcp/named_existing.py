"""The existing resources that a target names, as components take them. Imports no SDK when it runs."""

from __future__ import annotations

from mlplatform.backends.gcp.existing import (
    GcpExistingCluster,
    GcpExistingIdentities,
    GcpExistingKeys,
    GcpExistingRegistry,
    GcpExistingStore,
)
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.existing import Existing
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.target import Target


def build(target: Target) -> Existing:
    """The parts that the target's `existing` names."""
    named = typed_target(target, GcpTarget).existing
    if named is None:
        return Existing()
    keys, store, cluster = named.keys, named.store, named.cluster
    return Existing(
        keys=GcpExistingKeys(default=keys.default, ids=keys.ids) if keys else None,
        store=GcpExistingStore(buckets=store.buckets) if store else None,
        cluster=GcpExistingCluster(
            cluster_name=cluster.cluster_name,
            node_service_account=cluster.node_service_account,
            zones=cluster.zones,
            location=cluster.location,
            fabric_networks=[(each.network, each.subnet) for each in cluster.fabric_networks],
        )
        if cluster
        else None,
        registry=GcpExistingRegistry(repositories=named.registry.repositories) if named.registry else None,
        identities=GcpExistingIdentities(
            training=identities.training,
            pipelines=identities.pipelines,
            ci=identities.ci,
            endpoints=identities.endpoints,
        )
        if (identities := named.identities)
        else None,
    )
