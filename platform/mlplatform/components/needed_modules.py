"""The modules of a backend that a spec needs: what a package has not built yet is refused like any other limit.

Imports no SDK and no module of a backend: it looks whether the files are there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Literal

from mlplatform.components.secret_names import secret_namespaces
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

Places = Callable[[PlatformSpec], Iterator[tuple[str, str]]]
"""Field path and value of everything in a narrowed spec that needs a module."""


@record()
class NeededModule:
    """A module below a backend's package, and the field of the spec that needs it."""

    module: str
    """Its path, `training.cluster`."""

    contract: str
    """The name of its contract, `BuildsCluster`; empty for one that several contracts stand for."""

    field: str
    """The spec field, without indices. Empty: every platform needs the module."""

    support: Literal["unsupported", "partial"]
    """`unsupported`: without the module every value of the field is refused."""

    places: Places
    """What in a spec needs it."""

    instead: str
    """The nearest thing that works without it."""


def _one(field: str, value: Callable[[PlatformSpec], object]) -> Places:
    """One place, where a spec has a value there."""

    def places(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        if value(spec):
            yield field, "one"

    return places


def _always(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    yield "targets[0].cloud", spec.targets[0].cloud


def _gpu_pools(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, pool in enumerate(spec.training.pools if spec.training else ()):
        yield f"training.pools[{index}]", pool.name


def _cpu_pools(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, pool in enumerate(spec.training.cpu_pools if spec.training else ()):
        yield f"training.cpu_pools[{index}]", pool.name


def _endpoints(on: Literal["managed", "cluster"]) -> Places:
    def places(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        for index, endpoint in enumerate(spec.endpoints):
            if endpoint.on == on:
                yield f"endpoints[{index}]", endpoint.name

    return places


def _monitors(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.monitor and endpoint.monitor.on == "managed":
            yield f"endpoints[{index}].monitor", "a monitor"


def _monitors_on_cluster(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.monitor and endpoint.monitor.on == "cluster":
            yield f"endpoints[{index}].monitor.on", "cluster"


def _managed_pipelines(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.engine == "managed":
            yield f"pipelines[{index}].engine", pipeline.engine


def _cluster_pipelines(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.engine != "managed":
            yield f"pipelines[{index}].engine", pipeline.engine


def _triggers(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.triggers:
            yield f"pipelines[{index}].triggers", "triggers"


def _teams(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, team in enumerate(spec.cluster.teams if spec.cluster else ()):
        yield f"cluster.teams[{index}]", team.name


def _server(server: str) -> Places:
    def places(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        if spec.tracking and spec.tracking.server == server:
            yield "tracking.server", server

    return places


def _every(module: str, contract: str) -> NeededModule:
    return NeededModule(module, contract, "", "unsupported", _always, "use a target on another cloud")


_NO_LAYER = "remove `cluster`: the training cluster stays bare"

NEEDED: tuple[NeededModule, ...] = (
    _every("foundation.foundation", "BuildsFoundation"),
    _every("keys.keys", "BuildsKeys"),
    _every("telemetry.telemetry", "BuildsTelemetry"),
    _every("monitoring.routes", "BuildsRoutes"),
    _every("network.network", "BuildsNetwork"),
    _every("identity.identity", "BuildsIdentity"),
    _every("artifact_store.artifact_store", "BuildsStore"),
    _every("registry.image_registry", "BuildsImageRegistry"),
    _every("registry.model_registry", "BuildsModelRegistry"),
    _every("monitoring.monitoring", "BuildsMonitoring"),
    NeededModule(
        "budget.budget",
        "BuildsBudget",
        "budget",
        "unsupported",
        _one("budget", lambda spec: spec.budget is not None),
        "remove `budget`, and watch the bill by the cloud's own means",
    ),
    NeededModule(
        "training.cluster",
        "BuildsCluster",
        "training",
        "unsupported",
        _one("training", lambda spec: spec.training is not None),
        "train on a target of another cloud, and remove `training` here",
    ),
    NeededModule(
        "training.node_pool",
        "BuildsNodePool",
        "training.pools",
        "unsupported",
        _gpu_pools,
        "leave the pool out on this target: `enabled: false` in the target's `pools`",
    ),
    NeededModule(
        "training.cpu_pool",
        "BuildsCpuPool",
        "training.cpu_pools",
        "unsupported",
        _cpu_pools,
        "leave the pool out on this target: `enabled: false` in the target's `pools`",
    ),
    NeededModule(
        "training.file_system",
        "BuildsFileSystem",
        "cluster.shared_file_system",
        "unsupported",
        _one("cluster.shared_file_system", lambda spec: bool(spec.cluster and spec.cluster.shared_file_system)),
        "keep checkpoints in the artifact store",
    ),
    NeededModule(
        "cluster.access",
        "ReachesCluster",
        "cluster",
        "unsupported",
        _one("cluster", lambda spec: spec.cluster is not None),
        _NO_LAYER,
    ),
    NeededModule(
        "cluster.pods",
        "WiresPods",
        "cluster",
        "unsupported",
        _one("cluster", lambda spec: spec.cluster is not None),
        _NO_LAYER,
    ),
    NeededModule(
        "identity.team",
        "BuildsTeamIdentity",
        "cluster.teams",
        "unsupported",
        _teams,
        "let the teams share the namespace of `access.training_namespace`",
    ),
    NeededModule(
        "identity.secret_reader",
        "BuildsSecretReader",
        "cluster.addons",
        "partial",
        _one("cluster.addons", lambda spec: bool(spec.cluster and secret_namespaces(spec))),
        "hand secrets to jobs by your own means",
    ),
    NeededModule(
        "serving.endpoint",
        "BuildsEndpoint",
        "endpoints",
        "partial",
        _endpoints("managed"),
        "run it on the training cluster, with `on` and `pool`, or leave it out on this target: `enabled: false`",
    ),
    NeededModule(
        "identity.pods",
        "BuildsPodIdentity",
        "endpoints.on",
        "partial",
        _endpoints("cluster"),
        "let the cloud's service run it: on: managed",
    ),
    NeededModule(
        "serving.on_cluster",
        "WatchesEndpoint",
        "endpoints.on",
        "partial",
        _endpoints("cluster"),
        "let the cloud's service run it: on: managed",
    ),
    NeededModule(
        "model_monitor.model_monitor",
        "BuildsModelMonitor",
        "endpoints.monitor",
        "unsupported",
        _monitors,
        "switch it off on this target: `monitor: none` in the target's `endpoints`",
    ),
    NeededModule(
        "model_monitor.on_cluster",
        "WatchesModelMonitor",
        "endpoints.monitor.on",
        "partial",
        _monitors_on_cluster,
        "let a job of the cloud run it: leave monitor.on out",
    ),
    NeededModule(
        "pipelines.pipeline",
        "BuildsPipeline",
        "pipelines.engine",
        "partial",
        _managed_pipelines,
        "run it on the training cluster, with `engine: cluster`, or on another target, with `on`",
    ),
    NeededModule(
        "pipelines.workflows",
        "MakesWorkflows",
        "pipelines.engine",
        "partial",
        _cluster_pipelines,
        "let the cloud's service run it, with `engine: managed`, or another target, with `on`",
    ),
    NeededModule(
        "pipelines.door",
        "BuildsDoor",
        "pipelines.triggers",
        "unsupported",
        _triggers,
        "start the runs by hand or from CI",
    ),
    NeededModule(
        "pipelines.airflow_service",
        "BuildsManagedAirflow",
        "cluster.managed_airflow",
        "unsupported",
        _one("cluster.managed_airflow", lambda spec: bool(spec.cluster and spec.cluster.managed_airflow)),
        "run Airflow on the training cluster, with cluster.airflow",
    ),
    NeededModule(
        "feature_store.online_store",
        "BuildsOnlineStore",
        "feature_store.groups.online",
        "unsupported",
        _one("feature_store.groups", lambda spec: bool(spec.feature_store and spec.feature_store.online_groups)),
        "keep the groups offline, without `online`",
    ),
    NeededModule(
        "feature_store.fill",
        "BuildsFeatureFill",
        "feature_store.fill",
        "unsupported",
        _one("feature_store.fill", lambda spec: bool(spec.feature_store and spec.feature_store.fill)),
        "fill the online store by `feast materialize` from a job of yours",
    ),
    NeededModule(
        "tracking.database",
        "BuildsTrackingDatabase",
        "tracking.server",
        "partial",
        _server("cluster"),
        "run the tracking server on another target, with tracking.on",
    ),
    NeededModule(
        "tracking.service",
        "BuildsTrackingService",
        "tracking.server",
        "partial",
        _server("service"),
        "run the tracking server on the training cluster, or on another target, with tracking.on",
    ),
    NeededModule(
        "tracking.managed",
        "BuildsManagedTracking",
        "tracking.server",
        "partial",
        _server("managed"),
        "run the tracking server on the training cluster, or on another target, with tracking.on",
    ),
)
"""Everything that a plan of a spec loads of a backend."""


def missing_modules(package: str) -> tuple[NeededModule, ...]:
    """The modules of `NEEDED` that a backend's package does not have.

    Args:
        package: the import path of the package, which is imported already.
    """
    found = find_spec(package)
    folders = tuple(found.submodule_search_locations or ()) if found else ()
    return tuple(each for each in NEEDED if not any(_is_there(folder, each.module) for folder in folders))


def _is_there(folder: str, module: str) -> bool:
    place = os.path.join(folder, *module.split("."))
    return os.path.isfile(f"{place}.py") or os.path.isfile(os.path.join(place, "__init__.py"))
