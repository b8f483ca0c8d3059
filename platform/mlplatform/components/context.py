"""The context of the components of one platform on one target: its spec, its notes, and the components they share."""

from __future__ import annotations

from functools import cached_property

import pulumi

from mlplatform import discovery
from mlplatform.components.backend import Backend
from mlplatform.components.cluster import Cluster
from mlplatform.components.existing import Existing, named_existing
from mlplatform.components.foundation import Foundation
from mlplatform.components.granted import GrantNote
from mlplatform.components.keys import Keys
from mlplatform.components.names import logical_prefix
from mlplatform.components.network import Network
from mlplatform.components.options import refuse_options
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.release_problems import release_problems, unused_releases
from mlplatform.components.releases import apply_record
from mlplatform.components.routes import AlertRoutes
from mlplatform.components.scope import Note
from mlplatform.components.telemetry import Telemetry
from mlplatform.deprecation import former_argument
from mlplatform.spec.order import in_order
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.profile import Defaults
from mlplatform.spec.releases import ReleaseRecord
from mlplatform.spec.target import Target
from mlplatform.spec.training import TrainingSpec


class Context:
    """One platform on one target."""

    spec: PlatformSpec
    """The platform, narrowed to the target, with the target's overrides applied."""

    siblings: tuple[Target, ...]
    """The platform's other targets on the same cloud."""

    opts: pulumi.ResourceOptions | None
    """Options of every component of this context."""

    existing: Existing
    """Existing resources that the platform uses."""

    notes: list[Note]
    """Notes for the plan's reader."""

    granted: list[GrantNote]
    """What its components granted so far."""

    secrets_read: list[str]
    """Keys of the stack's secret configuration that its components read so far."""

    wanted: PlatformSpec
    """The platform on this target as the spec wants it; `spec` has only what is released."""

    def __init__(
        self,
        spec: PlatformSpec,
        target: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        existing: Existing | None = None,
        notes: list[Note] | None = None,
        record: ReleaseRecord | None = None,
        cloud: str | None = None,
    ) -> None:
        """Choose a target.

        Components used alone take `Context(PlatformSpec(…))`; the components that they need (keys, network, log store)
        are made once, on first use, from that spec. Two contexts in one program need two platforms or two targets.

        Args:
            spec: the platform, with any number of targets.
            target: the target's name, or its cloud where it is the only one there. Omitted: the only target.
            opts: parent, provider, protection and dependencies of every component of this context. A component's own
                options come on top, and aliases are its own.
            existing: existing resources that the platform uses. Omitted: none.
            notes: a list to add notes to. Omitted: a new one.
            record: what is released of the endpoints. Omitted: the record that was read with the spec; with none, every
                endpoint waits for its first release.
            cloud: the former name of `target`.

        Raises:
            LookupError: the spec has no such target.
            ValueError: the spec has several targets and none is named, an existing part belongs to another cloud, or
                the record of releases contradicts the spec.
            OptionRefused: the components cannot honour one of the options.
        """
        target = former_argument("target", target, "cloud", cloud)
        if target is None:
            if len(spec.targets) != 1:
                known = ", ".join(each.name for each in spec.targets)
                raise ValueError(f"the spec has several targets ({known}): name one of them as the target")
            target = spec.targets[0].name
        chosen = spec.target(target)
        self.siblings = tuple(each for each in spec.targets if each.cloud == chosen.cloud and each is not chosen)
        if opts is not None:
            refuse_options("Context", opts)
        self.wanted = in_order(spec.on(chosen.name)).with_record(record or spec.record)
        backend = discovery.backend(chosen.cloud)
        self.spec = apply_record(self.wanted, backend)
        self.opts = opts
        self.existing = (existing or Existing()).over(named_existing(self.backend, self.target))
        self.notes = [] if notes is None else notes
        self.granted = []
        self.secrets_read = []
        problems = list(self.existing.problems(chosen.cloud))
        # the caller's store may be another one than the spec's
        own_store = self.existing.store is None
        problems += [
            f"{problem.path}: got {problem.got}, expected {problem.expected}; {problem.fix}"
            for problem in release_problems(self.wanted, backend, own_store=own_store)
        ]
        if problems:
            raise ValueError("; ".join(problems))
        for place, missing in unused_releases(self.wanted):
            self.notes.append(Note(f"record.{place}", f"the spec has no {missing}: remove this release, or add it"))

    @property
    def cloud(self) -> str:
        """The target's cloud."""
        return self.target.cloud

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
        """First part of every logical name: the platform's name, and the target's if it has its own."""
        return logical_prefix(self.spec)

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
