"""What GCP components hand to each other, beyond what every cloud's do. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pulumi

from mlplatform.components.artifact_store import StoreAccess, StoreParts
from mlplatform.components.context import Scope
from mlplatform.components.foundation import FoundationParts
from mlplatform.components.identity import Identity, IdentityParts
from mlplatform.components.keys import KeysParts
from mlplatform.components.network import NetworkParts
from mlplatform.components.registry import ImageRegistryParts
from mlplatform.components.routes import RoutesParts
from mlplatform.components.telemetry import TelemetryParts
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.keys import KeyPurpose

if TYPE_CHECKING:
    from pulumi_gcp import artifactregistry, logging, serviceaccount, storage

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

    foundation: GcpFoundation
    """Services and agents."""

    ready: Mapping[KeyPurpose, tuple[pulumi.Resource, ...]]
    """Grants of the key to the agents that use it: encrypted resources come after these."""


@dataclass(frozen=True, kw_only=True)
class GcpTelemetry(TelemetryParts):
    """The log bucket; Managed Prometheus is the project's own, Grafana a Cloud Run service."""

    foundation: GcpFoundation
    """Services and agents."""

    log_bucket: str
    """`projects/P/locations/R/buckets/B`, the log bucket of the platform."""

    log_view: logging.LogView
    """View of that bucket for people who work with the platform."""

    log_retention_days: int
    """Days logs are kept."""


@dataclass(frozen=True, kw_only=True)
class GcpRoutes(RoutesParts):
    """Notification channels; `targets` holds channel names, one after another in the API's wish for serial writes."""

    topic_id: pulumi.Output[str]
    """`projects/P/topics/T`: alerts that start automation (a rollback, a retraining) are published here."""

    automation: pulumi.Output[str]
    """Channel that publishes to the topic; add it to the alerts that start something."""

    emails: Mapping[str, pulumi.Output[str]]
    """Channel name by e-mail address; the budget takes only these."""

    last: pulumi.Resource
    """The channel made last: whoever makes another one waits for it."""


@dataclass(frozen=True, kw_only=True)
class GcpNetwork(NetworkParts):
    """A VPC with one subnet for all zones; `node_subnet_ids` holds that one."""

    name: str
    """Name of the VPC."""

    subnet_id: pulumi.Output[str]
    """`projects/P/regions/R/subnetworks/S` of nodes."""

    pods_range: str
    """Name of the secondary range for pods."""

    services_range: str
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
    """A service account, or the groups that hold one of people's roles. `principal` is the (first) member."""

    account: serviceaccount.Account | None
    """The service account; None for people."""

    email: pulumi.Output[str] | None
    """Its e-mail address; None for people."""

    short: str
    """Logical name without the platform's, for names of grants."""

    members: tuple[GcpMember, ...]
    """Everyone a grant is made to."""


@dataclass(frozen=True, kw_only=True)
class GcpBucket:
    """The bucket of one place."""

    bucket: storage.Bucket
    """The bucket."""

    name: str
    """Physical name, known beforehand."""


@dataclass(frozen=True, kw_only=True)
class GcpAccessLogs:
    """Where access to other buckets is recorded."""

    bucket: storage.Bucket
    """The bucket of records."""

    writer: storage.BucketIAMMember
    """The right to deliver them: a bucket whose access is recorded comes after it."""


@dataclass(frozen=True, kw_only=True)
class GcpStore(StoreParts):
    """Buckets by place."""

    scope: Scope
    """The store's own scope: grants become its children."""

    buckets: Mapping[Place, GcpBucket]
    """Bucket by place."""

    def grant(self, identity: Identity, access: StoreAccess, places: Sequence[Place]) -> None:
        """Give an identity access to places; Cloud Storage uses the key itself, so none is granted."""
        from mlplatform.backends.gcp.grants import grant_store

        grant_store(self, identity, access, places)


@dataclass(frozen=True, kw_only=True)
class GcpImages(ImageRegistryParts):
    """Image repositories and caches of public registries."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    repositories: Mapping[str, artifactregistry.Repository]
    """Repository by its name in the spec."""

    caches: Mapping[str, artifactregistry.Repository]
    """Cache by public registry, for example `docker.io`."""

    cache_addresses: Mapping[str, str]
    """What stands for the public registry in an image's name, by public registry."""

    def grant(self, identity: Identity, access: Literal["pull", "push"]) -> None:
        """Let an identity pull, or pull and push, images of every repository."""
        from mlplatform.backends.gcp.grants import grant_images

        grant_images(self, identity, access)

    def through(self, image: str) -> str:
        """An image's name by way of the cache of its registry; unchanged where there is none."""
        registry, slash, rest = image.partition("/")
        if not slash or ("." not in registry and ":" not in registry):
            registry, rest = "docker.io", image if slash else f"library/{image}"
        cache = self.cache_addresses.get(registry)
        return f"{cache}/{rest}" if cache else image
