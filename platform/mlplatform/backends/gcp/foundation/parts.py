"""Outputs of the foundation for the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi

from mlplatform.components.foundation import FoundationParts

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
class ServiceAgent:
    """The account of a service that not every platform uses."""

    member: pulumi.Output[str]
    """Itself as a member of grants."""

    ready: tuple[pulumi.Resource, ...]
    """What the agent needs first: resources that it works for come after these."""


@dataclass(frozen=True, kw_only=True)
class GcpFoundation(FoundationParts):
    """Enabled services and their agents; `ready` holds every service."""

    services: Mapping[str, pulumi.Resource]
    """Enabled service by its name without the domain: `container`."""

    agents: Mapping[Agent, pulumi.Output[str]]
    """Member of each service agent for grants; an output, so that a grant comes after the agent."""

    rights: Mapping[str, pulumi.Resource] = field(default_factory=dict[str, pulumi.Resource])
    """Roles that a service's agent needs first, by the service's name."""

    def after(self, *services: str) -> tuple[pulumi.Resource, ...]:
        """Dependencies of a resource that uses these services."""
        enabled = tuple(self.services[service] for service in services)
        return (*enabled, *(self.rights[service] for service in services if service in self.rights))
