"""One platform per cloud with something in every list of the spec, and the same with each list changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, cast, get_args, get_origin

from pydantic import BaseModel

from mlplatform import PlatformSpec
from mlplatform.reading.describe.shape import field_models
from mlplatform.spec.base import SpecModel

Mode = Literal["base", "reorder", "add", "rename", "tags"]

TARGETS: Mapping[str, dict[str, object]] = {
    "aws": {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"},
    "gcp": {
        "cloud": "gcp",
        "project": "acme-dev",
        "project_number": "123456789012",
        "region": "us-central1",
        "billing_account": "012345-6789AB-CDEF01",
        "security_group": "gke-security-groups@acme.example",
    },
    "azure": {
        "cloud": "azure",
        "subscription_id": "00000000-0000-4000-8000-000000000000",
        "tenant_id": "11111111-1111-4111-8111-111111111111",
        "location": "eastus",
    },
}
PEOPLE = {
    "aws": "arn:aws:iam::123456789012:role/{}",
    "gcp": "group{}@acme.example",
    "azure": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee{}",
}
ZONES = {
    "aws": ("us-east-1a", "us-east-1b", "us-east-1c"),
    "gcp": ("us-central1-a", "us-central1-b", "us-central1-c"),
    "azure": ("1", "2", "3"),
}

LEFT_OUT = {
    "extensions": "of packages that are not here: tests/render/test_extensions.py installs one",
    "targets": "one a cloud, each a stack of its own",
    "targets.zones": "in order of preference; see the test of zones",
    "targets.reservations": "looked up by the pool that names one",
    "targets.pools": "as the pool it names",
    "targets.pools.accelerator": "in order of preference",
    "targets.pools.zones": "as the pool's",
    "targets.endpoints": "as the endpoint it names",
    "targets.endpoints.accelerator": "in order of preference",
    "targets.endpoints.replicas": "a pair",
    "targets.endpoints.rollout.steps": "as the endpoint's",
    "targets.network.subnets": "of an existing network, by zone",
    "targets.network.cidrs": "of an existing network",
    "targets.network.node_subnet_ids": "of an existing network, one for each zone in order",
    "targets.network.dns_zone_ids": "of an existing network, by name",
    "endpoints.entry.cidrs": "values of one Service, on a cluster that this platform does not have",
    "cluster.engines": "two in all, so that none can be added or renamed; their order is tested with the layer",
    "cluster.addons": "a fixed set, as the engines",
    "cluster.airflow.login.groups": "values of one ConfigMap",
    "cluster.airflow.login.people": "values of one ConfigMap",
    "cluster.airflow.login.scopes": "values of one ConfigMap",
    "cluster.notebooks.pools": "in order of preference: choices of one release",
    "cluster.notebooks.login.groups": "values of one release",
    "cluster.notebooks.login.people": "values of one release",
    "cluster.notebooks.login.scopes": "values of one release",
    "targets.offered": "machines that somebody knows to be there: they only lift refusals",
    "targets.admitted_images": "patterns of the project's policy, in order",
    "targets.existing.cluster.fabric_networks": "of an existing cluster",
    "targets.existing.cluster.node_subnet_ids": "of an existing cluster, one for each zone in order",
    "targets.existing.cluster.subnets": "of an existing cluster, by zone",
    "targets.existing.cluster.zones": "of an existing cluster, in order",
    "targets.existing.identities.endpoints": "existing identities, by endpoint",
    "targets.existing.keys.arns": "existing keys, by purpose",
    "targets.existing.keys.ids": "existing keys, by purpose",
    "targets.existing.keys.names": "existing keys, by purpose",
    "targets.existing.registry.repositories": "existing repositories, by name",
    "targets.existing.store.buckets": "existing buckets, by place",
    "targets.existing.store.containers": "existing containers, by place",
    "registry.logins": "a part of pull_through",
    "training.pools.accelerator": "in order of preference",
    "training.pools.zones": "positions, of which a pool has all or those it must have",
    "training.cpu_pools.zones": "positions, of which a pool has all or those it must have",
    **dict.fromkeys(
        (
            "pipelines",
            "pipelines.parameters",
            "pipelines.steps",
            "pipelines.steps.after",
            "pipelines.steps.command",
            "pipelines.steps.data_checks.columns",
            "pipelines.steps.data_checks.columns.one_of",
            "pipelines.steps.data_checks.unique_together",
            "pipelines.steps.env",
            "pipelines.steps.gate.licences",
            "pipelines.steps.gate.sign_off",
            "pipelines.steps.gate.slices",
            "pipelines.steps.gate.thresholds",
            "pipelines.steps.inputs",
            "pipelines.steps.outputs",
            "pipelines.steps.outputs.metrics",
            "pipelines.steps.resources.accelerator",
            "pipelines.steps.slices",
            "pipelines.steps.tune.parameters",
            "pipelines.steps.tune.parameters.choices",
            "pipelines.triggers.data",
            "pipelines.triggers.data.parameters",
            "pipelines.triggers.events",
            "pipelines.triggers.schedules",
            "pipelines.triggers.schedules.parameters",
        ),
        "written, not planned: tests/pipelines/test_meaning.py",
    ),
    **dict.fromkeys(
        (
            "feature_store.entities",
            "feature_store.groups",
            "feature_store.groups.entities",
            "feature_store.groups.features",
            "feature_store.services",
            "feature_store.services.endpoints",
            "feature_store.services.features",
            "feature_store.services.teams",
        ),
        "written, not planned: tests/render/test_features.py",
    ),
    "endpoints.accelerator": "in order of preference",
    "endpoints.monitor.inputs": "in the order of the model; one monitor is one document",
    "endpoints.monitor.metrics": "of one document",
    "endpoints.monitor.retrain": "of one document",
    "endpoints.monitor.slices": "of one document",
    "endpoints.redact.fields": "of one document",
    "endpoints.redact.kinds": "of one document",
    "endpoints.redact.patterns": "of one document",
    "endpoints.replicas": "a pair",
    "endpoints.rollout.steps": "they grow",
}
"""Lists that are not changed here, each with the reason; every other list of the models is."""


class _Lists:
    def __init__(self, mode: Mode) -> None:
        self._mode = mode

    def __call__(self, items: list[object], added: object, renamed: object) -> list[object]:
        match self._mode:
            case "reorder":
                return items[::-1]
            case "add":
                return [items[0], added, *items[1:]]
            case "rename":
                return [*items[:-1], renamed]
            case _:
                return items

    def mapping(self, items: dict[str, object], added: tuple[str, object], renamed: tuple[str, object]) -> object:
        return dict(cast("list[tuple[str, object]]", self([*items.items()], added, renamed)))


def platform(cloud: str, mode: Mode) -> PlatformSpec:
    """The platform, with every list of it changed in one way.

    Pool and endpoint `beta` have nothing changed in them: they are the siblings.
    """
    change = _Lists(mode)
    tags = {"team": "a", "stage": "b"}

    def person(number: int | str) -> str:
        return PEOPLE[cloud].format(number)

    def pool(name: str, **more: object) -> dict[str, object]:
        return {"name": name, "accelerator": "T4:1", "max_nodes": 4, "labels": {"x": "1"}, **more}

    def cpu_pool(name: str, **more: object) -> dict[str, object]:
        return {"name": name, "max_nodes": 4, "labels": {"x": "1"}, **more}

    def endpoint(name: str) -> dict[str, object]:
        return {"name": name, "model": f"{name}/1", "secrets": {"B": "b-secret"}, "capture_percent": 10}

    def variant(name: str, model: str, percent: int) -> dict[str, object]:
        return {"name": name, "model": model, "traffic_percent": percent}

    def quotas() -> object:
        return change.mapping({"alpha": 1, "beta": 1}, ("omega", 1), ("renamed", 1))

    red: dict[str, object] = {"name": "red", "quota": quotas(), "borrow": quotas(), "lend": quotas()}
    others: list[dict[str, object]] = [
        {"name": name, "quota": {"alpha": 1}} for name in ("blue", "added-team", "other-team")
    ]

    def hold(name: str, month: int) -> dict[str, object]:
        return {"name": name, "starts": f"2027-{month:02}-01", "ends": f"2027-{month:02}-10"}

    first = 60 if mode == "add" else 70
    variants = change(
        [variant("stable", "a/1", first), variant("next", "a/2", 30)],
        variant("more", "a/3", 10),
        variant("other", "a/2", 30),
    )
    alpha_pool = pool(
        "alpha",
        labels=change.mapping({"team": "x", "cost": "y"}, ("added", "z"), ("renamed", "y")),
        taints=change([{"key": "one", "value": "x"}, {"key": "two", "value": "y"}], {"key": "more"}, {"key": "other"}),
    )
    cpu_alpha = cpu_pool(
        "cpualpha",
        labels=change.mapping({"team": "x", "cost": "y"}, ("added", "z"), ("renamed", "y")),
        taints=change([{"key": "one", "value": "x"}, {"key": "two", "value": "y"}], {"key": "more"}, {"key": "other"}),
    )
    alpha = {
        "name": "alpha",
        "variants": variants,
        "env": change.mapping({"A": "1", "B": "2"}, ("C", "3"), ("D", "2")),
        "secrets": change.mapping({"S1": "a", "S2": "b"}, ("S3", "c"), ("S4", "b")),
    }
    both = ["critical", "warning"]
    severities = {"base": both, "reorder": both[::-1], "tags": both}
    routes: list[object] = [
        {"kind": "webhook", "name": "hook", "url_secret": "hook-url", "severities": severities.get(mode, ["critical"])},
        {"kind": "slack", "channel": "#a", "channel_id": "C0123456789", "team_id": "T0123456789"},
        {"kind": "pagerduty", "severities": ["critical"]},
        {"kind": "email", "address": "a@acme.example"},
    ]
    return PlatformSpec.model_validate(
        {
            "name": "acme",
            "environment": "dev",
            # all that tags and labels say of it
            "owner": "other" if mode == "tags" else "ml",
            "cost_center": "2" if mode == "tags" else "1",
            "data_class": "restricted" if mode == "tags" else "internal",
            "tags": {**tags, "more": "c"}
            if mode == "tags"
            else dict(list(tags.items())[:: -1 if mode == "reorder" else 1]),
            "targets": [
                {
                    **TARGETS[cloud],
                    **(
                        {
                            "hub": {
                                "transit_gateway_id": "tgw-0123456789abcdef0",
                                "cidrs": change(["10.1.0.0/16", "10.2.0.0/16"], "10.3.0.0/16", "10.4.0.0/16"),
                            }
                        }
                        if cloud == "aws"
                        else {}
                    ),
                    "people": change.mapping(
                        {
                            "ml-engineer": change([person(1), person(2)], person(3), person(4)),
                            "data-scientist": [person(5)],
                        },
                        ("auditor", [person(6)]),
                        ("operator", [person(5)]),
                    ),
                    "members": change.mapping(
                        {"red": change([person("a"), person("b")], person("c"), person("d")), "blue": [person("e")]},
                        ("added-team", [person("f")]),
                        ("other-team", [person("e")]),
                    ),
                }
            ],
            "access": {"ci": {"repository": "acme/ml"}} | ({"entry": "peering"} if cloud == "aws" else {}),
            "training": {
                "api_cidrs": change(["203.0.113.0/24", "198.51.100.0/24"], "192.0.2.0/24", "192.0.2.0/25"),
                "holds": change([hold("a", 1), hold("b", 3)], hold("c", 5), hold("d", 5)),
                "pools": change([alpha_pool, pool("beta"), pool("omega")], pool("added"), pool("renamed")),
                "cpu_pools": change(
                    [cpu_alpha, cpu_pool("cpubeta"), cpu_pool("cpuomega")], cpu_pool("cpuadded"), cpu_pool("cpurenamed")
                ),
            },
            "cluster": {
                "teams": change([red, others[0]], others[1], others[2]),
                "mounts": change(
                    [{"place": "data"}, {"place": "features"}], {"place": "models"}, {"place": "pipelines"}
                ),
            },
            "registry": {
                "repositories": change(["training", "serving"], "more", "other"),
                "models": change(["fraud", "tagger"], "more", "other"),
                "pull_through": change(["docker.io", "quay.io"], "ghcr.io", "registry.k8s.io"),
            },
            "endpoints": change([alpha, endpoint("beta"), endpoint("omega")], endpoint("added"), endpoint("renamed")),
            "monitoring": {
                "grafana": True,
                "routes": change(
                    routes,
                    {"kind": "email", "address": "c@acme.example"},
                    {"kind": "email", "address": "d@acme.example"},
                ),
            },
            "budget": {
                "monthly_usd": 100,
                "alert_percent": change([50, 80], 90, 60),
                "emails": change(["x@acme.example", "y@acme.example"], "z@acme.example", "w@acme.example"),
            },
        }
    )


def lists(model: type[BaseModel] = PlatformSpec, path: str = "", inside: tuple[object, ...] = ()) -> Iterator[str]:
    """Every field of the spec that is a list or a mapping, by its path without positions."""
    for name, field in model.model_fields.items():
        here = f"{path}.{name}".lstrip(".")
        if _many(field.annotation):
            yield here
        for kind in field_models(field):
            if kind not in inside:
                yield from lists(kind, here, (*inside, kind))


def _many(annotation: object) -> bool:
    if get_origin(annotation) is Literal:
        return False
    return get_origin(annotation) in (tuple, list, dict) or any(_many(part) for part in get_args(annotation))


def values(value: object, path: str) -> list[object]:
    """What stands at a path, over all items of the lists on the way, in order."""
    found: list[object] = [value]
    for part in path.split("."):
        found = [getattr(item, part) for item in _flat(found) if hasattr(item, part)]
    return [list(cast("dict[str, object]", v).items()) if isinstance(v, dict) else v for v in found]


def _flat(found: list[object]) -> Iterator[object]:
    for item in found:
        if isinstance(item, tuple):
            yield from cast("tuple[object, ...]", item)
        elif isinstance(item, SpecModel):
            yield item
