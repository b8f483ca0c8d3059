"""What GCP components hand to each other, beyond what every cloud's do. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pulumi

from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.foundation import FoundationParts
from mlplatform.components.identity import IdentityParts
from mlplatform.components.keys import KeysParts
from mlplatform.components.network import NetworkParts
from mlplatform.spec.keys import KeyPurpose

if TYPE_CHECKING:
    from pulumi_gcp import serviceaccount

Agent = Literal[
    "artifact-registry",
    "compute",
    "container",
    "eventarc",
    "iap",
    "logging",
    "notification",
    "pubsub",
    "run",
    "secret-manager",
    "storage",
    "workflows",
]
"""Google's own accounts that act for a service in the project."""


@dataclass(frozen=True, kw_only=True)
class GcpFoundation(FoundationParts):
    """Enabled services and their agents; `ready` holds every service."""

    services: Mapping[str, pulumi.Resource]
    """Enabled service by its name without the domain: `container`."""

    agents: Mapping[Agent, pulumi.Output[str]]
    """How grants name each service agent; an output, so that a grant comes after the agent."""

    rights: Mapping[str, pulumi.Resource] = field(default_factory=dict[str, pulumi.Resource])
    """What a service's agent must be allowed first, by the service's name."""

    def after(self, *services: str) -> tuple[pulumi.Resource, ...]:
        """What a resource of these services depends on."""
        enabled = tuple(self.services[service] for service in services)
        return (*enabled, *(self.rights[service] for service in services if service in self.rights))


@dataclass(frozen=True, kw_only=True)
class GcpKeys(KeysParts):
    """Keys of the target's region; `ids` are full resource names."""

    scope: Scope
    """The keys' own scope: more rings, for another region, become its children."""

    ready: Mapping[KeyPurpose, tuple[pulumi.Resource, ...]]
    """Grants of the key to the agents that use it: encrypted resources come after these."""

    @property
    def foundation(self) -> GcpFoundation:
        """Services and agents; where the keys were there before, nothing may have asked for them yet."""
        return native(self.scope.context.foundation.parts, GcpFoundation)


@dataclass(frozen=True, kw_only=True)
class GcpNetwork(NetworkParts):
    """A VPC with one subnet for all zones; `node_subnet_ids` holds that one."""

    subnet_id: pulumi.Output[str]
    """`projects/P/regions/R/subnetworks/S` of nodes."""

    pods_range: pulumi.Input[str]
    """Name of the secondary range for pods."""

    services_range: pulumi.Input[str]
    """Name of the secondary range for services."""

    apps_subnet_id: pulumi.Output[str]
    """Subnet for Cloud Run's direct egress."""

    ready: tuple[pulumi.Resource, ...]
    """Egress, private DNS and routes: machines and instances come after these."""


@dataclass(frozen=True, kw_only=True)
class GcpMember:
    """Who a role is granted to."""

    member: pulumi.Input[str]
    """`serviceAccount:…`, `group:…`, `user:…` or `principalSet://…`."""

    label: str
    """Part of logical names; empty where the identity has one member only."""


@dataclass(frozen=True, kw_only=True)
class GcpIdentity(IdentityParts):
    """A service account, the groups that hold one of people's roles, or a member that was there before.

    `principal` is the (first) member.
    """

    account: serviceaccount.Account | None
    """The service account, where made here."""

    email: pulumi.Output[str] | None
    """Its e-mail address, where made here."""

    short: str
    """Logical name without the platform's, for names of grants."""

    members: tuple[GcpMember, ...]
    """Everyone a grant is made to."""
