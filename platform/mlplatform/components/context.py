"""The context of the components of one platform on one cloud: its spec, its notes, and the components they share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pulumi

from mlplatform import discovery
from mlplatform.components.backend import Backend
from mlplatform.components.cluster import Cluster
from mlplatform.components.existing import Existing
from mlplatform.components.foundation import Foundation
from mlplatform.components.keys import Keys
from mlplatform.components.network import Network
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.releases import apply_record, release_problems, unused_releases
from mlplatform.components.routes import AlertRoutes
from mlplatform.components.scope import Note
from mlplatform.components.telemetry import Telemetry
from mlplatform.spec.order import in_order
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.profile import Defaults
from mlplatform.spec.releases import ReleaseRecord
from mlplatform.spec.target import Target
from mlplatform.spec.training import TrainingSpec


@dataclass
class Context:
    """One platform on one cloud.

    Components used alone take `Context(PlatformSpec(…))`; the components that they need (keys, network, log store) are
    made once, on first use, from that spec. Two contexts in one program need two platform names.

    Raises:
        ValueError: the cloud is missing or not in the spec, an existing part belongs to another cloud, or the record
            of releases contradicts the spec.
    """

    spec: PlatformSpec
    """The platform, with any number of targets."""

    cloud: str | None = None
    """Which target. Omitted: the only one."""

    opts: pulumi.ResourceOptions | None = None
    """Parent, provider, protection and dependencies of every component of this context. A component's own options
    come on top, and aliases are its own."""

    existing: Existing = field(default_factory=Existing)
    """Existing resources that the platform uses."""

    notes: list[Note] = field(default_factory=list[Note])
    """Notes for the plan's reader."""

    record: ReleaseRecord | None = None
    """What is released of the endpoints. Omitted: the record that was read with the spec; with none, every endpoint
    waits for its first release."""

    wanted: PlatformSpec = field(init=False)
    """The platform on this target as the spec wants it; `spec` has only what is released."""

    def __post_init__(self) -> None:
        if self.cloud is None:
            if len(self.spec.targets) != 1:
                known = ", ".join(target.cloud for target in self.spec.targets)
                raise ValueError(f"the spec has several targets ({known}): name one of them as the cloud")
            self.cloud = self.spec.targets[0].cloud
        record = self.record or self.spec.record
        self.wanted = in_order(self.spec.on(self.cloud)).with_record(record)
        self.spec = apply_record(self.wanted, self.backend)
        problems = list(self.existing.problems(self.cloud))
        # the caller's store may be another one than the spec's
        own_store = self.existing.store is None
        problems += [
            f"{problem.path}: got {problem.got}, expected {problem.expected}; {problem.fix}"
            for problem in release_problems(self.wanted, self.backend, own_store=own_store)
        ]
        if problems:
            raise ValueError("; ".join(problems))
        for place, missing in unused_releases(self.wanted):
            self.notes.append(Note(f"record.{place}", f"the spec has no {missing}: remove this release, or add it"))

    @property
    def backend(self) -> Backend:
        """The cloud's backend."""
        return discovery.backend(self.target.cloud)

    @property
    def target(self) -> Target:
        """The target."""
        return self.spec.targets[0]

    @property
    def defaults(self) -> Defaults:
        """Values of omitted fields in this environment."""
        return self.spec.defaults

    @property
    def prefix(self) -> str:
        """First part of every logical name: the platform's name."""
        return self.spec.name

    @cached_property
    def foundation(self) -> Foundation:
        """Enabled services, a resource group, account settings: everything else on this cloud depends on them."""
        return Foundation(f"{self.prefix}-foundation", self)

    @cached_property
    def keys(self) -> Keys:
        """The encryption keys."""
        return Keys(f"{self.prefix}-keys", self.spec.keys, self)

    @cached_property
    def telemetry(self) -> Telemetry:
        """The stores of logs and metrics."""
        return Telemetry(f"{self.prefix}-telemetry", self.spec.monitoring, self)

    @cached_property
    def routes(self) -> AlertRoutes:
        """The routes of alerts."""
        return AlertRoutes(f"{self.prefix}-routes", self.spec.monitoring, self)

    @cached_property
    def network(self) -> Network:
        """The network."""
        return Network(f"{self.prefix}-network", self.spec.network, self)

    @cached_property
    def images(self) -> ImageRegistry:
        """The image registry."""
        return ImageRegistry(f"{self.prefix}-images", self.spec.registry, self)

    @cached_property
    def cluster(self) -> Cluster:
        """The training cluster: the existing one, or one made from the spec's `training`."""
        return Cluster(f"{self.prefix}-cluster", self.spec.training or TrainingSpec(), self)
