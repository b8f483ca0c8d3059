"""What every component of one platform shares: the spec on one cloud, notes, and the common components."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import pulumi

from mlplatform import discovery
from mlplatform.components.existing import Existing
from mlplatform.components.narrowed import typed_target
from mlplatform.components.selection import bound_reservation
from mlplatform.spec.order import in_order
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.profile import Defaults
from mlplatform.spec.target import ReservationBinding, Target
from mlplatform.spec.training import GpuPoolSpec

if TYPE_CHECKING:
    from mlplatform.components.backend import Backend
    from mlplatform.components.cluster import Cluster
    from mlplatform.components.foundation import Foundation
    from mlplatform.components.keys import Keys
    from mlplatform.components.network import Network
    from mlplatform.components.registry import ImageRegistry
    from mlplatform.components.routes import AlertRoutes
    from mlplatform.components.telemetry import Telemetry

T = TypeVar("T", bound=Target)


@dataclass(frozen=True, slots=True)
class Note:
    """Something the plan tells its reader: a choice made, or a step left to a person."""

    path: str
    """Field path in the spec."""

    text: str
    """One sentence."""


@dataclass
class Context:
    """One platform on one cloud.

    Components used alone take `Context(PlatformSpec(…))`; what they need and nobody gave them (keys, network,
    log store) is made once, on first use, from that spec. Two contexts in one program need two platform names.

    Raises:
        ValueError: the cloud is not said or not the spec's, or something existing is another cloud's.
    """

    spec: PlatformSpec
    """The platform, with any number of targets."""

    cloud: str | None = None
    """Which target. Omitted: the only one."""

    opts: pulumi.ResourceOptions | None = None
    """Parent, provider, protection and dependencies of every component of this context. A component's own options
    come on top, and aliases are its own."""

    existing: Existing = field(default_factory=Existing)
    """What somebody else made."""

    notes: list[Note] = field(default_factory=list[Note])
    """What the plan tells its reader."""

    def __post_init__(self) -> None:
        if self.cloud is None:
            if len(self.spec.targets) != 1:
                known = ", ".join(target.cloud for target in self.spec.targets)
                raise ValueError(f"the spec has several targets ({known}): say which cloud")
            self.cloud = self.spec.targets[0].cloud
        self.spec = in_order(self.spec.on(self.cloud))
        wrong = self.existing.problems(self.cloud)
        if wrong:
            raise ValueError("; ".join(wrong))
        self._foundation: Foundation | None = None
        self._keys: Keys | None = None
        self._telemetry: Telemetry | None = None
        self._routes: AlertRoutes | None = None
        self._network: Network | None = None
        self._images: ImageRegistry | None = None
        self._cluster: Cluster | None = None

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
        """What omitted fields mean in this environment."""
        return self.spec.defaults

    @property
    def prefix(self) -> str:
        """First part of every logical name: the platform's name."""
        return self.spec.name

    @property
    def foundation(self) -> Foundation:
        """What everything else on this cloud stands on."""
        from mlplatform.components.foundation import Foundation

        if self._foundation is None:
            self._foundation = Foundation(f"{self.prefix}-foundation", self)
        return self._foundation

    @property
    def keys(self) -> Keys:
        """The encryption keys."""
        from mlplatform.components.keys import Keys

        if self._keys is None:
            self._keys = Keys(f"{self.prefix}-keys", self.spec.keys, self)
        return self._keys

    @property
    def telemetry(self) -> Telemetry:
        """Where logs and metrics go."""
        from mlplatform.components.telemetry import Telemetry

        if self._telemetry is None:
            self._telemetry = Telemetry(f"{self.prefix}-telemetry", self.spec.monitoring, self)
        return self._telemetry

    @property
    def routes(self) -> AlertRoutes:
        """Where alerts go."""
        from mlplatform.components.routes import AlertRoutes

        if self._routes is None:
            self._routes = AlertRoutes(f"{self.prefix}-routes", self.spec.monitoring, self)
        return self._routes

    @property
    def network(self) -> Network:
        """The network."""
        from mlplatform.components.network import Network

        if self._network is None:
            self._network = Network(f"{self.prefix}-network", self.spec.network, self)
        return self._network

    @property
    def images(self) -> ImageRegistry:
        """The image registry."""
        from mlplatform.components.registry import ImageRegistry

        if self._images is None:
            self._images = ImageRegistry(f"{self.prefix}-images", self.spec.registry, self)
        return self._images

    @property
    def cluster(self) -> Cluster:
        """The training cluster: the existing one, or one made from the spec's `training`."""
        from mlplatform.components.cluster import Cluster
        from mlplatform.spec.training import TrainingSpec

        if self._cluster is None:
            self._cluster = Cluster(f"{self.prefix}-cluster", self.spec.training or TrainingSpec(), self)
        return self._cluster


