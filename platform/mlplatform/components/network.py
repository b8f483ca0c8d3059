"""The network, created or adopted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.context import Context, Scope
from mlplatform.components.existing import ExistingNetwork, as_existing
from mlplatform.components.keys import Keys
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.network import NetworkSpec


@dataclass(frozen=True, kw_only=True)
class NetworkParts:
    """What a backend returns."""

    network_id: pulumi.Output[str]
    """The cloud's id of the network."""

    node_subnet_ids: tuple[pulumi.Output[str], ...]
    """Subnets for cluster nodes and endpoints: one per zone, or one for all."""

    zones: tuple[str, ...]
    """The zones in use, in the target's order."""


class Network(Component):
    """A private network with egress, private access to the cloud's services, and flow logs."""

    capability = "network"

    def __init__(
        self, name: str, spec: NetworkSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        self.parts = self._existing(context.existing.network) if context.existing.network else self._made(spec)
        self.network_id = self.parts.network_id
        self.register_outputs({"networkId": self.network_id})

    def _made(self, spec: NetworkSpec) -> NetworkParts:
        context = self.context
        build = cast(
            "Callable[[Scope, NetworkSpec, Keys, Telemetry], NetworkParts]", context.backend.load("network.network")
        )
        return build(self.scope, spec, context.keys, context.telemetry)

    def _existing(self, existing: ExistingNetwork) -> NetworkParts:
        build = cast(
            "Callable[[Scope, ExistingNetwork], NetworkParts]", self.context.backend.load("network.existing_network")
        )
        return build(self.scope, existing)

    def as_existing(self) -> ExistingNetwork:
        """What another platform of the same cloud takes as its `Existing.network`, once this one stands."""
        return as_existing(self.context.backend, self.parts, ExistingNetwork)
