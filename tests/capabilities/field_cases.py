"""A second value for every leaf of the spec that `test_nothing_is_ignored` does not change already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """One field with its second value."""

    at: str
    """Where in the spec; `TARGET` is the cloud's own target."""

    to: object
    """The second value."""

    given: Mapping[str, object] = field(default_factory=dict[str, object])
    """What else the spec has, with the first value and with the second."""

    also: Mapping[str, object] = field(default_factory=dict[str, object])
    """What must change with it."""


PLACES = ("data", "features", "models", "pipelines", "monitoring")
TARGET = "targets.@"
POOL = "training.pools.0"
ENDPOINT = "endpoints.0"
_BLOCK = {
    "kind": "capacity-block",
    "name": "r",
    "count": 4,
    "starts": "2026-12-01T11:30:00Z",
    "ends": "2026-12-03T11:30:00Z",
}
LOGIN = {
    "client_id": "hub",
    "authorize_url": "https://login.acme.example/authorize",
    "token_url": "https://login.acme.example/token",
    "groups": ["data-science"],
}
NOTEBOOKS = {
    "cluster": {"notebooks": {"login": LOGIN, "pools": ["gpu"]}, "teams": [{"name": "fraud", "quota": {"gpu": 2}}]}
}
TEAMS = {"cluster": {"teams": [{"name": "fraud", "quota": {"gpu": 2}}]}}
_INSTANCE = "projects/acme-ml/locations/us-central1-a/instances"
FILE_SYSTEMS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "aws": {"id": ("fs-0123456789abcdef0", "fs-0123456789abcdef1"), "mount_name": ("abcdbev", "fsx")},
    "gcp": {
        "instance": (f"{_INSTANCE}/scratch", f"{_INSTANCE}/other"),
        "address": ("10.9.0.4", "10.9.0.5"),
        "filesystem": ("lfs", "other"),
    },
    "azure": {"address": ("10.9.0.4", "10.9.0.5")},
}
"""By cloud and field of a shared file system: two values."""
_RESERVED = {"kind": "reservation", "name": "r", "count": 4}
_IDS = {
    "aws": "cr-0123456789abcdef0",
    "gcp": "reserved",
    "azure": "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/"
    "capacityReservationGroups/reserved",
}
_ZONES = {"aws": "us-east-1a", "gcp": "us-central1-a", "azure": "1"}


@dataclass(frozen=True)
class PerCloud:
    """A value that each cloud writes in its own way."""

    values: Mapping[str, object]
    """By cloud; clouds without a value have no such field."""


def bound(*others: str) -> dict[str, object]:
    """The reservation `r`, and others, bound by each cloud's target."""
    return {
        f"{TARGET}.reservations": PerCloud(
            {
                cloud: {
                    name: {"id": _IDS[cloud] + (f"-{name}" if name != "r" and cloud != "aws" else ""), "zone": zone}
                    if not (name != "r" and cloud == "aws")
                    else {"id": "cr-0fedcba9876543210", "zone": zone}
                    for name in ("r", *others)
                }
                for cloud, zone in _ZONES.items()
            }
        )
    }


_VARIANTS = [
    {"name": "stable", "model": "fraud/1", "traffic_percent": 70, "image": "docker.io/acme/scorer:1"},
    {"name": "next", "model": "fraud/2", "traffic_percent": 30, "image": "docker.io/acme/scorer:2"},
]
_SHADOW = {"name": "shadow", "model": "fraud/2", "sample_percent": 40}
_CANARY = {"kind": "canary", "steps": [10], "bake_minutes": 10}
_SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/net/providers/Microsoft.Network"
_SLACK = {"kind": "slack", "channel": "#ml", "channel_id": "C0123456789", "team_id": "T0123456789"}


def _notebooks() -> Iterator[tuple[str, Case]]:
    at = "cluster.notebooks"
    fields: dict[str, object] = {
        "team": "fraud",
        "image": "docker.io/acme/notebook:1",
        "address": "https://notebooks.acme.example",
        "home_gib": 40,
        "idle_minutes": 30,
        "max_hours": 8,
    }
    for name, to in fields.items():
        yield f"{at}.{name}", Case(f"{at}.{name}", to, NOTEBOOKS)
    login: dict[str, object] = {
        "client_id": "other",
        "authorize_url": "https://other.acme.example/authorize",
        "token_url": "https://other.acme.example/token",
        "name_claim": "preferred_username",
        "groups_claim": "roles",
        "scopes": ["openid", "email", "groups"],
        "groups": ["others"],
        "people": ["ada@acme.example"],
    }
    for name, to in login.items():
        yield f"{at}.login.{name}", Case(f"{at}.login.{name}", to, NOTEBOOKS)
    # of servers on pools without devices
    cpu = {**NOTEBOOKS["cluster"], "notebooks": {"login": LOGIN, "pools": ["cpu"]}}
    for name, to in (("pools", ["gpu"]), ("vcpus", 1), ("memory_gib", 4)):
        yield f"{at}.{name}", Case(f"{at}.{name}", to, {"cluster": cpu})


def _tracking() -> Iterator[tuple[str, Case]]:
    home: dict[str, object] = {"cluster": {}, "tracking": PerCloud({cloud: {"on": cloud} for cloud in _ZONES})}
    for name, to in (("image", "docker.io/acme/mlflow:1"), ("replicas", 3)):
        yield f"tracking.{name}", Case(f"tracking.{name}", to, home)
    sized: dict[str, object] = {**home, "tracking.database": {"size": "medium"}}
    for name, to in (("size", "large"), ("standby", True), ("backup_days", 20)):
        yield f"tracking.database.{name}", Case(f"tracking.database.{name}", to, sized)
    yield "tracking.server", Case("tracking.server", "managed", home)
    others = PerCloud({"aws": "gcp", "gcp": "azure", "azure": "aws"})
    yield "tracking.on", Case("tracking.on", others, home)


def _airflow() -> Iterator[tuple[str, Case]]:
    at = "cluster.airflow"
    login = {"client_id": "airflow", "issuer": "https://login.acme.example", "groups": ["data-science"]}
    there: dict[str, object] = {
        "cluster": {"airflow": {"login": login}},
        "tracking": PerCloud({cloud: {"on": cloud} for cloud in _ZONES}),
    }
    yield f"{at}.address", Case(f"{at}.address", "https://airflow.acme.example", there)
    fields: dict[str, object] = {
        "client_id": "other",
        "issuer": "https://other.acme.example",
        "name_claim": "preferred_username",
        "groups_claim": "roles",
        "scopes": ["openid", "email", "groups"],
        "groups": ["others"],
        "people": ["ada@acme.example"],
    }
    for name, to in fields.items():
        yield f"{at}.login.{name}", Case(f"{at}.login.{name}", to, there)


