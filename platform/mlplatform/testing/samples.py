"""A small spec for each capability of the matrix, with which the contract of a backend is tried."""

from __future__ import annotations

from collections.abc import Mapping

BASE: Mapping[str, object] = {
    "name": "sample",
    "environment": "dev",
    "owner": "ml",
    "cost_center": "1",
    "registry": {"models": ["fraud"]},
}
_POOL = {"name": "gpu", "accelerator": "T4:1", "max_nodes": 2}
_ENDPOINT = {"name": "scorer", "model": "fraud/1"}
_STEP = {"name": "train", "kind": "train", "image": "registry.example/train:1", "command": ["train"]}
_MONITOR = {"task": "classification", "reference": "fraud/reference", "image": "registry.example/steps:1"}
_PIPELINE = {"name": "nightly", "model": "fraud", "steps": [_STEP]}
_TRIGGERS = {"schedules": [{"name": "weekly", "cron": "0 3 * * MON"}]}
_CLUSTER = {"training": {"pools": [_POOL]}, "cluster": {}}
_ENTITY = {"name": "customer", "key": "customer_id", "type": "string"}
_GROUP = {
    "name": "spend",
    "entities": ["customer"],
    "timestamp": "at",
    "ttl_hours": 24,
    "features": [{"name": "total", "type": "float64"}],
}
"""What every sample has, besides its target."""


SAMPLES: Mapping[str, Mapping[str, object]] = {
    "access.ci": {"access": {"ci": {"system": "github", "repository": "acme/ml"}}},
    "artifact_store.data.worm": {"artifact_store": {"data": {"worm": {"days": 30}}}},
    "artifact_store.replicated": {"artifact_store": {"replicated": True}},
    "budget": {"budget": {"monthly_usd": 100, "emails": ["a@example.com"]}},
    "cluster": _CLUSTER,
    "cluster.addons": {**_CLUSTER, "cluster": {"addons": ["external-secrets"]}},
    "cluster.airflow": {
        **_CLUSTER,
        "cluster": {
            "mounts": [{"place": "pipelines"}],
            "airflow": {
                "login": {"client_id": "airflow", "issuer": "https://login.example/oauth2", "groups": ["ml-engineers"]}
            },
        },
        "tracking": {"server": "cluster"},
    },
    "cluster.managed_airflow": {
        **_CLUSTER,
        "cluster": {"mounts": [{"place": "pipelines"}], "managed_airflow": {}},
        "pipelines": [
            {
                "name": "nightly",
                "model": "nightly",
                "engine": "airflow",
                "image": "docker.io/acme/trainer:1",
                "steps": [
                    {
                        "name": "train",
                        "kind": "train",
                        "command": ["train", "{{outputs.model}}"],
                        "outputs": {"model": {"kind": "model"}},
                        "resources": {"accelerator": "T4:1", "vcpus": 2, "memory_gib": 8},
                    }
                ],
            }
        ],
    },
    "cluster.mounts": {**_CLUSTER, "cluster": {"mounts": [{"place": "data"}]}},
    "cluster.shared_file_system": {**_CLUSTER, "cluster": {"shared_file_system": {"capacity_gib": 1200}}},
    "cluster.teams": {**_CLUSTER, "cluster": {"teams": [{"name": "fraud", "quota": {"gpu": 1}}]}},
    "endpoints": {"endpoints": [_ENDPOINT]},
    "endpoints.monitor": {"endpoints": [{**_ENDPOINT, "capture_percent": 10, "monitor": _MONITOR}]},
    "endpoints.monitor.on": {
        "training": {"pools": [_POOL], "cpu_pools": [{"name": "cpu", "max_nodes": 2}]},
        "cluster": {},
        "endpoints": [{**_ENDPOINT, "capture_percent": 10, "monitor": {**_MONITOR, "on": "cluster", "pool": "cpu"}}],
    },
    "endpoints.on": {
        # a replica is replaced by starting another one beside it
        "training": {"pools": [{**_POOL, "min_nodes": 1}]},
        "cluster": {},
        "endpoints": [{**_ENDPOINT, "on": "cluster", "pool": "gpu", "accelerator": "T4:1", "replicas": [1, 1]}],
    },
    "endpoints.secrets": {"endpoints": [{**_ENDPOINT, "secrets": {"TOKEN": "scorer-token"}}]},
    "feature_store": {"feature_store": {"entities": [_ENTITY], "groups": [_GROUP]}},
    "feature_store.groups.online": {"feature_store": {"entities": [_ENTITY], "groups": [{**_GROUP, "online": True}]}},
    "feature_store.fill": {
        "feature_store": {
            "entities": [_ENTITY],
            "groups": [{**_GROUP, "online": True}],
            "fill": {"image": "registry.example/steps:1"},
        }
    },
    "monitoring.grafana": {"monitoring": {"grafana": True}},
    "monitoring.routes": {
        "monitoring": {
            "routes": [
                {"kind": "email", "address": "a@example.com"},
                {"kind": "webhook", "name": "duty", "url_secret": "duty-url"},
                {"kind": "slack", "channel": "#ml", "channel_id": "C0123456789", "team_id": "T0123456"},
                {"kind": "pagerduty"},
            ]
        }
    },
    "network.nat": {"network": {"nat": "none"}},
    "pipelines": {"pipelines": [_PIPELINE]},
    "pipelines.engine": {
        "training": {"pools": [_POOL], "cpu_pools": [{"name": "cpu", "vcpus": 8, "memory_gib": 32, "max_nodes": 2}]},
        "cluster": {"addons": ["argo-workflows"]},
        "pipelines": [{**_PIPELINE, "engine": "cluster"}],
    },
    "pipelines.triggers": {
        "pipelines": [{**_PIPELINE, "triggers": _TRIGGERS, "programs_image": "registry.example/steps:1"}]
    },
    "registry.pull_through": {"registry": {"models": ["fraud"], "pull_through": ["docker.io"]}},
    "tracking": {"tracking": {"server": "managed"}},
    "tracking.server": {**_CLUSTER, "tracking": {"server": "cluster"}},
    "training": {"training": {}},
    "training.cpu_pools": {"training": {"cpu_pools": [{"name": "cpu", "max_nodes": 2}]}},
    "training.pools": {"training": {"pools": [_POOL]}},
}
"""What a spec has, by the field of the capability."""


def capability_samples() -> tuple[str, ...]:
    """The capabilities that `capability_faults` tries, by their field."""
    return tuple(SAMPLES)


def sample(field: str, target: Mapping[str, object]) -> dict[str, object]:
    """A whole spec with one capability, on one target.

    Args:
        field: one of `capability_samples`.
        target: the target's fields, `cloud` among them.
    """
    return {**BASE, **SAMPLES[field], "targets": [dict(target)]}
