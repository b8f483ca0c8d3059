"""The pods of the tracking server: MLflow, which listens inside of its pod alone, and an Envoy that checks callers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlplatform.cluster.objects.base import FromCloud, LabelSelector
from mlplatform.cluster.objects.containers import (
    Container,
    EnvVar,
    HttpGet,
    Lifecycle,
    LifecycleHandler,
    Mount,
    Probe,
    Resources,
    Sleep,
)
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate, SpreadConstraint
from mlplatform.cluster.objects.volumes import ConfigMapVolume, EmptyDir, Volume
from mlplatform.cluster.serving.caller_tokens import keys_upstream, token_filter, with_keys
from mlplatform.cluster.serving.weights import LOCKED
from mlplatform.cluster.serving_facts import ModelAccess, TrackingAccess
from mlplatform.components.envoy import ENVOY, READY_PATH, Json, dump, listener, ready_route, router_filter, upstream
from mlplatform.components.labels import ROLE_LABEL
from mlplatform.components.tracking_names import DATABASE, PORT, TRACKING_ACCOUNT, TRACKING_AUDIENCE

MLFLOW = "ghcr.io/mlflow/mlflow:v3.16.1-full"
"""With the drivers of PostgreSQL and of every cloud's store, https://github.com/mlflow/mlflow/tree/master/docker
(2026-11)"""

LABELS = {ROLE_LABEL: "tracking"}
"""Labels of the pods."""

FRONT_PORT = 8080
"""Port of the pods that others reach."""

SERVER_PORT = 5000
"""MLflow's port, which only the pod itself reaches, and who may forward a port to it."""

CODE = "tracking-programs"
"""ConfigMap with the programs."""

DRIVER = "postgresql+psycopg2:///"
"""The database by libpq's own variables; nothing secret is in it."""

HEALTH_PATH = "/health"
"""MLflow's own health."""

_PROGRAMS = "/etc/mlplatform"
_START_MINUTES = 10
_LEAVE_SECONDS = 15
"""Seconds until no node sends new requests to a pod that leaves."""

UPLOAD_SECONDS = 3600
"""Longest upload of an artefact; after it a pod that leaves ends."""


def server_template(image: str, access: TrackingAccess, cloud: ModelAccess, callers: Sequence[str]) -> PodTemplate:
    """The pods.

    Args:
        image: of MLflow.
        access: how it reaches its database and the store.
        cloud: where the tokens of callers are checked, and what pods with an identity need.
        callers: service accounts that may call, as `namespace:name`.
    """
    selected = LabelSelector(match_labels=LABELS)
    env = _env(access)
    mounts = (Mount(name="programs", mount_path=_PROGRAMS, read_only=True), Mount(name="tmp", mount_path="/tmp"))
    prepare = Container(
        name="prepare",
        image=image,
        command=("python", f"{_PROGRAMS}/prepare_database.py", DRIVER),
        env=env,
        resources=Resources(requests={"cpu": "200m", "memory": "512Mi"}, limits={"memory": "1Gi"}),
        security_context=LOCKED,
        volume_mounts=mounts,
    )
    # probes come from outside of the pod, so they pass the front as callers do
    health = HttpGet(path=HEALTH_PATH, port=FRONT_PORT)
    server = Container(
        name="mlflow",
        image=image,
        command=server_command(access.artifacts),
        env=env,
        resources=Resources(requests={"cpu": "500m", "memory": "2Gi"}, limits={"memory": "3Gi"}),
        security_context=LOCKED,
        volume_mounts=mounts,
        startup_probe=Probe(http_get=health, period_seconds=10, failure_threshold=_START_MINUTES * 6),
        readiness_probe=Probe(http_get=health, period_seconds=10, failure_threshold=3),
        lifecycle=Lifecycle(pre_stop=LifecycleHandler(sleep=Sleep(seconds=_LEAVE_SECONDS))),
    )
    front = Container(
        name="front",
        image=ENVOY,
        command=("envoy",),
        args=("--config-yaml", front_config(cloud.keys_host, callers), "--concurrency", "2"),
        resources=Resources(requests={"cpu": "100m", "memory": "128Mi"}, limits={"memory": "256Mi"}),
        security_context=LOCKED,
        readiness_probe=Probe(
            http_get=HttpGet(path=READY_PATH, port=FRONT_PORT), period_seconds=5, failure_threshold=2
        ),
        lifecycle=Lifecycle(pre_stop=LifecycleHandler(sleep=Sleep(seconds=_LEAVE_SECONDS))),
    )
    return PodTemplate(
        metadata=PodMetadata(labels={**LABELS, **(cloud.labels or {})}),
        spec=PodSpec(
            init_containers=(prepare,),
            containers=(server, front),
            service_account_name=TRACKING_ACCOUNT,
            automount_service_account_token=False,
            termination_grace_period_seconds=_LEAVE_SECONDS + 120,
            volumes=(
                Volume(name="programs", config_map=ConfigMapVolume(name=CODE)),
                Volume(name="tmp", empty_dir=EmptyDir(size_limit="10Gi")),
            ),
            topology_spread_constraints=tuple(
                SpreadConstraint(topology_key=key, label_selector=selected)
                for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
            ),
        ),
    )


