"""The modules of a backend that the layer inside the cluster needs: facts, not resources. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.needed_module import NeededModule, one
from mlplatform.components.secret_names import secret_namespaces
from mlplatform.spec.platform import PlatformSpec


def _layer(module: str, contract: str) -> NeededModule:
    """A module that each layer asks."""
    return NeededModule(
        f"cluster.{module}",
        contract,
        "cluster",
        "unsupported",
        one("cluster", lambda spec: spec.cluster is not None),
        "remove `cluster`: the training cluster stays bare",
    )


def _cpu_pools(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.cluster and spec.training:
        for index, pool in enumerate(spec.training.cpu_pools):
            yield f"training.cpu_pools[{index}]", pool.name


def _charts(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.cluster and "argo-workflows" in spec.cluster.addons:
        yield "cluster.addons", "argo-workflows"
    if spec.cluster and spec.cluster.notebooks:
        yield "cluster.notebooks", "notebooks"


def _endpoints(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.on == "cluster":
            yield f"endpoints[{index}].on", "cluster"


def pods_with_identity(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    """Whose pods act as an identity of their own, beside those of jobs."""
    yield from _endpoints(spec)
    yield from _database(spec)
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.monitor and endpoint.monitor.on == "cluster":
            yield f"endpoints[{index}].monitor.on", "cluster"
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.triggers and pipeline.engine != "managed":
            yield f"pipelines[{index}].triggers", f"triggers of the engine {pipeline.engine}"


def _metered(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.monitoring.prometheus:
        yield from _endpoints(spec)


def _database(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.cluster_tracking:
        yield "tracking.server", "cluster"
    yield from _airflow(spec)


_airflow = one("cluster.airflow", lambda spec: bool(spec.cluster and spec.cluster.airflow))
_OTHERWISE = "let the cloud's service do it, or run it on another target"

NEEDED_IN_LAYER: tuple[NeededModule, ...] = (
    _layer("access", "ReachesCluster"),
    _layer("accounts", "BindsAccounts"),
    _layer("devices", "InstallsDevices"),
    _layer("file_system", "MountsFileSystem"),
    _layer("images", "KeepsImages"),
    _layer("people", "NamesPeople"),
    _layer("pods", "WiresPods"),
    _layer("pools", "DescribesPool"),
    _layer("queue_metrics", "CollectsQueueMetrics"),
    _layer("recorded", "RecordsMetrics"),
    _layer("storage", "DescribesStorage"),
    _layer("teams", "DescribesTeam"),
    NeededModule(
        "cluster.cpu_pools",
        "DescribesCpuPool",
        "training.cpu_pools",
        "partial",
        _cpu_pools,
        "leave the pool out on this target: `enabled: false` in the target's `pools`",
    ),
    NeededModule(
        "cluster.mounts",
        "MountsPlace",
        "cluster.mounts",
        "unsupported",
        one("cluster.mounts", lambda spec: bool(spec.cluster and spec.cluster.mounts)),
        "read the store by the cloud's own client",
    ),
    NeededModule(
        "cluster.addons", "SupportsAddOns", "cluster.addons", "partial", _charts, "leave them out on this target"
    ),
    NeededModule(
        "cluster.secrets",
        "FindsSecrets",
        "cluster.addons",
        "partial",
        one("cluster.addons", lambda spec: bool(spec.cluster and secret_namespaces(spec))),
        "hand secrets to jobs by your own means",
    ),
    NeededModule("cluster.serving", "ServesModels", "endpoints.on", "partial", pods_with_identity, _OTHERWISE),
    NeededModule(
        "cluster.router_metrics",
        "CollectsRouterMetrics",
        "endpoints.on",
        "partial",
        _metered,
        "let the cloud's service run it: on: managed, or set monitoring.prometheus to false",
    ),
    NeededModule("cluster.tracking", "ReachesDatabase", "tracking.server", "partial", _database, _OTHERWISE),
    NeededModule(
        "cluster.airflow",
        "KeepsTaskLogs",
        "cluster.airflow",
        "unsupported",
        _airflow,
        "name an Airflow of yours in cluster.airflow_url, or let Argo run the pipelines",
    ),
    NeededModule(
        "pipelines.dags",
        "WritesDags",
        "cluster.airflow",
        "unsupported",
        _airflow,
        "name an Airflow of yours in cluster.airflow_url, or let Argo run the pipelines",
    ),
    NeededModule(
        "pipelines.airflow_access",
        "DescribesAirflow",
        "cluster.managed_airflow",
        "unsupported",
        one("cluster.managed_airflow", lambda spec: bool(spec.cluster and spec.cluster.managed_airflow)),
        "run Airflow on the training cluster, with cluster.airflow",
    ),
)
"""Everything that a plan of the layer loads of a backend."""
