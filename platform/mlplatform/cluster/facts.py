"""What a cloud says about its cluster, for the layer: contracts of `backends/<cloud>/cluster/`. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

from mlplatform.catalog.accelerator import Vendor
from mlplatform.catalog.catalog import Choice, CpuMachine
from mlplatform.catalog.machine import Fabric, GpuMachine
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import FromCloud, Labels, Taint, Text
from mlplatform.cluster.objects.pods import Container, Mount, Volume
from mlplatform.cluster.objects.rbac import Subject
from mlplatform.components.contract import contract
from mlplatform.fast.record import record
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.teams import TeamSpec
from mlplatform.spec.training import GpuPoolSpec

Hardware: TypeAlias = Vendor | Literal["cpu"]
"""Maker of a pool's devices, or `cpu` for nodes without any."""


@record(kw_only=True)
class ClusterAccess:
    """How the layer's program reaches and proves itself to the cluster's API. Nothing in it is secret."""

    server: FromCloud
    """Address of the API: `https://…`."""

    authority: FromCloud | None
    """Base64 of its certificate authority. None: a public authority signed its certificate."""

    identifier: FromCloud
    """The cloud's own id of the cluster: with another address or authority it is still the same cluster."""

    command: str
    """Program that gets a token, which must be on PATH."""

    arguments: tuple[Text, ...]
    """Its arguments."""

    install: str
    """Where that program comes from, for people who lack it."""

    from_anywhere: bool = False
    """Whether the API is reached from every network, so that CI's hosted machines can apply the layer."""

    provides_cluster: bool = False
    """Whether the program wants to be told the cluster's address and authority."""


@record(kw_only=True)
class DeviceClaim:
    """Devices that a pod gets by a claim, and not by a number."""

    device_class: str
    """Their class."""

    count: int
    """How many."""


@record(kw_only=True)
class PoolNodes:
    """The nodes of a pool, as pods see them."""

    pool: GpuPoolSpec
    """The pool."""

    choice: Choice
    """Its machine."""

    labels: Mapping[str, str]
    """Labels that the pool's template sets; the autoscaler knows them before there is a node."""

    taints: tuple[Taint, ...]
    """Taints of every node."""

    devices: int
    """Devices that a node offers to pods, whole or shared: `nvidia.com/gpu: N`."""

    given: Mapping[str, str] | None = None
    """Labels that the cloud sets on the nodes by itself. None: none that are used here."""

    claim: DeviceClaim | None = None
    """Interfaces of the fabric of a whole node, where pods get them by a claim."""

    on_schedule: bool = False
    """Whether nodes come and go by a schedule: none is started for a pod, and after the last one none comes."""

    provisioning: str | None = None
    """Class of the requests by which the queue gets all nodes of a job at once. None: nodes come with pods."""

    @property
    def machine(self) -> GpuMachine:
        """The machine of its nodes."""
        return self.choice.machine

    @property
    def hardware(self) -> Hardware:
        """Maker of its devices."""
        return self.machine.accelerator.model.vendor

    @property
    def compute(self) -> tuple[int, int] | None:
        """Compute capability of NVIDIA's devices; None for other makers'."""
        return self.machine.accelerator.model.compute

    @property
    def resource(self) -> str:
        """Name of its devices: `nvidia.com/gpu`."""
        return self.machine.accelerator.model.resource

    @property
    def fabric(self) -> Fabric | None:
        """The fast network that joins its nodes, if the pool asks for it."""
        return self.choice.machine.fabric if self.pool.fabric else None

    @property
    def most_devices(self) -> int:
        """Devices of all of its nodes together."""
        return self.devices * self.pool.max_nodes


@record(kw_only=True)
class CpuPoolNodes:
    """The nodes of a CPU pool, as pods see them."""

    pool: CpuPoolSpec
    """The pool."""

    machine: CpuMachine
    """Its machine."""

    labels: Mapping[str, str]
    """Labels that the pool's template sets."""

    taints: tuple[Taint, ...]
    """Taints of every node."""

    given: Mapping[str, str] | None = None
    """Labels that the cloud sets on the nodes by itself. None: none that are used here."""

    @property
    def hardware(self) -> Hardware:
        """It has no devices."""
        return "cpu"

    @property
    def compute(self) -> None:
        """It has no devices."""

    @property
    def claim(self) -> None:
        """It has no fabric."""

    @property
    def fabric(self) -> None:
        """It has no fabric."""


