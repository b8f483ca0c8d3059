"""Airflow as a service of the cloud: its workers start the pods of steps in the training cluster."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.airflow_names import AIRFLOW_WORKERS
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.contract import contract
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.managed_airflow import ManagedAirflowSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context

_NOTE = (
    "the cloud keeps what its Airflow knows of runs: replacing it loses that history. It takes some half an hour to be "
    "made, and as long to be changed"
)


@dataclass(frozen=True, kw_only=True)
class ManagedAirflowParts(ABC):
    """One Airflow."""

    url: pulumi.Output[str]
    """Address of its pages, with `https://`."""

    layer: dict[str, pulumi.Input[object]] = field(default_factory=dict[str, "pulumi.Input[object]"])
    """What the layer inside the cluster is told of it."""

    @abstractmethod
    def grant_open(self, identity: Identity) -> None:
        """Let people open its pages, and start, stop and clear runs."""

    @abstractmethod
    def grant_start(self, identity: Identity) -> None:
        """Let a program start, see and stop runs."""


@contract("pipelines.airflow_service")
class BuildsManagedAirflow(Protocol):
    """Makes the Airflow with the DAGs of the spec: encrypted, in the platform's network, with an identity that may make
    pods in the namespace of steps and nothing else in the cluster."""

    def __call__(
        self, scope: Scope, spec: ManagedAirflowSpec, identity: Identity, store: ArtifactStore, cluster: Cluster, /
    ) -> ManagedAirflowParts: ...


class ManagedAirflow(Component):
    """An Airflow that the cloud runs, and the identity of its workers."""

    capability = "pipelines"

    def __init__(
        self,
        name: str,
        spec: ManagedAirflowSpec,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        store: ArtifactStore,
        cluster: Cluster,
    ) -> None:
        """Make it.

        Args:
            name: logical name.
            spec: what it has.
            context: the platform it belongs to.
            opts: the usual options.
            store: the artifact store, whose log bucket records who reads its DAGs.
            cluster: the cluster with the pods of steps.
        """
        super().__init__(name, context, opts)
        self.spec = spec
        self.identity = Identity(
            f"{context.prefix}-{AIRFLOW_WORKERS}", "airflow", context, pulumi.ResourceOptions(parent=self)
        )
        self.parts = context.backend.load(BuildsManagedAirflow)(self.scope, spec, self.identity, store, cluster)
        self.url = self.parts.url
        self.scope.note("cluster.managed_airflow", _NOTE)
        self.register_outputs({"url": self.url})

    def grant_open(self, identity: Identity) -> None:
        """Let people open its pages, and start, stop and clear runs.

        Args:
            identity: of the people.
        """
        self.parts.grant_open(identity)
        identity.note_grant("start", "airflow")

    def grant_start(self, identity: Identity) -> None:
        """Let a program start, see and stop runs.

        Args:
            identity: of the program.
        """
        self.parts.grant_start(identity)
        identity.note_grant("start", "airflow")
