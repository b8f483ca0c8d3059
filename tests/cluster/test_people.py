"""People of the platform's own namespace: rights to the kinds of the engines, which no role of a cloud knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from mlplatform import PlatformSpec
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import ChartRelease
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.plan.model import Plan
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.spec.access import Role

from ..conftest import CLOUDS
from .conftest import TARGETS, small_spec

PEOPLE: dict[str, dict[Role, tuple[str, ...]]] = {
    "aws": {
        "data-scientist": ("arn:aws:iam::123456789012:role/sso-ds",),
        "auditor": ("arn:aws:iam::123456789012:role/a",),
    },
    "gcp": {
        "data-scientist": ("Scientists@acme.example", "user:ann@acme.example"),
        "auditor": ("auditors@acme.example",),
    },
    "azure": {
        "ml-engineer": ("AAAAAAAA-bbbb-4ccc-8ddd-eeeeeeeeeee1",),
        "auditor": ("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee2",),
    },
}
SUBJECTS = {
    "aws": [("Group", "mlplatform:jobs")],
    "gcp": [("Group", "scientists@acme.example"), ("User", "ann@acme.example")],
    "azure": [("Group", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1")],
}


def _spec(cloud: str, **changes: object) -> PlatformSpec:
    extra = {"security_group": "gke-security-groups@acme.example"} if cloud == "gcp" else {}
    return small_spec(cloud, targets=(TARGETS[cloud].overlay(people=PEOPLE[cloud], **extra, **changes),))


def _made(spec: PlatformSpec, cloud: str) -> dict[str, dict[str, Any]]:
    items = layer_items(layer_context(spec, cloud))
    return {item.role: cast("Any", wire_object(item.body)) for item in items if not isinstance(item.body, ChartRelease)}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_those_who_run_jobs_may_make_the_engines_kinds_in_the_platforms_namespace(cloud: str) -> None:
    made = _made(_spec(cloud), cloud)
    binding = made["members-training"]
    assert not check_kubernetes_object("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", binding)
    assert binding["metadata"]["namespace"] == "training"
    # auditors are not among them
    assert [(each["kind"], each["name"]) for each in binding["subjects"]] == SUBJECTS[cloud]
    role = made[f"role-{binding['roleRef']['name']}"]
    kinds = {kind for rule in role["rules"] for kind in rule["resources"] if "create" in rule["verbs"]}
    assert {"trainjobs", "jobs", "jobsets"} <= kinds
    assert not kinds & {"rolebindings", "serviceaccounts", "localqueues", "networkpolicies", "limitranges"}
    # to see queues and runtimes they need rights in the whole cluster
    assert made["readers-teams"]["subjects"] == binding["subjects"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_without_people_nobody_is_bound(cloud: str) -> None:
    made = _made(small_spec(cloud), cloud)
    assert not [role for role in made if role.startswith(("members-", "readers-", "role-mlplatform-team"))]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_container_that_asks_for_nothing_gets_a_small_request(cloud: str) -> None:
    defaults = _made(small_spec(cloud), cloud)["defaults-training"]
    assert not check_kubernetes_object("kubernetes:core/v1:LimitRange", defaults)
    (item,) = defaults["spec"]["limits"]
    # a default limit would end programs that are larger
    assert item == {"type": "Container", "defaultRequest": {"cpu": "100m", "memory": "256Mi"}}


def test_on_aws_their_access_entries_put_them_into_the_group(stack_plan: Callable[..., Plan]) -> None:
    entries = {
        step.name.rpartition("-access-")[2]: step.inputs.get("kubernetesGroups")
        for step in stack_plan("prod", "aws").steps
        if step.type == "aws:eks/accessEntry:AccessEntry"
    }
    assert entries["data-scientist"] == ["mlplatform:jobs"]
    assert entries["ml-engineer"] == ["mlplatform:jobs"]
    assert not entries["operator"]
    assert not entries["auditor"]


def test_on_gcp_nobody_is_told_to_make_the_namespace_by_hand(stack_plan: Callable[..., Plan]) -> None:
    notes = json.dumps([note.text for note in stack_plan("prod", "gcp").notes])
    assert "kubectl create namespace" not in notes
