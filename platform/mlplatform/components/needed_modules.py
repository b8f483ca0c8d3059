"""The modules of a backend that a spec needs: what a package has not built yet is refused like any other limit.

Imports no SDK and no module of a backend: it looks whether the files are there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Literal

from mlplatform.components.needed_in_layer import NEEDED_IN_LAYER, pods_with_identity
from mlplatform.components.needed_module import NeededModule, Places, one
from mlplatform.components.secret_names import secret_namespaces
from mlplatform.spec.platform import PlatformSpec


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


def _managed_captures(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.monitor and endpoint.on == "managed":
            yield f"endpoints[{index}].monitor", "a monitor"


def _pod_secrets(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.on == "cluster" and (endpoint.secrets or endpoint.open_entry):
            yield f"endpoints[{index}].secrets", ", ".join(endpoint.secret_names) or "the certificate of its entry"


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
        if pipeline.engine == "cluster":
            yield f"pipelines[{index}].engine", pipeline.engine


def _triggers(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.triggers:
            yield f"pipelines[{index}].triggers", "triggers"


def _teams(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, team in enumerate(spec.cluster.teams if spec.cluster else ()):
        yield f"cluster.teams[{index}]", team.name


def _server(*servers: str) -> Places:
    def places(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        if spec.tracking and spec.tracking.server in servers:
            yield "tracking.server", spec.tracking.server

    return places


def _every(module: str, contract: str) -> NeededModule:
    return NeededModule(module, contract, "", "unsupported", _always, "use a target on another cloud")


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
        one("budget", lambda spec: spec.budget is not None),
        "remove `budget`, and watch the bill by the cloud's own means",
    ),
    NeededModule(
        "training.cluster",
        "BuildsCluster",
        "training",
        "unsupported",
        one("training", lambda spec: spec.training is not None),
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
        one("cluster.shared_file_system", lambda spec: bool(spec.cluster and spec.cluster.shared_file_system)),
        "keep checkpoints in the artifact store",
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
        one("cluster.addons", lambda spec: bool(spec.cluster and secret_namespaces(spec))),
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
        pods_with_identity,
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
        "serving.pod_secrets",
        "GrantsSecrets",
        "endpoints.secrets",
        "partial",
        _pod_secrets,
        "let the cloud's service run it: on: managed",
    ),
    NeededModule(
        "model_monitor.captures",
        "NamesCaptureFolders",
        "endpoints.monitor",
        "partial",
        _managed_captures,
        "run the endpoint on the training cluster, with `on` and `pool`",
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
        one("cluster.managed_airflow", lambda spec: bool(spec.cluster and spec.cluster.managed_airflow)),
        "run Airflow on the training cluster, with cluster.airflow",
    ),
    NeededModule(
        "feature_store.online_store",
        "BuildsOnlineStore",
        "feature_store.groups.online",
        "unsupported",
        one("feature_store.groups", lambda spec: bool(spec.feature_store and spec.feature_store.online_groups)),
        "keep the groups offline, without `online`",
    ),
    NeededModule(
        "feature_store.fill",
        "BuildsFeatureFill",
        "feature_store.fill",
        "unsupported",
        one("feature_store.fill", lambda spec: bool(spec.feature_store and spec.feature_store.fill)),
        "fill the online store by `feast materialize` from a job of yours",
    ),
    NeededModule(
        "tracking.database",
        "BuildsTrackingDatabase",
        "tracking.server",
        "partial",
        _server("cluster", "service"),
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
    *NEEDED_IN_LAYER,
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