_AMOUNT = {"name": "amount", "type": "float64"}


def _features() -> Iterator[tuple[str, Case]]:
    at, group = "feature_store", "feature_store.groups.0"
    store: dict[str, object] = {
        "entities": [{"name": "customer", "key": "customer_id"}, {"name": "claim", "key": "claim_id"}],
        "groups": [{"name": "spend", "entities": ["customer"], "features": [_AMOUNT]}],
        "services": [{"name": "scorer", "features": ["spend"]}],
    }
    given: dict[str, object] = {at: store}
    also: Mapping[str, dict[str, object]] = {
        "entities.0.name": {f"{group}.entities": ["payer"]},
        "groups.0.name": {f"{at}.services.0.features": ["costs"]},
    }
    fields: dict[str, object] = {
        "entities.0.name": "payer",
        "entities.0.key": "payer_id",
        "entities.0.type": "int64",
        "groups.0.name": "costs",
        "groups.0.entities": ["claim"],
        "groups.0.features.0.name": "sum",
        "groups.0.features.0.type": "int64",
        "groups.0.timestamp": "true_from",
        "groups.0.created": "written_at",
        "groups.0.ttl_hours": 24,
        "groups.0.online": True,
        "services.0.name": "other",
        "services.0.features": ["spend:amount"],
    }
    wider = {"name": "more", "type": "bool"}
    online = {**given, f"{group}.online": True}
    # an endpoint of Azure Machine Learning does not reach the online store
    yield (
        f"{at}.services.endpoints",
        Case(f"{at}.services.0.endpoints", ["scorer"], {**online, f"{ENDPOINT}.replicas": [0, 2]}),
    )
    yield f"{at}.services.teams", Case(f"{at}.services.0.teams", ["fraud"], {**online, **TEAMS})
    filled: dict[str, object] = {**online, f"{at}.fill": {"image": "docker.io/acme/fill:1"}}
    for name, to in {
        "image": "docker.io/acme/fill:2",
        "every_hours": 6,
        "late_hours": 24,
        "severity": "warning",
    }.items():
        yield f"{at}.fill.{name}", Case(f"{at}.fill.{name}", to, filled)
    yield f"{at}.engine", Case(f"{at}.engine", "managed", online)
    yield "targets.features_size", Case(f"{TARGET}.features_size", PerCloud({"azure": "Balanced_B5"}), online)
    for name, to in fields.items():
        base = given if name != "services.0.features" else {**given, f"{group}.features": [wider, _AMOUNT]}
        yield f"{at}.{name.replace('.0', '')}", Case(f"{at}.{name}", to, base, also.get(name, {}))


def _monitors() -> Iterator[tuple[str, Case]]:
    at = f"{ENDPOINT}.monitor"
    pipelines = PerCloud(
        {
            cloud: [_pipeline(cloud, name=name, triggers={"events": ["drift"]}) for name in ("retrain", "other")]
            for cloud in _REGISTRIES
        }
    )
    monitor: dict[str, object] = {
        "task": "classification",
        "inputs": [{"name": "amount"}, {"name": "country", "kind": "category"}],
        "labels": {"path": "labels"},
        "metrics": [{"metric": "recall", "at_least": 0.7, "at_most": 0.99}],
        "predicted": "answer",
        "retrain": ["retrain"],
    }
    given: dict[str, object] = {
        "registry.repositories": ["training"],
        "pipelines": pipelines,
        # AWS publishes no container of MLflow
        f"{ENDPOINT}.server": PerCloud({"aws": "torchserve", "gcp": "mlflow", "azure": "mlflow"}),
        f"{ENDPOINT}.capture_percent": 10,
        at: PerCloud({cloud: {**monitor, "image": f"{image}:monitor-0"} for cloud, image in _REGISTRIES.items()}),
    }
    fields: dict[str, object] = {
        "image": PerCloud({cloud: f"{image}:monitor-1" for cloud, image in _REGISTRIES.items()}),
        "reference": "test/rows",
        "every_hours": 12,
        "first_hour": 7,
        "window_hours": 48,
        "severity": "critical",
        "retrain": ["other"],
        "score": "chance",
        "predicted": "decision",
        "row_id": "request",
        "slices": ["country"],
        "false_alarms_per_year": 2,
        "least_shift": 0.1,
        "least_concept": 0.1,
        "least_loss": 0.1,
        "least_rows": 500,
        "least_labels": 500,
        "inputs.name": "sum",
        "inputs.kind": "category",
        "labels.place": "features",
        "labels.path": "labels/new",
        "labels.column": "truth",
        "labels.days": 3,
        "metrics.metric": "precision",
        "metrics.at_least": 0.8,
        "metrics.at_most": 0.95,
    }
    for name, to in fields.items():
        where = name.replace("inputs.", "inputs.0.").replace("metrics.", "metrics.0.")
        yield f"endpoints.monitor.{name}", Case(f"{at}.{where}", to, given)
    carried = {"services": [{"name": "one", "features": ["spend"]}, {"name": "two", "features": ["risk"]}]}
    groups = [{"name": name, "entities": ["customer"], "features": [_AMOUNT]} for name in ("spend", "risk")]
    store = {"entities": [{"name": "customer", "key": "customer_id"}], "groups": groups, **carried}
    served = {**given, "feature_store": store, f"{at}.features": "one"}
    yield "endpoints.monitor.features", Case(f"{at}.features", "two", served)
    ranked = {**given, f"{at}.metrics": [], f"{at}.task": "ranking", f"{at}.predicted": None}
    yield "endpoints.monitor.query", Case(f"{at}.query", "request", ranked)
    yield "endpoints.monitor.task", Case(f"{at}.task", "regression", {**given, f"{at}.metrics": []})
    yield "endpoints.monitor.on", Case(f"{at}.on", "cluster", {**given, "cluster": {}})
    pools = [{"name": name, "max_nodes": 4} for name in ("cpu", "other")]
    inside = {**given, "cluster": {}, "training.cpu_pools": pools, f"{at}.on": "cluster", f"{at}.pool": "cpu"}
    two = {f"{ENDPOINT}.model": None, f"{ENDPOINT}.variants": _VARIANTS}
    first, second = (str(each["name"]) for each in _VARIANTS)
    yield "endpoints.monitor.variant", Case(f"{at}.variant", second, {**given, **two, f"{at}.variant": first})
    yield "endpoints.monitor.pool", Case(f"{at}.pool", "other", inside)
    yield "endpoints.monitor.workers", Case(f"{at}.workers", 3, inside)


_REGISTRIES = {
    "aws": "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training",
    "gcp": "us-central1-docker.pkg.dev/acme-dev/acme/fraud",
    "azure": "mcr.microsoft.com/acme/fraud",
}


