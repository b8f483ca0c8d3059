"""What the tracking server has in the cloud: its database, and the identity of its pods. The layer has the server."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_endpoint import PodIdentity
from mlplatform.components.contract import contract
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.tracking_names import ARTIFACTS, TRACKING_ACCOUNT, TRACKING_URL
from mlplatform.components.tracking_sizes import TrackingSizes, tracking_sizes
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.tracking import TRACKING_NAMESPACE, TrackingSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context

_ON_CLUSTER = (
    f"the server starts with the stack of what is inside the cluster; jobs of the cluster reach it at {TRACKING_URL}, "
    "and nobody else. Steps of pipelines that the cloud's own service runs have no token of the cluster: their "
    "candidates are in the store alone. Use engine: cluster, or tracking.server: service or managed, as the cloud has "
    "it. Whoever may run jobs may read, change and delete every run: MLflow has one set of rights"
)


@dataclass(frozen=True, kw_only=True)
class TrackingDatabase:
    """The database, as the server's pods log in to it. Nothing of it is secret."""

    host: pulumi.Output[str]
    """Name or private address."""

    user: pulumi.Input[str]
    """Who logs in."""

    admit: Callable[[Scope, Identity, str], pulumi.Input[str]]
    """Lets one more identity log in, which has a database of that name for itself, and says as whom. What the cloud's
    API cannot make of it, the identity makes when it comes first."""

    secret: pulumi.Output[str] | None = None
    """The vault's id of the password that rotates; None where pods log in with a token of their identity."""

    authority: pulumi.Output[str] | None = None
    """Certificate of the authority that signed the server's own, PEM; None where it is a public one, or not known."""


@contract("tracking.database")
class BuildsTrackingDatabase(Protocol):
    """Makes the private database, and lets an identity log in to it: of pods of a cluster, or of a service."""

    def __call__(
        self, scope: Scope, spec: TrackingSpec, sizes: TrackingSizes, identity: Identity, cluster: Cluster | None, /
    ) -> TrackingDatabase: ...


@dataclass(frozen=True, kw_only=True)
class ManagedTracking(ABC):
    """The server of the cloud's own service, or ours as a service of containers: its callers are granted."""

    uri: pulumi.Output[str]
    """What MLflow's client calls it; its plug-in of the cloud finds the host and logs in."""

    note: str
    """What the plan's reader must know of it."""

    clients_write: bool = False
    """Whether clients write artefacts to the store themselves, beside the server."""

    @abstractmethod
    def grant(self, identity: Identity) -> None:
        """Let an identity log runs and register models. No such service has a right that only reads."""


@contract("tracking.service")
class BuildsTrackingService(Protocol):
    """Makes the server as a service of containers, which asks its callers for their identity."""

    def __call__(
        self,
        scope: Scope,
        spec: TrackingSpec,
        sizes: TrackingSizes,
        identity: Identity,
        database: TrackingDatabase,
        store: ArtifactStore,
        models: ModelRegistry,
        /,
    ) -> ManagedTracking: ...


@contract("tracking.managed")
class BuildsManagedTracking(Protocol):
    """Makes the server of the cloud's own service, or takes the one that the platform has."""

    def __call__(self, scope: Scope, store: ArtifactStore, models: ModelRegistry, /) -> ManagedTracking: ...


@record(kw_only=True)
class ManagedClient:
    """What a client of the cloud's own server needs."""

    packages: tuple[str, ...]
    """Packages of Python with their versions: the plug-in that logs in, and an MLflow that the service knows."""

    uri: str | None = None
    """Address of the server. None: only the stack's output `trackingUri` has it."""

    token: str | None = None
    """Command that prints the token of whoever calls. None: the plug-in logs in by itself."""


@contract("tracking.client")
class DescribesManagedClient(Protocol):
    """Says what a client of the cloud's own server needs, without an account."""

    def __call__(self, spec: PlatformSpec, /) -> ManagedClient: ...


