"""Airflow's settings: variables of its pods, and the values of its chart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

from mlplatform.cluster.objects.base import FromCloud, Text
from mlplatform.cluster.serving_facts import TrackingAccess
from mlplatform.cluster.tracking.server import DRIVER
from mlplatform.components.airflow_names import AIRFLOW_ACCOUNT, AIRFLOW_CONNECTION, AIRFLOW_DATABASE
from mlplatform.components.airflow_sizes import (
    DAG_PROCESSOR,
    MOST_TASKS,
    SCHEDULER,
    SERVER,
    AirflowSizes,
    PodSize,
)
from mlplatform.components.tracking_names import PORT
from mlplatform.spec.airflow import AirflowSpec
from mlplatform.spec.notebooks import LOCAL

AIRFLOW = "docker.io/apache/airflow:3.2.2"
"""The image of the pinned chart, with the drivers of PostgreSQL and of every cloud's store,
https://airflow.apache.org/docs/docker-stack/ (2026-11)"""

USER_ID = 50000
"""Whom the image runs as."""

PROGRAMS, CODE = "/etc/mlplatform", "programs"
"""The folder of the programs, and the ConfigMap with them."""

DAGS_FOLDER, DAGS = "/opt/airflow/dags", "dags"
"""The folder of the DAGs, and the ConfigMap with them."""

SETTINGS = "settings"
"""ConfigMap with the variables."""

LOGIN_SECRET = "login"
"""Secret with the application's own, which people make: key `client-secret`."""

KEYS = "keys"
"""Secret that the program `make_keys` makes."""