def _pipeline(cloud: str, **more: object) -> dict[str, object]:
    """A pipeline with something in every field that can stand beside the others."""
    registry = _REGISTRIES[cloud]
    evaluate: dict[str, object] = {
        "name": "evaluate",
        "command": ["judge", "{{inputs.rows}}", "{{outputs.metrics}}", "{{outputs.rows}}", "{{outputs.other}}"],
        "inputs": {"rows": {"place": "data", "path": "claims"}},
        "outputs": {
            "metrics": {"kind": "metrics", "metrics": ["auc", "loss"]},
            "rows": {"kind": "predictions"},
            "other": {"kind": "metrics", "metrics": ["auc"]},
        },
    }
    train: dict[str, object] = {
        "name": "train",
        "command": ["train", "{{inputs.rows}}", "{{parameters.rounds}}", "{{outputs.model}}"],
        "inputs": {"rows": {"step": "evaluate", "output": "rows"}},
        "outputs": {"model": {"kind": "model"}},
        "image": f"{registry}:own",
    }
    gate: dict[str, object] = {
        "name": "gate",
        "kind": "gate",
        "inputs": {
            "metrics": {"step": "evaluate", "output": "metrics"},
            "rows": {"step": "evaluate", "output": "rows"},
        },
        "gate": {
            "thresholds": [{"metric": "auc", "at_least": 0.5, "at_most": 1.0}],
            "champion": {"metric": "auc"},
            "slices": [{"column": "country", "metric": "auc", "at_least": 0.4, "at_most": 1.0, "most_difference": 0.2}],
        },
    }
    whole: dict[str, object] = {
        "name": "retrain",
        "model": "fraud",
        "on": cloud,
        "image": f"{registry}:1",
        "programs_image": f"{registry}:step",
        "parameters": [{"name": "rounds", "type": "integer", "default": 10}],
        "steps": [evaluate, train, gate, {"name": "report", "command": ["report"]}],
    }
    return {**whole, **more}


_LAYER: dict[str, object] = {
    "cluster": {"mounts": [{"place": "data"}, {"place": "pipelines"}]},
    "training.cpu_pools": [{"name": "cpu", "vcpus": 8, "memory_gib": 32, "max_nodes": 4}],
}
"""What a pipeline on the cluster needs: folders of the store in pods, and nodes that its steps fit on."""


def _given(**more: object) -> dict[str, object]:
    """A pipeline, and the repository that its image is in."""
    pipelines = PerCloud({cloud: [_pipeline(cloud, **more)] for cloud in _REGISTRIES})
    return {"registry.repositories": ["training"], "pipelines": pipelines}


def _trigger_cases(at: str) -> Iterator[tuple[str, Case]]:
    schedule: dict[str, object] = {"name": "monthly", "cron": "0 3 1 * *", "parameters": {"rounds": 20}}
    data: dict[str, object] = {"name": "claims", "path": "claims", "parameters": {"rounds": 30}}
    team = {"name": "fraud", "max_runs_at_once": 2, "max_usd_per_month": 2000}
    given = _given(
        triggers={"schedules": [schedule], "data": [data], "events": ["drift"], "max_usd_per_month": 1000, "team": team}
    )
    fields: dict[str, object] = {
        "enabled": False,
        "team.name": "claims",
        "team.max_runs_at_once": 3,
        "team.max_usd_per_month": 3000,
        "events": ["quality"],
        "new_labels": 500,
        "branch": "main",
        "quiet_minutes": 60,
        "cooldown_hours": 100,
        "max_runs_per_month": 2,
        "max_usd_per_month": 2000,
        "schedules.name": "each-month",
        "schedules.cron": "0 4 1 * *",
        "schedules.time_zone": "Europe/Zurich",
        "schedules.parameters": {"rounds": 40},
        "data.name": "new-claims",
        "data.path": "claims/eu",
        "data.marker": "_SUCCESS",
        "data.parameters": {"rounds": 40},
    }
    for name, to in fields.items():
        where = name.replace("schedules.", "schedules.0.").replace("data.", "data.0.")
        yield f"pipelines.triggers.{name}", Case(f"{at}.triggers.{where}", to, given)
    features = {f"{at}.steps.0.inputs.rows": {"place": "features", "path": "claims"}}
    yield "pipelines.triggers.data.place", Case(f"{at}.triggers.data.0.place", "features", given, features)


def _data_check_cases(at: str) -> Iterator[tuple[str, Case]]:
    column = {"name": "amount", "type": "number"}
    inputs = {name: {"place": "data", "path": name} for name in ("rows", "last", "older")}
    checks: dict[str, object] = {
        "input": "rows",
        "columns": [column, {"name": "day", "type": "date"}, {"name": "seen", "type": "date"}],
        "change": {"input": "last", "most_share": 0.5},
        "fresh": {"column": "day", "most_hours": 24},
    }
    look = {"name": "look", "kind": "validate", "inputs": inputs, "data_checks": checks}
    whole = {cloud: _pipeline(cloud) for cloud in _REGISTRIES}
    for each in whole.values():
        each["steps"] = [*each["steps"], look]  # type: ignore[misc]
    given: dict[str, object] = {
        "registry.repositories": ["training"],
        "pipelines": PerCloud({cloud: [each] for cloud, each in whole.items()}),
    }
    fields: dict[str, object] = {
        "input": "older",
        "columns.name": "sum",
        "columns.type": "integer",
        "columns.most_null_share": 0.1,
        "columns.unique": True,
        "columns.at_least": 0,
        "columns.at_most": 9,
        "columns.one_of": {"name": "amount", "type": "string", "one_of": ["a"]},
        "other_columns": False,
        "unique_together": ["amount"],
        "least_rows": 5,
        "most_rows": 9,
        "change.input": "older",
        "change.most_share": 0.2,
        "fresh.column": "seen",
        "fresh.most_hours": 48,
        "ends_run": False,
    }
    for name, to in fields.items():
        where = "columns.0" if name == "columns.one_of" else name.replace("columns.", "columns.0.")
        yield f"pipelines.steps.data_checks.{name}", Case(f"{at}.steps.4.data_checks.{where}", to, given)