AnyNodes: TypeAlias = PoolNodes | CpuPoolNodes
"""The nodes of a pool of any kind."""


@record(kw_only=True)
class LayerContext:
    """What every part of the layer is made from."""

    spec: PlatformSpec
    """The platform, narrowed to the target."""

    pools: tuple[PoolNodes, ...]
    """Its GPU pools, by name."""

    cpu_pools: tuple[CpuPoolNodes, ...] = ()
    """Its CPU pools, by name; the system pool is not one of them."""

    @property
    def all_pools(self) -> tuple[AnyNodes, ...]:
        """Every pool that pods can choose, with labels and taints: those with GPUs first."""
        return (*self.pools, *self.cpu_pools)


@record(kw_only=True)
class PodWiring:
    """What the pods of a job need on the nodes of a pool, beside its devices."""

    grace_seconds: int
    """Seconds that a pod has to save its work, within what the cloud's notice of an interruption leaves."""

    checkpoints: str
    """Address of the folder for checkpoints, without a slash at its end: `s3://…`, `gs://…`, `abfss://…`."""

    selector: Mapping[str, str] | None = None
    """Labels that pods must ask for beside the pool's own."""

    labels: Mapping[str, str] | None = None
    """Labels of the pods."""

    annotations: Mapping[str, str] | None = None
    """Annotations of the pods."""

    resources: Mapping[str, str] | None = None
    """Devices of the fabric and huge pages: asked for in the container that computes."""

    env: Mapping[str, str] | None = None
    """Environment variables."""

    profile: str | None = None
    """A file of shell that the command must read first: it sets what belongs to the installed version."""

    capabilities: tuple[str, ...] = ()
    """Rights of Linux that the container needs."""

    sidecars: tuple[Container, ...] = ()
    """Containers that run beside it."""

    volumes: tuple[Volume, ...] = ()
    """Volumes of the pod."""

    mounts: tuple[Mount, ...] = ()
    """Those that the container has."""


@contract("cluster.pods")
class WiresPods(Protocol):
    """Says what a job's pods need on the nodes of a pool, with or without devices."""

    def __call__(self, spec: PlatformSpec, nodes: AnyNodes, /) -> PodWiring: ...


@record(kw_only=True)
class CapturePlace:
    """Where pods write what an endpoint captures, as their identity."""

    settings: Mapping[str, str]
    """`rclone`'s settings of the store of `monitoring`; they make no bucket."""

    address: str
    """The bucket or container, as `rclone` spells it."""


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

    labels: Mapping[str, str] | None = None
    """Labels of pods that act as an identity."""

    identity_servers: tuple[tuple[str, int], ...] = ()
    """Addresses and ports at which pods get the credentials of their identity, besides HTTPS."""


@contract("cluster.serving")
class ServesModels(Protocol):
    """Says how endpoints on the cluster read their models."""

    def __call__(self, spec: PlatformSpec, /) -> ModelAccess: ...


TrackingLogin = Literal["aws-secret", "google-token", "entra-token"]
"""How the tracking server logs in to its database: with a password from a vault, or a token of its identity."""


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


@contract("cluster.access")
class ReachesCluster(Protocol):
    """Says how the cluster's API is reached."""

    def __call__(self, spec: PlatformSpec, /) -> ClusterAccess: ...


@contract("cluster.pools")
class DescribesPool(Protocol):
    """Says what the nodes of a pool are."""

    def __call__(self, spec: PlatformSpec, pool: GpuPoolSpec, choice: Choice, /) -> PoolNodes: ...


@contract("cluster.cpu_pools")
class DescribesCpuPool(Protocol):
    """Says what the nodes of a CPU pool are."""

    def __call__(self, spec: PlatformSpec, pool: CpuPoolSpec, machine: CpuMachine, /) -> CpuPoolNodes: ...


@contract("cluster.queue_metrics")
class CollectsQueueMetrics(Protocol):
    """Gives what brings the queue's metrics into the cloud's managed Prometheus."""

    def __call__(self, layer: LayerContext, /) -> tuple[LayerItem, ...]: ...


