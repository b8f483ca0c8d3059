"""What a cloud says to endpoints and the tracking server: contracts of `backends/<cloud>/cluster/`.

Imports no SDK.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import Labels, Text
from mlplatform.components.contract import contract
from mlplatform.components.labels import ROLE_LABEL
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec


@record(kw_only=True)
class CapturePlace:
    """Where pods write what an endpoint captures, as their identity."""

    settings: Mapping[str, str]
    """`rclone`'s settings of the store of `monitoring`; they make no bucket."""

    address: str
    """The bucket or container, as `rclone` spells it."""


@record(kw_only=True)
class SecretCommands:
    """How a container reads the cloud's secret store as its identity."""

    image: str
    """The vendor's command line."""

    read: str
    """The command that prints the value of `{secret}`."""

    login: tuple[str, ...] = ()
    """Lines of shell that come first. Omitted: the program finds the identity by itself."""


@record(kw_only=True)
class ModelAccess:
    """How pods read the models of the store as their identity, and where the cluster's tokens are checked."""

    address: str
    """Beginning of the addresses of artefacts, for which `rclone` has its own spelling: `s3://`."""

    settings: Mapping[str, str]
    """`rclone`'s settings of this store: it takes the identity from the pod."""

    captures: CapturePlace
    """Where requests and answers are kept."""

    keys_host: str
    """Host of the public keys of the cluster's tokens."""

    secrets: SecretCommands
    """How they read secrets."""

    entry: Mapping[str, str] | None = None
    """Annotations of a service from which the cloud's controller makes a public load balancer of connections. None: it
    needs none."""

    labels: Mapping[str, str] | None = None
    """Labels of pods that act as an identity."""

    identity_servers: tuple[tuple[str, int], ...] = ()
    """Addresses and ports at which pods get the credentials of their identity, besides HTTPS."""

    programs: Mapping[str, str] | None = None
    """Variables with which the platform's own programs in pods, monitors and the starter, find the store. Omitted: they
    know it by its address. A store of another cloud that speaks S3 needs `AWS_ENDPOINT_URL`: without it the programs
    would ask Amazon."""


@contract("cluster.serving")
class ServesModels(Protocol):
    """Says how endpoints on the cluster read their models."""

    def __call__(self, spec: PlatformSpec, /) -> ModelAccess: ...


TrackingLogin = Literal["aws-secret", "google-token", "entra-token", "token-url"]
"""How the tracking server logs in to its database: with a password from a vault, or a token of its identity.

`token-url` is the plain form for any cloud: a token from the address in `TRACKING_TOKEN_URL`."""


@record(kw_only=True)
class TrackingAccess:
    """How the tracking server reaches its database and the store of artefacts."""

    artifacts: str
    """The folder of artefacts, as MLflow writes it."""

    login: TrackingLogin
    """How it logs in to the database."""

    env: Mapping[str, Text]
    """Further variables of its container: how the database's certificate is checked, the region of the cloud's API."""


@contract("cluster.tracking")
class ReachesDatabase(Protocol):
    """Says how the tracking server reaches its database and the store of artefacts."""

    def __call__(self, spec: PlatformSpec, /) -> TrackingAccess: ...


@contract("cluster.airflow")
class KeepsTaskLogs(Protocol):
    """Says where Airflow keeps the logs of tasks, by variables of its pods: Airflow's own names."""

    def __call__(self, spec: PlatformSpec, /) -> Mapping[str, str]: ...


@record(kw_only=True)
class MeteredPods:
    """Pods of the namespace of endpoints whose metrics are read."""

    name: str
    """Name of the object that tells the collector of them."""

    role: str
    """Its role in the layer."""

    labels: Mapping[str, str]
    """Labels of the pods; those without a port of the metrics' name are passed over."""


ROUTERS = MeteredPods(name="routers", role="endpoint-metrics", labels={ROLE_LABEL: "router"})
SERVERS = MeteredPods(name="servers", role="server-metrics", labels={ROLE_LABEL: "model"})


@record(kw_only=True)
class RouterMetrics:
    """What brings the metrics of endpoints' routers, or servers, into the cloud's managed Prometheus."""

    annotations: Labels
    """Annotations of the pods; none where the collector looks for none."""

    items: tuple[LayerItem, ...]
    """Objects that tell the collector of the pods; none where it needs none."""


@contract("cluster.router_metrics")
class CollectsRouterMetrics(Protocol):
    """Says how the cloud's collector finds the metrics of routers, or servers.

    Args:
        pods: the pods.
        port: name of the port.
        number: its number.
        path: path of the metrics.
    """

    def __call__(self, pods: MeteredPods, port: str, number: int, path: str, /) -> RouterMetrics: ...