def _tune_cases(at: str) -> Iterator[tuple[str, Case]]:
    """A search of two kinds of values by the step that trains."""
    number = {"name": "rate", "at_least": 0.1, "at_most": 1.0}
    choice = {"name": "solver", "type": "choice", "choices": ["adam", "sgd"]}
    tune = {
        "parameters": [number, choice],
        "metric": "loss",
        "goal": "minimize",
        "trials": 8,
        "trial_minutes": 5,
    }
    command = [
        "train",
        "{{inputs.rows}}",
        "{{outputs.model}}",
        "{{outputs.scores}}",
        "{{tune.rate}}",
        "{{tune.solver}}",
    ]
    train = f"{at}.steps.1"
    given: dict[str, object] = {
        **_given(),
        f"{train}.command": command,
        f"{train}.outputs": {"model": {"kind": "model"}, "scores": {"kind": "metrics", "metrics": ["loss", "error"]}},
        f"{train}.tune": tune,
    }
    renamed = {f"{train}.command": [*command[:4], "{{tune.speed}}", command[5]]}
    fields: dict[str, tuple[str, object]] = {
        "parameters.type": ("parameters.0", {**number, "type": "integer", "at_least": 1, "at_most": 3}),
        "parameters.at_least": ("parameters.0.at_least", 0.2),
        "parameters.at_most": ("parameters.0.at_most", 2.0),
        "parameters.log": ("parameters.0.log", True),
        "parameters.choices": ("parameters.1.choices", ["adam", "sgd", "lamb"]),
        "metric": ("metric", "error"),
        "goal": ("goal", "maximize"),
        "trials": ("trials", 9),
        "trial_minutes": ("trial_minutes", 6),
        "parallel": ("parallel", 2),
        "machines": ("machines", 2),
        "without_gain": ("without_gain", 4),
        "stop_trials": ("stop_trials", True),
        "seed": ("seed", 7),
    }
    yield "pipelines.steps.tune.parameters.name", Case(f"{train}.tune.parameters.0.name", "speed", given, renamed)
    for name, (where, to) in fields.items():
        yield f"pipelines.steps.tune.{name}", Case(f"{train}.tune.{where}", to, given)


def _pipeline_cases() -> Iterator[tuple[str, Case]]:
    at = "pipelines.0"
    others: dict[str, object] = {
        "name": "other",
        "model": "risk",
        "on": PerCloud({"aws": "gcp", "gcp": "azure", "azure": "gcp"}),
        "engine": "airflow",
        "image": PerCloud({cloud: f"{registry}:2" for cloud, registry in _REGISTRIES.items()}),
        "programs_image": PerCloud({cloud: f"{registry}:step-2" for cloud, registry in _REGISTRIES.items()}),
        "timeout_hours": 80,
    }
    for name, to in others.items():
        layer = _LAYER if name == "engine" else {}
        yield f"pipelines.{name}", Case(f"{at}.{name}", to, {**_given(), **layer})
    bounded = _given(max_usd_per_run=1000)
    yield "pipelines.max_usd_per_run", Case(f"{at}.max_usd_per_run", 2000, bounded)
    command = ["train", "{{inputs.rows}}", "{{parameters.turns}}", "{{outputs.model}}"]
    yield (
        "pipelines.parameters.name",
        Case(f"{at}.parameters.0.name", "turns", _given(), {f"{at}.steps.1.command": command}),
    )
    yield from _trigger_cases(at)
    yield "pipelines.parameters.type", Case(f"{at}.parameters.0.type", "float", _given())
    yield "pipelines.parameters.default", Case(f"{at}.parameters.0.default", 20, _given())
    # of the steps: evaluate, train, gate, report
    when = {"step": "evaluate", "output": "metrics", "metric": "auc", "at_least": 0.5}
    fields: dict[str, tuple[int, str, object]] = {
        "name": (3, "name", "summary"),
        "kind": (3, "kind", "score"),
        "image": (1, "image", PerCloud({cloud: f"{registry}:other" for cloud, registry in _REGISTRIES.items()})),
        "command": (3, "command", ["report", "--long"]),
        "inputs.step": (1, "inputs.rows", {"step": "report", "output": "rows"}),
        "inputs.output": (1, "inputs.rows.output", "metrics"),
        "inputs.place": (0, "inputs.rows.place", "features"),
        "inputs.path": (0, "inputs.rows.path", "others"),
        "inputs.released": (0, "inputs.rows", {"released": True}),
        "outputs.kind": (1, "outputs.model.kind", "folder"),
        "outputs.metrics": (0, "outputs.metrics.metrics", ["auc", "f1"]),
        "env": (3, "env", {"MODE": "x"}),
        "resources.vcpus": (3, "resources", {"vcpus": 8}),
        "resources.memory_gib": (3, "resources", {"memory_gib": 32}),
        "resources.disk_gib": (3, "resources", {"disk_gib": 90}),
        "resources.accelerator": (3, "resources", {"accelerator": "T4:1"}),
        "after": (3, "after", ["train"]),
        "slices": (3, "slices", ["eu", "us"]),
        "retries": (3, "retries", 2),
        "timeout_minutes": (3, "timeout_minutes", 90),
        "cache_days": (3, "cache_days", 7),
        "gate.thresholds.metric": (2, "gate.thresholds.0.metric", "loss"),
        "gate.thresholds.at_least": (2, "gate.thresholds.0.at_least", 0.6),
        "gate.thresholds.at_most": (2, "gate.thresholds.0.at_most", 0.9),
        "gate.champion.metric": (2, "gate.champion.metric", "recall"),
        "gate.champion.test": (2, "gate.champion.test", "delong"),
        "gate.champion.margin": (2, "gate.champion.margin", 0.1),
        "gate.champion.alpha": (2, "gate.champion.alpha", 0.1),
        "gate.slices.column": (2, "gate.slices.0.column", "age"),
        "gate.slices.metric": (2, "gate.slices.0.metric", "recall"),
        "gate.slices.at_least": (2, "gate.slices.0.at_least", 0.3),
        "gate.slices.at_most": (2, "gate.slices.0.at_most", 0.9),
        "gate.slices.most_difference": (2, "gate.slices.0.most_difference", 0.3),
        "gate.slices.least_rows": (2, "gate.slices.0.least_rows", 50),
        "gate.most_model_mib": (2, "gate.most_model_mib", 100),
        "gate.licences": (2, "gate.licences", ["MIT"]),
        "gate.sign_off": (2, "gate.sign_off", ["domain-expert"]),
        "gate.least_rows": (2, "gate.least_rows", 900),
    }
    for name, (index, field_name, to) in fields.items():
        given, also = _given(), dict[str, object]()
        if name in ("gate.most_model_mib", "gate.licences"):
            also[f"{at}.steps.2.inputs.model"] = {"step": "train", "output": "model"}
        if name == "inputs.released":
            given["endpoints"] = [{"name": "scorer", "model": "fraud"}]
        if name == "inputs.step":
            also = {
                f"{at}.steps.3.outputs": {"rows": {}},
                f"{at}.steps.3.command": ["report", "{{outputs.rows}}"],
            }
        yield f"pipelines.steps.{name}", Case(f"{at}.steps.{index}.{field_name}", to, given, also)
    base = {"id": "acme/base", "revision": "0" * 40, "licence": "MIT", "digest": f"sha256:{'a' * 64}"}
    based = {
        **_given(),
        f"{at}.steps.1.inputs.base": {"base_model": base},
        f"{at}.steps.1.command": [*command[:2], "{{parameters.rounds}}", "{{outputs.model}}", "{{inputs.base}}"],
    }
    for name, to in (
        ("id", "acme/other"),
        ("revision", "1" * 40),
        ("licence", "Apache-2.0"),
        ("digest", f"sha256:{'b' * 64}"),
    ):
        whole = f"{at}.steps.1.inputs.base.base_model.{name}"
        yield f"pipelines.steps.inputs.base_model.{name}", Case(whole, to, based)
    spread: dict[str, object] = {
        **_given(),
        f"{at}.steps.3.distribution": "torch",
        f"{at}.steps.3.resources": {"nodes": 2},
    }
    yield "pipelines.steps.resources.nodes", Case(f"{at}.steps.3.resources.nodes", 3, spread)
    yield "pipelines.steps.distribution", Case(f"{at}.steps.3.distribution", "mpi", spread)
    again: dict[str, object] = {**_given(), f"{at}.steps.3.retries": 1}
    yield "pipelines.steps.resources.capacity", Case(f"{at}.steps.3.resources.capacity", "spot", again)
    word = {f"{at}.steps.3.command": ["report", "{{checkpoint}}"]}
    yield "pipelines.steps.checkpoint", Case(f"{at}.steps.3.checkpoint", True, _given(), word)
    on_cluster: dict[str, object] = {**_given(engine="airflow"), **_LAYER}
    yield "pipelines.steps.resources.pool", Case(f"{at}.steps.3.resources.pool", "cpu", on_cluster)
    conditional: dict[str, object] = {**on_cluster, f"{at}.steps.3.when": when}
    for name, to in (("output", "other"), ("metric", "loss"), ("at_least", 0.7)):
        yield f"pipelines.steps.when.{name}", Case(f"{at}.steps.3.when.{name}", to, conditional)
    most = {"step": "evaluate", "output": "metrics", "metric": "auc", "at_most": 0.5}
    yield "pipelines.steps.when.at_most", Case(f"{at}.steps.3.when", most, conditional)
    yield from _data_check_cases(at)
    yield from _tune_cases(at)
    third = {
        "name": "third",
        "command": ["x", "{{outputs.metrics}}"],
        "outputs": {"metrics": {"kind": "metrics", "metrics": ["auc"]}},
    }
    more = {cloud: _pipeline(cloud, engine="airflow") for cloud in _REGISTRIES}
    for given_pipeline in more.values():
        given_pipeline["steps"] = [*given_pipeline["steps"], third]  # type: ignore[misc]
    several: dict[str, object] = {
        "pipelines": PerCloud({cloud: [each] for cloud, each in more.items()}),
        **_LAYER,
        f"{at}.steps.3.when": when,
    }
    yield "pipelines.steps.when.step", Case(f"{at}.steps.3.when.step", "third", several)