@record(kw_only=True)
class RouterMetrics:
    """What brings the metrics of endpoints' routers into the cloud's managed Prometheus."""

    annotations: Labels
    """Annotations of the routers' pods; none where the collector looks for none."""

    items: tuple[LayerItem, ...]
    """Objects that tell the collector of the pods; none where it needs none."""


@contract("cluster.router_metrics")
class CollectsRouterMetrics(Protocol):
    """Says how the cloud's collector finds the metrics of routers.

    Args:
        pods: labels of the routers' pods, in the namespace of endpoints.
        port: name of the port.
        number: its number.
        path: path of the metrics.
    """

    def __call__(self, pods: Mapping[str, str], port: str, number: int, path: str, /) -> RouterMetrics: ...


@contract("cluster.devices")
class InstallsDevices(Protocol):
    """Gives what this cloud does not bring itself: plugins of devices, the autoscaler."""

    def __call__(self, layer: LayerContext, /) -> tuple[LayerItem, ...]: ...


@record(kw_only=True)
class TeamAccess:
    """How this cloud introduces a team's people to the cluster, and where its pods become its identity."""

    subjects: tuple[Subject, ...]
    """The team's members, as RBAC names them; none where the target names none."""

    identity_servers: tuple[tuple[str, int], ...] = ()
    """Addresses and ports at which pods get the credentials of their identity, besides HTTPS to the internet."""


@contract("cluster.teams")
class DescribesTeam(Protocol):
    """Says how the members of a team are named in the cluster."""

    def __call__(self, spec: PlatformSpec, team: TeamSpec, /) -> TeamAccess: ...


@contract("cluster.people")
class NamesPeople(Protocol):
    """Names those of the target's people who run jobs in the platform's own namespace, as RBAC does."""

    def __call__(self, spec: PlatformSpec, /) -> tuple[Subject, ...]: ...


@contract("cluster.accounts")
class BindsAccounts(Protocol):
    """Gives the annotations of a service account whose pods act as one of the platform's identities."""

    def __call__(self, spec: PlatformSpec, purpose: str, /) -> Labels: ...


@record(kw_only=True)
class ImageStore:
    """Where a platform keeps the images of others, and the commands that put them there."""

    registry: str
    """Beginning of every address in the platform's registry."""

    copies: str
    """Beginning of the addresses of copies; public registry and path follow: `…/copies/quay.io/kuberay/operator`."""

    caches: Mapping[str, str]
    """Beginning of the addresses that the platform's registry pulls through, by public registry."""

    login: tuple[str, ...]
    """Lines of shell that log in to the platform's registry."""

    copy: str
    """The command that copies `"$1"`, an image with its digest or tag, to `"$2"`; it does nothing where it is there."""

    source_hosts: str = ""
    """Pattern of this cloud's public registries that admit nobody without a login. Empty: there are none."""

    source_login: str = ""
    """Line of shell that logs in to such a registry, `{host}`."""


@contract("cluster.images")
class KeepsImages(Protocol):
    """Says where the platform keeps the images that the layer pulls."""

    def __call__(self, spec: PlatformSpec, /) -> ImageStore: ...


@contract("pipelines.workflows")
class MakesWorkflows(Protocol):
    """Gives the templates of the pipelines that Argo runs, with the cloud's store for what steps hand on."""

    def __call__(self, layer: LayerContext, /) -> tuple[LayerItem, ...]: ...


@record(kw_only=True)
class AddOnFacts:
    """What this cloud says to the charts of add-ons."""

    artifacts: Mapping[str, object]
    """The platform's store as Argo's artefact repository: the values `s3`, `gcs` or `azure` of its chart. They hold no
    key: pods reach the store by their identity."""

    labels: Mapping[str, str]
    """Labels without which a pod does not get its identity; none on most clouds."""

    identity_servers: tuple[tuple[str, int], ...] = ()
    """Addresses and ports at which pods get the credentials of their identity, besides HTTPS to the internet."""


@contract("cluster.addons")
class SupportsAddOns(Protocol):
    """Says what charts of add-ons must know of this cloud."""

    def __call__(self, spec: PlatformSpec, /) -> AddOnFacts: ...
