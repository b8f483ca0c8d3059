"""What the tracking server has in the cloud: its database, and the identity of its pods. The layer has the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_endpoint import PodIdentity
from mlplatform.components.contract import contract
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.tracking import TRACKING_NAMESPACE, DatabaseSize, TrackingSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context

TRACKING_ACCOUNT = "tracking"
"""Service account of the server's pods, and what the layer calls its identity."""

ARTIFACTS: tuple[Place, str] = ("models", "_tracking")
"""Place and folder of the store with the artefacts of runs: no model has a name that begins so."""

DATABASE = "mlflow"
"""Name of the database on its server."""

PORT = 5432
"""Port of PostgreSQL."""

FIRST_GIB = 32
"""The disk of a new database, GiB. It grows by itself, so no later value is ever sent."""

TRACKING_URL = f"http://mlflow.{TRACKING_NAMESPACE}.svc.cluster.local"
"""Address of the server inside the cluster."""

TRACKING_AUDIENCE = f"mlflow.{TRACKING_NAMESPACE}.svc.cluster.local"
"""Audience of the tokens with which jobs log in to it."""


@record(kw_only=True)
class TrackingSizes:
    """A tracking server's settings with the defaults of its environment."""

    size: DatabaseSize
    """Machine of the database."""

    standby: bool
    """Whether a second database takes over."""

    backup_days: int
    """Days of backups."""

    replicas: int
    """Servers beside each other."""


def tracking_sizes(spec: PlatformSpec, tracking: TrackingSpec) -> TrackingSizes:
    """What is not said, as the environment's profile has it."""
    profile, database = spec.profile_in_use, tracking.database
    return TrackingSizes(
        size=database.size or ("small" if profile == "dev" else "medium"),
        standby=profile == "prod" if database.standby is None else database.standby,
        backup_days=database.backup_days or (7 if profile == "dev" else 30),
        replicas=tracking.replicas or (2 if profile == "prod" else 1),
    )


@dataclass(frozen=True, kw_only=True)
class TrackingDatabase:
    """The database, as the server's pods log in to it. Nothing of it is secret."""

    host: pulumi.Output[str]
    """Name or private address."""

    user: pulumi.Input[str]
    """Who logs in."""

    secret: pulumi.Output[str] | None = None
    """The vault's id of the password that rotates; None where pods log in with a token of their identity."""

    authority: pulumi.Output[str] | None = None
    """Certificate of the authority that signed the server's own, PEM; None where it is a public one, or not known."""


@contract("tracking.database")
class BuildsTrackingDatabase(Protocol):
    """Makes the private database, and lets an identity log in to it."""

    def __call__(
        self, scope: Scope, spec: TrackingSpec, sizes: TrackingSizes, identity: Identity, cluster: Cluster, /
    ) -> TrackingDatabase: ...


class Tracking(Component):
    """A tracking server's database and identity. Replacing the database loses every run and every registered model."""

    capability = "tracking"

    def __init__(
        self,
        name: str,
        spec: TrackingSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        store: ArtifactStore,
        cluster: Cluster,
    ) -> None:
        """Make the database, and the identity with which the server reaches it and the artefacts.

        Args:
            name: logical name.
            spec: the server.
            context: the platform it belongs to.
            opts: the usual options.
            store: the store of its artefacts.
            cluster: the cluster that runs it.
        """
        super().__init__(name, context, opts)
        # before the identity: a missing SDK is reported first
        build = context.backend.load(BuildsTrackingDatabase)
        self.identity = PodIdentity(
            f"{name}-pods", TRACKING_NAMESPACE, TRACKING_ACCOUNT, context, pulumi.ResourceOptions(parent=self)
        )
        store.grant_folder(self.identity, *ARTIFACTS)
        self.database = build(self.scope, spec, tracking_sizes(context.spec, spec), self.identity, cluster)
        cluster.bind(self.identity, TRACKING_NAMESPACE, TRACKING_ACCOUNT)
        self.scope.note(
            "tracking",
            f"the server starts with the stack of what is inside the cluster; jobs of the cluster reach it at "
            f"{TRACKING_URL}, and nobody else: steps of pipelines that the cloud's own service runs do not. Whoever "
            "may run jobs may read, change and delete every run: MLflow has one set of rights",
        )
        self.uri = pulumi.Output.from_input(TRACKING_URL)
        self.register_outputs({"uri": self.uri})

    @property
    def layer(self) -> dict[str, pulumi.Input[object]]:
        """What the stack of the layer is told of the database."""
        found = self.database
        return {
            "host": found.host,
            "user": found.user,
            **({"secret": found.secret} if found.secret is not None else {}),
            **({"authority": found.authority} if found.authority is not None else {}),
        }