LOCKED: Mapping[str, object] = {
    "pod": {
        "runAsUser": USER_ID,
        "runAsGroup": 0,
        "fsGroup": 0,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "containers": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
}

_EMPTY: Mapping[str, object] = {"name": "no-token", "emptyDir": {}}
_NO_TOKEN: Mapping[str, object] = {
    "extraVolumes": [_EMPTY],
    "extraVolumeMounts": [
        {"name": "no-token", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": True}
    ],
}
"""Kubernetes gives a container its token there, unless something is mounted there already: pages that people reach are
not to make pods. The chart says it of accounts alone that it makes itself."""

_TASK = {"requests": {"cpu": "100m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}}
"""What watches the pod of one step."""


def variables(spec: AirflowSpec, access: TrackingAccess, logs: Mapping[str, str]) -> dict[str, Text]:
    """Variables of every pod.

    Args:
        spec: Airflow.
        access: how pods log in to the tracking server's PostgreSQL.
        logs: where the logs of tasks are.
    """
    return {
        **plain_variables(spec),
        "PGHOST": FromCloud("layer.tracking.host"),
        "PGUSER": FromCloud("layer.airflow.user"),
        "TRACKING_LOGIN": access.login,
        **access.env,
        **logs,
    }


def plain_variables(spec: AirflowSpec) -> dict[str, str]:
    """Those that are alike on every cloud."""
    login = {
        **{
            name: getattr(spec.login, name)
            for name in ("client_id", "issuer", "name_claim", "groups_claim", "scopes", "groups", "people")
        },
        "address": spec.address,
    }
    return {
        "AIRFLOW__API__BASE_URL": spec.address,
        "AIRFLOW__API__WORKERS": "2",
        # they have no schedule: whoever starts one wants it to run
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__PARALLELISM": str(MOST_TASKS),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"{DRIVER}{AIRFLOW_DATABASE}",
        "AIRFLOW__FAB__CONFIG_FILE": f"{PROGRAMS}/airflow_login.py",
        "AIRFLOW__LOGGING__DAG_PROCESSOR_LOG_TARGET": "stdout",
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "True",
        f"AIRFLOW_CONN_{AIRFLOW_CONNECTION.upper()}": json.dumps(
            {"conn_type": "kubernetes", "extra": {"in_cluster": True}}
        ),
        "MLPLATFORM_AIRFLOW_LOGIN": json.dumps(login, sort_keys=True),
        "PGPORT": str(PORT),
        # `sitecustomize` in this folder logs in to the database
        "PYTHONPATH": PROGRAMS,
    }


def chart_values(
    sizes: AirflowSizes, written: Mapping[str, object], labels: Mapping[str, str], *, starter: bool
) -> dict[str, object]:
    """Values of the chart.

    Args:
        sizes: how many pods.
        written: programs and variables: pods start anew when they change.
        labels: of pods that act as an identity.
        starter: whether the platform's starter starts runs here.
    """
    account = {"serviceAccount": {"create": False, "name": AIRFLOW_ACCOUNT}}
    without_api = {**account, **_NO_TOKEN}
    slow_start = {"startupProbe": {"failureThreshold": 30}}
    off: dict[str, object] = {"enabled": False}
    password = {"name": "STARTER_PASSWORD", "valueFrom": _secret(KEYS, "starter-password", optional=False)}
    budget = {"podDisruptionBudget": {"enabled": True}}
    return {
        "executor": "KubernetesExecutor",
        # the layer gives rights of its own: the chart's would let pods open a shell in others
        "rbac": {"create": False},
        "allowPodLaunching": False,
        "postgresql": off,
        "redis": off,
        "statsd": off,
        # no operator of ours waits in it
        "triggerer": off,
        "createUserJob": {**off, "serviceAccount": {"create": False}},
        "migrateDatabaseJob": {
            **without_api,
            "command": ["python", f"{PROGRAMS}/prepare_airflow.py", DRIVER, AIRFLOW_DATABASE],
            "args": [],
            # as a hook it would run after pods that wait for it
            "useHelmHooks": False,
            # a job cannot be changed: the next upgrade makes another one
            "ttlSecondsAfterFinished": 60,
            "env": [password] if starter else [],
            "resources": {"requests": {"cpu": "100m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
        },
        "apiServer": {
            **without_api,
            **budget,
            **slow_start,
            "replicas": sizes.replicas,
            "resources": _resources(SERVER),
            "allowPodLogReading": False,
            # optional, since people make it in the namespace that this stack makes
            "env": [
                {"name": "OAUTH_CLIENT_SECRET", "valueFrom": _secret(LOGIN_SECRET, "client-secret", optional=True)}
            ],
        },
        "scheduler": {
            **account,
            **budget,
            **slow_start,
            "replicas": sizes.replicas,
            "resources": _resources(SCHEDULER),
            "logGroomerSidecar": off,
        },
        "dagProcessor": {**without_api, "resources": _resources(DAG_PROCESSOR), "logGroomerSidecar": off},
        "workers": {"kubernetes": {**account, "resources": _TASK}},
        "fernetKeySecretName": KEYS,
        "apiSecretKeySecretName": KEYS,
        "jwtSecretName": KEYS,
        # the chart's own would hold passwords of nobody
        "data": {"metadataSecretName": "none", "brokerUrlSecretName": "none"},
        "images": {"migrationsWaitTimeout": 900},
        "enableBuiltInSecretEnvVars": {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": False, "AIRFLOW_CONN_AIRFLOW_DB": False},
        "extraEnvFrom": f"- configMapRef:\n    name: {SETTINGS}\n",
        "securityContexts": LOCKED,
        "labels": dict(labels),
        "airflowPodAnnotations": {"mlplatform/settings": _digest(written)},
        "volumes": [
            {"name": CODE, "configMap": {"name": CODE}},
            {"name": DAGS, "configMap": {"name": DAGS}},
        ],
        "volumeMounts": [
            {"name": CODE, "mountPath": PROGRAMS, "readOnly": True},
            {"name": DAGS, "mountPath": DAGS_FOLDER, "readOnly": True},
        ],
    }


def open_to_all(spec: AirflowSpec) -> bool:
    """Whether an ingress or gateway of somebody leads to it; with a forwarded port nobody else needs a way."""
    return not spec.address.startswith(LOCAL.rpartition(":")[0])


def _secret(name: str, key: str, *, optional: bool) -> dict[str, object]:
    return {"secretKeyRef": {"name": name, "key": key, "optional": optional}}


def _resources(size: PodSize) -> dict[str, object]:
    cpus, gib = size
    memory = f"{gib * 1024:.0f}Mi"
    return {"requests": {"cpu": f"{cpus * 1000:.0f}m", "memory": memory}, "limits": {"memory": f"{gib * 2048:.0f}Mi"}}


def _digest(written: Mapping[str, object]) -> str:
    """A short text that changes with what pods read when they start."""
    return sha256(repr(sorted(written.items())).encode()).hexdigest()[:16]
