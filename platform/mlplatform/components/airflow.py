"""What Airflow in the cluster has in the cloud: the identity of its pods, and a user of the tracking server's database.
The layer has the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from mlplatform.components.airflow_names import AIRFLOW_ACCOUNT, AIRFLOW_DATABASE, AIRFLOW_LOGS
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.cluster import Cluster
from mlplatform.components.cluster_endpoint import PodIdentity
from mlplatform.components.tracking import Tracking
from mlplatform.spec.airflow import AIRFLOW_NAMESPACE

if TYPE_CHECKING:
    from mlplatform.components.context import Context

_NOTE = (
    "Airflow keeps what it knows of runs in a database beside the tracking server's, and with it: replacing that "
    "PostgreSQL loses the history of both"
)


class Airflow(Component):
    """The identity with which Airflow's pods reach their database and the logs of tasks."""

    capability = "tracking"

    def __init__(
        self,
        name: str,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        store: ArtifactStore,
        cluster: Cluster,
        tracking: Tracking,
    ) -> None:
        """Make the identity and its user.

        Args:
            name: logical name.
            context: the platform it belongs to.
            opts: the usual options.
            store: the store of the logs.
            cluster: the cluster that runs it.
            tracking: the tracking server on the same cluster.

        Raises:
            ValueError: the tracking server has no database of ours.
        """
        super().__init__(name, context, opts)
        if tracking.database is None:
            raise ValueError("tracking: Airflow needs the database of a tracking server on the cluster")
        self.identity = PodIdentity(
            f"{self.scope.name}-pods", AIRFLOW_NAMESPACE, AIRFLOW_ACCOUNT, context, pulumi.ResourceOptions(parent=self)
        )
        store.grant_folder(self.identity, *AIRFLOW_LOGS)
        self.user = tracking.database.admit(self.scope, self.identity, AIRFLOW_DATABASE)
        cluster.bind(self.identity, AIRFLOW_NAMESPACE, AIRFLOW_ACCOUNT)
        self.scope.note("cluster.airflow", _NOTE)
        self.register_outputs({"user": self.user})

    @property
    def layer(self) -> dict[str, pulumi.Input[object]]:
        """What the stack of the layer is told."""
        return {"user": self.user}
