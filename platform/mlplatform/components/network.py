"""The network, made or existing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.existing import ExistingNetwork, as_existing
from mlplatform.components.keys import Keys
from mlplatform.components.preflight import OWNER, Requirement
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.network import NetworkSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context


@dataclass(frozen=True, kw_only=True)
class NetworkParts:
    """One network."""

    network_id: pulumi.Output[str]
    """The cloud's id of the network."""

    node_subnet_ids: tuple[pulumi.Output[str], ...]
    """Subnets for cluster nodes and endpoints: one per zone, or one for all."""

    zones: tuple[str, ...]
    """The zones in use, in the target's order."""

    requirements: tuple[Requirement, ...] = ()
    """Things that the owner of an existing network must provide; empty for a network of the platform's own."""


@contract("network.network")
class BuildsNetwork(Protocol):
    """Makes the network, or adopts the target's."""

    def __call__(self, scope: Scope, spec: NetworkSpec, keys: Keys, telemetry: Telemetry, /) -> NetworkParts: ...


@contract("network.existing_network")
class UsesExistingNetwork(Protocol):
    """Takes an existing network, of the backend's own kind of `ExistingNetwork`."""

    def __call__(self, scope: Scope, existing: ExistingNetwork, /) -> NetworkParts: ...


class Network(Component):
    """A private network with egress, private access to the cloud's services, and flow logs."""

    capability = "network"

    def __init__(
        self, name: str, spec: NetworkSpec, context: Context, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, context, opts)
        if context.existing.network:
            self._note_owner()
            self.parts = context.backend.load(UsesExistingNetwork)(self.scope, context.existing.network)
        else:
            self.parts = context.backend.load(BuildsNetwork)(self.scope, spec, context.keys, context.telemetry)
        self.network_id = self.parts.network_id
        for requirement in self.parts.requirements:
            self.scope.note(f"targets[{context.target.name}].network", f"{OWNER}{requirement}")
        self.register_outputs({"networkId": self.network_id})

    def _note_owner(self) -> None:
        """Say what the spec asks of the network that only its owner can do."""
        spec = self.context.spec
        if spec.entry == "peering":
            self.scope.note("access.entry", "the owner of the existing network connects it to the hub; nothing is made")
        if spec.access.ci and spec.access.ci.runner == "network":
            self.scope.note(
                "access.ci.runner", "the owner of the existing network runs CI's jobs inside it; nothing is made"
            )

    def as_existing(self) -> ExistingNetwork:
        """This network as another platform of the same cloud takes it, in `Existing.network`."""
        return as_existing(self.context.backend, self.parts, ExistingNetwork)