def _cases() -> Iterator[tuple[str, Case]]:
    yield (
        "access.ci.runner",
        Case(
            "access.ci.runner",
            "network",
            {
                f"{TARGET}.ci_connection_arn": PerCloud(
                    {"aws": "arn:aws:codeconnections:us-east-1:123456789012:connection/1"}
                )
            },
        ),
    )
    versions = PerCloud({"aws": "1.34", "gcp": "1.36", "azure": "1.34"})  # as long as each cloud supports it
    yield "training.kubernetes_version", Case("training.kubernetes_version", versions)
    # private endpoints of the serving room need them
    yield "network.private_endpoints", Case("network.private_endpoints", False, {"endpoints": ()})
    for place in PLACES:
        at = f"artifact_store.{place}"
        for name, to in (
            ("retention", "long-term"),
            ("versioned", False),
            ("tier_after_days", 45),
            ("expire_after_days", 500),
            ("old_versions_days", 11),
            ("legal_hold", True),
        ):
            # what endpoints and pipelines release does not expire
            alone = {"endpoints": (), "pipelines": ()} if (place, name) == ("models", "expire_after_days") else {}
            yield f"{at}.{name}", Case(f"{at}.{name}", to, alone)
        yield f"{at}.worm.days", Case(f"{at}.worm.days", 31, {f"{at}.worm": {"days": 30}})
        yield f"{at}.worm.locked", Case(f"{at}.worm.locked", True, {f"{at}.worm": {"days": 30}})
    yield "cluster.engines", Case("cluster.engines", ["ray"], {"cluster": {}})
    yield (
        "cluster.addons",
        Case("cluster.addons", ["argo-workflows", "cert-manager", "external-secrets"], {"cluster": {}}),
    )
    yield "cluster.images", Case("cluster.images", "platform", {"cluster": {"images": "public"}})
    triggered = {cloud: [_pipeline(cloud, engine="airflow", triggers={})] for cloud in _REGISTRIES}
    with_airflow = {
        **_LAYER,
        "registry.repositories": ["training"],
        "cluster": {
            "mounts": [{"place": "data"}, {"place": "pipelines"}],
            "airflow_url": "https://airflow.acme.example",
        },
        "pipelines": PerCloud(triggered),
    }
    yield from _airflow()
    managed: dict[str, object] = {
        **_LAYER,
        "cluster": {"mounts": [{"place": "data"}, {"place": "pipelines"}], "managed_airflow": {}},
        "pipelines": PerCloud({cloud: [_pipeline(cloud, engine="airflow")] for cloud in _REGISTRIES}),
    }
    for name, to in (("size", "large"), ("max_workers", 9)):
        yield f"cluster.managed_airflow.{name}", Case(f"cluster.managed_airflow.{name}", to, managed)
    yield "cluster.airflow_url", Case("cluster.airflow_url", "http://api.airflow.svc:8080", with_airflow)
    yield "cluster.pods_ready_minutes", Case("cluster.pods_ready_minutes", 45, {"cluster": {}})
    mount = {"cluster": {"mounts": [{"place": "data"}]}}
    yield "cluster.mounts.place", Case("cluster.mounts.0.place", "features", mount)
    yield "cluster.mounts.cache_gib", Case("cluster.mounts.0.cache_gib", 40, mount)
    made = {"cluster": {"shared_file_system": {"capacity_gib": 18_000}}}
    for name, to in (
        ("capacity_gib", 36_000),
        ("throughput", 250),
        ("zone", 2),
        ("cidr", "10.250.0.0/20"),
    ):
        also = {"cluster.shared_file_system.capacity_gib": 36_000} if name == "throughput" else {}
        yield (
            f"cluster.shared_file_system.{name}",
            Case(f"cluster.shared_file_system.{name}", to, made, also),
        )
    stalled = "monitoring.alerts.queue_stalled_minutes"
    yield stalled, Case(stalled, 60, {"cluster": {}})
    team = "cluster.teams"
    for name, to in (("name", "other"), ("quota", {"gpu": 1}), ("borrow", {"gpu": 1}), ("lend", {"gpu": 1})):
        yield f"{team}.{name}", Case(f"{team}.0.{name}", to, TEAMS)
    yield f"{team}.weight", Case(f"{team}.0.weight", 2, TEAMS)
    yield f"{team}.max_jobs", Case(f"{team}.0.max_jobs", 5, TEAMS)
    yield from _notebooks()
    yield from _tracking()
    yield from _features()
    yield from _monitors()
    pool = "training.pools"
    yield f"{pool}.capacity=reservation", Case(f"{POOL}.capacity", _RESERVED, bound())
    yield f"{pool}.name", Case(f"{POOL}.name", "other")
    held = {"training.holds": [{"name": "long", "starts": "2026-12-01", "ends": "2026-12-20"}]}
    yield "training.holds.name", Case("training.holds.0.name", "other", held)
    yield "training.holds.starts", Case("training.holds.0.starts", "2026-12-03", held)
    yield "training.holds.ends", Case("training.holds.0.ends", "2026-12-22", held)
    taint = {f"{POOL}.taints": [{"key": "a", "value": "b"}]}
    yield f"{pool}.taints.key", Case(f"{POOL}.taints.0.key", "c", taint)
    yield f"{pool}.taints.value", Case(f"{POOL}.taints.0.value", "c", taint)
    yield f"{pool}.taints.effect", Case(f"{POOL}.taints.0.effect", "NoExecute", taint)
    cpu_pool = "training.cpu_pools"
    yield f"{cpu_pool}.name", Case(f"{cpu_pool}.0.name", "other")
    cpu_taint = {f"{cpu_pool}.0.taints": [{"key": "a", "value": "b"}]}
    yield f"{cpu_pool}.taints.key", Case(f"{cpu_pool}.0.taints.0.key", "c", cpu_taint)
    yield f"{cpu_pool}.taints.value", Case(f"{cpu_pool}.0.taints.0.value", "c", cpu_taint)
    yield f"{cpu_pool}.taints.effect", Case(f"{cpu_pool}.0.taints.0.effect", "NoExecute", cpu_taint)
    sliced = {f"{POOL}.sharing": {"kind": "time-slicing", "clients": 4}}
    yield f"{pool}.sharing=time-slicing", Case(f"{POOL}.sharing", {"kind": "time-slicing", "clients": 4})
    yield f"{pool}.sharing.clients", Case(f"{POOL}.sharing.clients", 6, sliced)
    sold = {f"{POOL}.accelerator": PerCloud({"aws": "H100:8", "gcp": "H200:8", "azure": "H100:8"})}
    open_market = PerCloud({"aws": "on-demand", "gcp": "spot", "azure": "on-demand"})
    h100 = {f"{POOL}.accelerator": "H100:8"}
    yield f"{pool}.fabric", Case(f"{POOL}.fabric", True, h100)
    yield f"{pool}.local_nvme", Case(f"{POOL}.local_nvme", True)
    yield (
        f"{pool}.capacity=capacity-block",
        Case(f"{POOL}.capacity", _BLOCK, {**sold, **bound(), f"{POOL}.capacity": open_market}),
    )
    waited = {**h100, f"{POOL}.capacity": "flex-start"}
    yield f"{pool}.max_run_hours", Case(f"{POOL}.max_run_hours", 24, waited)
    blocked = {**sold, **bound(), f"{POOL}.capacity": _BLOCK}
    yield f"{pool}.capacity.starts", Case(f"{POOL}.capacity.starts", "2026-12-02T11:30:00Z", blocked)
    yield f"{pool}.capacity.ends", Case(f"{POOL}.capacity.ends", "2026-12-04T11:30:00Z", blocked)
    yield (
        f"{pool}.capacity.name",
        Case(f"{POOL}.capacity.name", "s", {**bound("s"), f"{POOL}.capacity": _RESERVED}),
    )
    a100 = {f"{POOL}.accelerator": "A100-80GB:8"}
    mig = {"kind": "mig", "profile": "1g.10gb"}
    yield f"{pool}.sharing=mig", Case(f"{POOL}.sharing", mig, a100)
    yield f"{pool}.sharing.profile", Case(f"{POOL}.sharing.profile", "3g.40gb", {**a100, f"{POOL}.sharing": mig})
    split = {f"{ENDPOINT}.model": None, f"{ENDPOINT}.variants": _VARIANTS}
    first = f"{ENDPOINT}.variants.0"
    yield "endpoints.variants.name", Case(f"{first}.name", "other", split)
    yield "endpoints.variants.model", Case(f"{first}.model", "fraud/9", split)
    yield "endpoints.variants.image", Case(f"{first}.image", "docker.io/acme/scorer:9", split)
    yield (
        "endpoints.variants.traffic_percent",
        Case(f"{first}.traffic_percent", 60, split, {f"{ENDPOINT}.variants.1.traffic_percent": 40}),
    )
    shadowed = {f"{ENDPOINT}.shadow": _SHADOW}
    yield "endpoints.shadow.name", Case(f"{ENDPOINT}.shadow.name", "twin", shadowed)
    yield "endpoints.shadow.model", Case(f"{ENDPOINT}.shadow.model", "fraud/9", shadowed)
    yield "endpoints.shadow.image", Case(f"{ENDPOINT}.shadow.image", "docker.io/acme/scorer:9", shadowed)
    yield "endpoints.shadow.sample_percent", Case(f"{ENDPOINT}.shadow.sample_percent", 20, shadowed)
    yield "endpoints.cpu.vcpus", Case(f"{ENDPOINT}.cpu.vcpus", 8)
    yield "endpoints.cpu.memory_gib", Case(f"{ENDPOINT}.cpu.memory_gib", 16)
    yield "endpoints.name", Case(f"{ENDPOINT}.name", "other")
    kept = {"cluster": {}, "training.cpu_pools.0.min_nodes": 1, "training.pools.0.min_nodes": 1}
    plain = {f"{ENDPOINT}.slo": None, f"{ENDPOINT}.replicas": [1, 1], f"{ENDPOINT}.rollout": {"kind": "all-at-once"}}
    inside = {f"{ENDPOINT}.pool": "cpu", **plain}
    yield "endpoints.on", Case(f"{ENDPOINT}.on", "cluster", kept, inside)
    yield (
        "endpoints.pool",
        Case(
            f"{ENDPOINT}.pool",
            "gpu",
            {**kept, **inside, f"{ENDPOINT}.on": "cluster"},
            {f"{ENDPOINT}.accelerator": "T4:1"},
        ),
    )
    public = {
        **kept,
        **inside,
        f"{ENDPOINT}.on": "cluster",
        f"{ENDPOINT}.exposure": "public",
        f"{ENDPOINT}.entry": {"host": "score.example.org", "certificate": "score-entry", "cidrs": ["198.51.100.0/24"]},
    }
    yield "endpoints.entry.host", Case(f"{ENDPOINT}.entry.host", "other.example.org", public)
    yield "endpoints.entry.certificate", Case(f"{ENDPOINT}.entry.certificate", "other-entry", public)
    yield "endpoints.entry.cidrs", Case(f"{ENDPOINT}.entry.cidrs", ["203.0.113.0/24"], public)
    yield (
        "endpoints.model_cache",
        Case(f"{ENDPOINT}.model_cache", "node", {**kept, **inside, f"{ENDPOINT}.on": "cluster"}),
    )
    redact = f"{ENDPOINT}.redact"
    rules: dict[str, object] = {"fields": ["name"], "kinds": ["email"], "patterns": ["K-1"], "image": "acme/redact:1"}
    captured: dict[str, object] = {f"{ENDPOINT}.on": "cluster", f"{ENDPOINT}.capture_percent": 10, redact: rules}
    for name, to in {"fields": ["street"], "kinds": ["ip"], "patterns": ["K-2"], "image": "acme/redact:2"}.items():
        yield f"endpoints.redact.{name}", Case(f"{redact}.{name}", to, {**kept, **inside, **captured})
    whole = {f"{POOL}.accelerator": "H100:8", f"{POOL}.fabric": True, f"{POOL}.max_nodes": 30, f"{POOL}.min_nodes": 8}
    spread = {**kept, **inside, f"{ENDPOINT}.on": "cluster", f"{ENDPOINT}.pool": "gpu", f"{ENDPOINT}.server": "vllm"}
    llm = {f"{ENDPOINT}.accelerator": "H100:8", f"{ENDPOINT}.image": "docker.io/acme/vllm:1"}
    yield "endpoints.nodes", Case(f"{ENDPOINT}.nodes", 2, {**spread, **whole, **llm})
    yield (
        "endpoints.max_concurrency",
        Case(f"{ENDPOINT}.max_concurrency", 9, {f"{ENDPOINT}.autoscaling": {"target": 2}}),
    )
    yield (
        "endpoints.rollout.least_requests",
        Case(f"{ENDPOINT}.rollout.least_requests", 50, {f"{ENDPOINT}.rollout": _CANARY}),
    )
    custom = {f"{ENDPOINT}.server": "custom", f"{ENDPOINT}.image": "docker.io/acme/own:1"}
    yield "endpoints.port", Case(f"{ENDPOINT}.port", 8081, custom)
    yield "endpoints.health_path", Case(f"{ENDPOINT}.health_path", "/ready", custom)
    yield "endpoints.rollout=all-at-once", Case(f"{ENDPOINT}.rollout", {"kind": "all-at-once"})
    yield (
        "endpoints.rollout=blue-green",
        Case(f"{ENDPOINT}.rollout", {"kind": "blue-green"}, {f"{ENDPOINT}.rollout": _CANARY}),
    )
    yield "endpoints.rollout=canary", Case(f"{ENDPOINT}.rollout", _CANARY)
    yield (
        "endpoints.rollout.bake_minutes",
        Case(f"{ENDPOINT}.rollout.bake_minutes", 20, {f"{ENDPOINT}.rollout": _CANARY}),
    )
    yield "endpoints.rollout.steps", Case(f"{ENDPOINT}.rollout.steps", [20], {f"{ENDPOINT}.rollout": _CANARY})
    route = "monitoring.routes.0"
    for kind, given, changes in (
        ("email", {"kind": "email", "address": "a@acme.example"}, {"address": "z@acme.example"}),
        (
            "webhook",
            {"kind": "webhook", "name": "hook", "url_secret": "hook"},
            {"name": "other", "url_secret": "other"},
        ),
        (
            "slack",
            _SLACK,
            {"channel": "#other", "channel_id": "C9999999999", "team_id": "T9999999999", "token_secret": "other"},
        ),
        ("pagerduty", {"kind": "pagerduty"}, {"key_secret": "other"}),
    ):
        yield (
            f"monitoring.routes={kind}",
            Case("monitoring.routes", [given], {"monitoring.routes": [], "budget.emails": ["a@acme.example"]}),
        )
        mailed = {"monitoring.routes": [given], "budget.emails": ["a@acme.example"]}
        for name, to in changes.items():
            yield f"monitoring.routes.{name}", Case(f"{route}.{name}", to, mailed)
    yield "monitoring.routes.severities", Case(f"{route}.severities", ["critical"])