def server_command(artifacts: str) -> tuple[str, ...]:
    """MLflow's server, which hands artefacts through with its own identity.

    Args:
        artifacts: the folder of artefacts, as MLflow writes it.
    """
    return (
        "mlflow",
        "server",
        "--backend-store-uri",
        f"{DRIVER}{DATABASE}",
        "--artifacts-destination",
        artifacts,
        "--host",
        "127.0.0.1",
        "--port",
        str(SERVER_PORT),
        "--workers",
        "2",
    )


def direct_command(artifacts: str, host: str) -> tuple[str, ...]:
    """MLflow's server whose clients write artefacts to the store themselves, and reach it by one name.

    Args:
        artifacts: the folder of artefacts, as MLflow writes it.
        host: the name by which callers reach it; MLflow refuses every other.
    """
    return (
        "mlflow",
        "server",
        "--backend-store-uri",
        f"{DRIVER}{DATABASE}",
        "--no-serve-artifacts",
        "--default-artifact-root",
        artifacts,
        "--host",
        "0.0.0.0",
        "--port",
        str(SERVER_PORT),
        "--allowed-hosts",
        host,
        "--workers",
        "2",
    )


def server_variables() -> dict[str, str]:
    """Variables of the server on every cloud."""
    return {
        "HOME": "/tmp",
        "USER": "mlflow",
        # `sitecustomize` in this folder logs in to the database
        "PYTHONPATH": _PROGRAMS,
        "PGPORT": str(PORT),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        # a database that was replaced by its standby has closed every connection
        "MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE": "1800",
    }


def _env(access: TrackingAccess) -> tuple[EnvVar, ...]:
    known = {
        **server_variables(),
        "PGHOST": FromCloud("layer.tracking.host"),
        "PGUSER": FromCloud("layer.tracking.user"),
        "TRACKING_LOGIN": access.login,
        **access.env,
    }
    return tuple(EnvVar(name=name, value=value) for name, value in sorted(known.items()))


def front_config(keys_host: str, callers: Sequence[str]) -> FromCloud:
    """Envoy's configuration: jobs with their token reach MLflow, which never sees it; probes need none.

    Args:
        keys_host: host of the keys of the cluster's tokens.
        callers: service accounts that may call, as `namespace:name`.
    """
    filters = [token_filter([TRACKING_AUDIENCE], callers, (READY_PATH, HEALTH_PATH)), router_filter()]
    return with_keys(_front([keys_upstream(keys_host)], filters))


def plain_front_config() -> str:
    """Envoy's configuration where callers have been asked for their identity before: it speaks HTTP/2 with them."""
    return dump(_front([], [router_filter()]))


def _front(upstreams: Sequence[Json], filters: Sequence[Json]) -> Json:
    """A listener before MLflow.

    Args:
        upstreams: others than MLflow.
        filters: what a request passes.
    """
    # MLflow refuses every name but the pod's own, so that no page of a browser reaches it by another
    to_server: Json = {"cluster": "mlflow", "host_rewrite_literal": f"localhost:{SERVER_PORT}"}
    routes: list[Json] = [
        ready_route(),
        {"match": {"path": HEALTH_PATH}, "route": to_server},
        {
            "match": {"prefix": "/"},
            # a model of many gigabytes is one request
            "route": {**to_server, "timeout": f"{UPLOAD_SECONDS}s", "idle_timeout": "300s"},
        },
    ]
    return {
        "static_resources": {
            "listeners": [listener("front", "0.0.0.0", FRONT_PORT, routes, filters)],
            "clusters": [*upstreams, upstream("mlflow", "STATIC", "127.0.0.1", SERVER_PORT)],
        }
    }


def client_package(image: str | None) -> str | None:
    """The client in the server's version; a newer one may ask the server for what it does not know.

    Args:
        image: of the server. None: ours.

    Returns:
        None where the tag has no version.
    """
    found = re.search(r":v?(\d+\.\d+\.\d+)", image or MLFLOW)
    return f"mlflow-skinny=={found[1]}" if found else None