class Tracking(Component):
    """A tracking server's database and identity, all of it as a service, or the cloud's own server. Replacing it loses
    every run and every registered model."""

    capability = "tracking"

    def __init__(
        self,
        name: str,
        spec: TrackingSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        store: ArtifactStore,
        cluster: Cluster | None = None,
        models: ModelRegistry | None = None,
    ) -> None:
        """Make the database, and the identity with which the server reaches it and the artefacts; or the cloud's own.

        Args:
            name: logical name.
            spec: the server.
            context: the platform it belongs to.
            opts: the usual options.
            store: the store of its artefacts.
            cluster: the cluster that runs it. Omitted: a service runs it.
            models: the model registry. Omitted: the cluster runs the server.

        Raises:
            ValueError: what runs it is not given.
        """
        super().__init__(name, context, opts)
        self.database: TrackingDatabase | None = None
        self.identity: PodIdentity | None = None
        self.managed: ManagedTracking | None = None
        if spec.server != "cluster":
            if models is None:
                raise ValueError("models: a tracking server of the cloud's service needs the model registry")
            if spec.server == "managed":
                self.managed = context.backend.load(BuildsManagedTracking)(self.scope, store, models)
            else:
                self.managed = self._as_service(spec, context, store, models)
            self.uri, note = self.managed.uri, self.managed.note
        else:
            if cluster is None:
                raise ValueError("cluster: a tracking server on the cluster needs one")
            self._on_cluster(spec, context, store, cluster)
            self.uri, note = pulumi.Output.from_input(TRACKING_URL), _ON_CLUSTER
        self.scope.note("tracking", note)
        self.register_outputs({"uri": self.uri})

    def _on_cluster(self, spec: TrackingSpec, context: Context, store: ArtifactStore, cluster: Cluster) -> None:
        # before the identity: a missing SDK is reported first
        build = context.backend.load(BuildsTrackingDatabase)
        self.identity = PodIdentity(
            f"{self.scope.name}-pods",
            TRACKING_NAMESPACE,
            TRACKING_ACCOUNT,
            context,
            pulumi.ResourceOptions(parent=self),
        )
        store.grant_folder(self.identity, *ARTIFACTS)
        self.database = build(self.scope, spec, tracking_sizes(context.spec, spec), self.identity, cluster)
        cluster.bind(self.identity, TRACKING_NAMESPACE, TRACKING_ACCOUNT)

    def _as_service(
        self, spec: TrackingSpec, context: Context, store: ArtifactStore, models: ModelRegistry
    ) -> ManagedTracking:
        build, make = context.backend.load(BuildsTrackingService), context.backend.load(BuildsTrackingDatabase)
        sizes = tracking_sizes(context.spec, spec)
        identity = Identity(f"{self.scope.name}-service", "serving", context, pulumi.ResourceOptions(parent=self))
        store.grant_folder(identity, *ARTIFACTS)
        database = make(self.scope, spec, sizes, identity, None)
        return build(self.scope, spec, sizes, identity, database, store, models)

    def grant(self, identity: Identity, store: ArtifactStore | None = None) -> None:
        """Let an identity log runs and register models, where the cloud's service decides that: in the cluster, the
        server itself knows the accounts of jobs.

        Args:
            identity: the identity.
            store: the store of artefacts. Omitted: the identity writes the place of models already.
        """
        if self.managed:
            self.managed.grant(identity)
            identity.note_grant("log", "tracking")
            if store and self.managed.clients_write:
                store.grant_folder(identity, *ARTIFACTS)

    @property
    def layer(self) -> dict[str, pulumi.Input[object]]:
        """What the stack of the layer is told of the database; nothing where the cloud's service runs the server."""
        found = self.database
        if found is None:
            return {}
        return {
            "host": found.host,
            "user": found.user,
            **({"secret": found.secret} if found.secret is not None else {}),
            **({"authority": found.authority} if found.authority is not None else {}),
        }