def _target_cases() -> Iterator[tuple[str, Case]]:
    own: dict[str, dict[str, object]] = {
        "zones": {"aws": ["us-east-1b", "us-east-1c"], "gcp": ["us-central1-b", "us-central1-c"], "azure": ["2", "3"]},
        "people": {
            "aws": {"auditor": ["arn:aws:iam::123456789012:role/auditors"]},
            "gcp": {"auditor": ["auditors@acme.example"]},
            "azure": {"auditor": ["22222222-2222-4222-8222-222222222222"]},
        },
        "name": dict.fromkeys(_IDS, "other"),
        "account_id": {"aws": "210987654321"},
        "region": {"aws": "us-east-2", "gcp": "us-east4"},
        "oidc_provider_arn": {"aws": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
        "account_baseline": {"aws": True},
        "audit_trail": {"aws": True},
        "subscription_id": {"azure": "00000000-0000-4000-8000-000000000001"},
        "tenant_id": {"azure": "11111111-1111-4111-8111-111111111112"},
        "location": {"azure": "eastus2"},
        "incarnation": {"azure": "two", "gcp": "two"},
        "register_features": {"azure": True},
        "host_encryption": {"azure": False},
        "defender_for_containers": {"azure": True},
        "subscription_audit": {"azure": True},
        "project": {"gcp": "acme-other"},
        "project_number": {"gcp": "123456789013"},
        "billing_account": {"gcp": "012345-6789AB-CDEF02"},
        "security_group": {"gcp": "gke-security-groups@acme.example"},
        "audit_logs": {"gcp": True},
        "admitted_images": {"gcp": ["registry.k8s.io/**"]},
    }
    for name, values in own.items():
        yield f"targets.{name}", Case(f"{TARGET}.{name}", PerCloud(values))
    yield (
        "targets.replica_region",
        Case(
            f"{TARGET}.replica_region",
            PerCloud({"aws": "us-east-2", "gcp": "us-west1", "azure": "westus2"}),
            {"artifact_store.replicated": True},
        ),
    )
    people = {
        "aws": {"fraud": ["arn:aws:iam::123456789012:role/fraud"]},
        "gcp": {"fraud": ["user:ann@acme.example"]},
        "azure": {"fraud": ["22222222-2222-4222-8222-222222222222"]},
    }
    mounted = {cloud: {name: first for name, (first, _) in fields.items()} for cloud, fields in FILE_SYSTEMS.items()}
    named: dict[str, object] = {"cluster": {}, f"{TARGET}.shared_file_system": PerCloud(mounted)}
    for name in sorted({name for fields in FILE_SYSTEMS.values() for name in fields}):
        others = {cloud: fields[name][1] for cloud, fields in FILE_SYSTEMS.items() if name in fields}
        yield f"targets.shared_file_system.{name}", Case(f"{TARGET}.shared_file_system.{name}", PerCloud(others), named)
    yield "targets.members", Case(f"{TARGET}.members", PerCloud(people), TEAMS)
    grafana = {"monitoring.grafana": True}
    yield "targets.grafana_login", Case(f"{TARGET}.grafana_login", PerCloud({"aws": "SAML"}), grafana)
    app = {"azure": "33333333-3333-4333-8333-333333333333"}
    yield (
        "targets.callers_app_id",
        Case(f"{TARGET}.callers_app_id", PerCloud(app), {f"{ENDPOINT}.replicas": [0, 2], f"{ENDPOINT}.slo": None}),
    )
    yield "targets.deletion_policy", Case(f"{TARGET}.deletion_policy", PerCloud({"azure": False}), {"profile": "prod"})
    pool = {f"{POOL}.capacity": _RESERVED, **bound()}
    ids = {"aws": "cr-0fedcba9876543210", "gcp": "other", "azure": f"{_IDS['azure']}2"}
    zones = {"aws": "us-east-1b", "gcp": "us-central1-b", "azure": "2"}
    yield "targets.reservations.id", Case(f"{TARGET}.reservations.r.id", PerCloud(ids), pool)
    yield "targets.reservations.zone", Case(f"{TARGET}.reservations.r.zone", PerCloud(zones), pool)
    networks: dict[str, tuple[dict[str, object], dict[str, object]]] = {
        "aws": (
            {
                "vpc_id": "vpc-0123456789abcdef0",
                "subnets": {"us-east-1a": "subnet-0123456789abcdef0", "us-east-1b": "subnet-0123456789abcdef1"},
                "cidrs": ["10.0.0.0/16"],
            },
            {
                "vpc_id": "vpc-0123456789abcdef9",
                "subnets": {"us-east-1a": "subnet-0123456789abcdef8", "us-east-1b": "subnet-0123456789abcdef9"},
                "cidrs": ["10.9.0.0/16"],
            },
        ),
        "gcp": (
            {"network": "net", "subnet": "nodes", "pods_range": "pods", "services_range": "services"},
            {
                "network": "other",
                "subnet": "other",
                "pods_range": "other",
                "services_range": "other",
                "apps_subnet": "other",
                "project": "acme-host",
            },
        ),
        "azure": (
            {
                "vnet_id": f"{_SUBSCRIPTION}/virtualNetworks/net",
                **{
                    f"{name}_subnet_id": f"{_SUBSCRIPTION}/virtualNetworks/net/subnets/{name}"
                    for name in ("endpoint", "api", "apps")
                },
                "node_subnet_ids": [f"{_SUBSCRIPTION}/virtualNetworks/net/subnets/nodes"],
            },
            {
                "vnet_id": f"{_SUBSCRIPTION}/virtualNetworks/other",
                **{
                    f"{name}_subnet_id": f"{_SUBSCRIPTION}/virtualNetworks/net/subnets/{name}2"
                    for name in ("endpoint", "api", "apps")
                },
                "node_subnet_ids": [f"{_SUBSCRIPTION}/virtualNetworks/net/subnets/nodes2"],
                "dns_zone_ids": {
                    zone: f"{_SUBSCRIPTION}/privateDnsZones/{zone}" for zone in ("privatelink.vaultcore.azure.net",)
                },
                "egress": "firewall",
            },
        ),
    }
    hubs: dict[str, tuple[dict[str, object], dict[str, object]]] = {
        "aws": (
            {"transit_gateway_id": "tgw-0123456789abcdef0", "cidrs": ["10.200.0.0/16"]},
            {"transit_gateway_id": "tgw-0123456789abcdef9", "cidrs": ["10.201.0.0/16"]},
        ),
        "gcp": (
            {"network": "projects/acme-hub/global/networks/hub"},
            {"network": "projects/acme-hub/global/networks/two"},
        ),
        "azure": (
            {"vnet_id": f"{_SUBSCRIPTION}/virtualNetworks/hub"},
            {"vnet_id": f"{_SUBSCRIPTION}/virtualNetworks/two", "gateway": True, "link_dns": True},
        ),
    }
    for cloud, (hub, changes) in hubs.items():
        for name, to in changes.items():
            peered: dict[str, object] = {"access.entry": "peering", f"{TARGET}.hub": PerCloud({cloud: hub})}
            yield f"targets.hub.{name}", Case(f"{TARGET}.hub.{name}", PerCloud({cloud: to}), peered)
    connection = {"aws": "arn:aws:codeconnections:us-east-1:123456789012:connection/2"}
    connected: dict[str, object] = {
        f"{TARGET}.ci_connection_arn": PerCloud({"aws": "arn:aws:codeconnections:us-east-1:123456789012:connection/1"})
    }
    inside = {**connected, "access.ci.runner": "network"}
    yield "targets.ci_connection_arn", Case(f"{TARGET}.ci_connection_arn", PerCloud(connection), inside)
    yield "targets.kubernetes_patch", Case(f"{TARGET}.kubernetes_patch", PerCloud({"azure": 4}))
    for cloud, (network, changes) in networks.items():
        for name, to in changes.items():
            given: dict[str, object] = {f"{TARGET}.network": PerCloud({cloud: network})}
            if name == "apps_subnet_id":
                given |= {f"{ENDPOINT}.replicas": [0, 2], f"{ENDPOINT}.slo": None}
            also: dict[str, object] = {}
            if name == "vnet_id":  # its subnets are below it
                also = {
                    f"{TARGET}.network.{subnet}": PerCloud({cloud: f"{to}/subnets/{subnet}"})
                    for subnet in ("endpoint_subnet_id", "api_subnet_id", "apps_subnet_id")
                }
                also[f"{TARGET}.network.node_subnet_ids"] = PerCloud({cloud: [f"{to}/subnets/nodes"]})
            yield f"targets.network.{name}", Case(f"{TARGET}.network.{name}", PerCloud({cloud: to}), given, also)


CASES: dict[str, Case] = {**dict(_cases()), **dict(_target_cases()), **dict(_pipeline_cases())}
"""By row of the parity matrix."""
