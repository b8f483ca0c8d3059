"""What GKE does not bring: the networks and libraries of the fabric. Driver, device plugin and autoscaler it has."""

from __future__ import annotations

from mlplatform.backends.gcp.cluster.fabric_installers import fabric_installers
from mlplatform.backends.gcp.cluster.fabric_networks import fabric_networks
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """No device plugin: a second one would register the same devices."""
    return (*fabric_networks(layer), *fabric_installers(layer))