@dataclass(frozen=True, slots=True)
class Scope:
    """What a backend needs to make one component's resources."""

    context: Context
    """The platform on this cloud."""

    name: str
    """The component's logical name; children are named below it."""

    component: pulumi.Resource
    """Parent of every resource."""

    capability: str
    """For the resources' tags."""

    waits: pulumi.ResourceOptions | None = None
    """Dependencies of the component's options, and of those it is in; None where there are none."""

    @property
    def spec(self) -> PlatformSpec:
        """The platform's spec on this cloud."""
        return self.context.spec

    @property
    def defaults(self) -> Defaults:
        """What omitted fields mean in this environment."""
        return self.context.defaults

    @property
    def tags(self) -> dict[str, str]:
        """Tags of every resource, in the strictest alphabet of the three clouds."""
        spec = self.spec
        return {
            **spec.tags,
            "platform": spec.name,
            "environment": spec.environment,
            "owner": spec.owner,
            "cost-center": spec.cost_center,
            "data-class": spec.data_class,
            "capability": self.capability,
            "managed-by": "mlplatform",
        }

    def target(self, kind: type[T]) -> T:
        """The target, as its cloud's own type."""
        return typed_target(self.context.target, kind)

    def reservation(self, pool: GpuPoolSpec) -> ReservationBinding | None:
        """The target's binding of the reservation that a pool names; None where it names none."""
        return bound_reservation(self.context.target, pool)

    def child(self, role: str) -> str:
        """Logical name of a child resource: part of its URN, never to be changed without an alias."""
        return f"{self.name}-{role}"

    def note(self, path: str, text: str) -> None:
        """Tell the plan's reader something."""
        self.context.notes.append(Note(path, text))

    def secret(self, key: str) -> pulumi.Output[str]:
        """A secret of the stack's configuration (`pulumi config set --secret mlplatform:<key>`)."""
        return pulumi.Config("mlplatform").require_secret(key)

    def opts(
        self,
        *,
        depends_on: Sequence[pulumi.Resource] = (),
        protect: bool | None = None,
        ignore_changes: Sequence[str] | None = None,
        delete_before_replace: bool | None = None,
        retain_on_delete: bool | None = None,
        replace_on_changes: Sequence[str] | None = None,
        provider: pulumi.ProviderResource | None = None,
        parent: pulumi.Resource | None = None,
        timeouts: Mapping[str, str] | None = None,
        former: Sequence[str] = (),
    ) -> pulumi.ResourceOptions:
        """Options of a child resource. `ignore_changes` takes wire names (camelCase) for nested paths.

        Like the component, it waits for what the component's options depend on: Pulumi itself lets only the
        component wait. `former` are roles it had in earlier releases: with them it stays the same resource.
        """
        own = pulumi.ResourceOptions(
            parent=parent or self.component,
            depends_on=list(depends_on) or None,
            # False would lift the protection that a component's options put on everything in it
            protect=protect or None,
            ignore_changes=list(ignore_changes) if ignore_changes else None,
            delete_before_replace=delete_before_replace,
            retain_on_delete=retain_on_delete,
            replace_on_changes=list(replace_on_changes) if replace_on_changes else None,
            provider=provider,
            custom_timeouts=pulumi.CustomTimeouts(**timeouts) if timeouts else None,
            aliases=[pulumi.Alias(name=self.child(role)) for role in former] or None,
        )
        return own if self.waits is None else pulumi.ResourceOptions.merge(self.waits, own)
