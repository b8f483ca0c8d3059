"""Whoever runs `up`: documented roles did not suffice, the derived ones do, and each cloud says what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from mlplatform.bootstrap.derive import derive_bootstrap
from mlplatform.components.bootstrap import OPERATIONS
from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.deployer import Deployer
from mlplatform.mock_cloud.refusal import CloudRefused
from mlplatform.plan.model import Plan
from mlplatform.providers.accounts import Account

from ..conftest import CLOUDS, ROOT, STACKS, _plan, _spec  # pyright: ignore[reportPrivateUsage]

# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/privileged
CONTRIBUTOR = Deployer(
    "azure",
    ["*"],
    [
        "Microsoft.Authorization/*/Delete",
        "Microsoft.Authorization/*/Write",
        "Microsoft.Authorization/elevateAccess/Action",
    ],
)
RBAC_ADMINISTRATOR = Deployer(
    "azure",
    ["Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleAssignments/delete", "*/read"],
)
# https://docs.cloud.google.com/billing/docs/how-to/budgets: budgets are permissions on the billing account
PROJECT_OWNER = Deployer("gcp", ["*"], ["billing.budgets.*"])


@cache
def _documents(stack: str, cloud: str) -> dict[str, str]:
    spec, plan = _spec(ROOT / "stacks" / f"{stack}.py"), _plan(stack, cloud, resolve=True)
    return dict(derive_bootstrap(spec, cloud, plan).documents)


def _held(documents: dict[str, str], duty: str) -> Iterator[str]:
    """Rights in the documents that the bootstrap puts into the account; on GCP also those of the billing roles."""
    for name, text in documents.items():
        if not name.endswith(".json") or "trust" in name or "condition" in name:
            continue
        body = json.loads(text)
        if name.startswith(duty) or (duty == "deploy" and name.startswith("grant")):
            yield from body.get("Actions", ())
            yield from body.get("includedPermissions", ())
            for statement in body.get("Statement", ()):
                if statement["Effect"] == "Allow":
                    yield from statement["Action"]
    verbs = ("create", "get", "list", "update", "delete") if duty == "deploy" else ("get", "list")
    yield from (f"billing.budgets.{verb}" for verb in verbs)


def _deployer(stack: str, cloud: str, duty: str = "deploy") -> Deployer:
    return Deployer(cloud, list(_held(_documents(stack, cloud), duty)))


def _denied(plan: Plan, *deployers: Deployer) -> set[str]:
    """Types that some roles together may not make: a right that all of them lack is missing."""
    denied: set[str] = set()
    for step in plan.resources():
        first, *others = (set(each.lacks("create", step.type, step.inputs)) for each in deployers)
        if first.intersection(*others):
            denied.add(step.type.rpartition(":")[2])
    return denied


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("stack", STACKS)
def test_the_derived_rights_make_change_and_delete_everything(stack: str, cloud: str) -> None:
    deployer = _deployer(stack, cloud)
    for step in _plan(stack, cloud, resolve=True).resources():
        for operation in OPERATIONS:
            assert not deployer.lacks(operation, step.type, step.inputs), f"{operation} {step.type}"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_preview_reads_everything_and_makes_nothing(cloud: str) -> None:
    preview = _deployer("prod", cloud, "preview")
    for step in _plan("prod", cloud, resolve=True).resources():
        if step.package == "kubernetes":
            continue  # the cluster's own roles decide there, and its layer is previewed offline
        assert not preview.lacks("read", step.type, step.inputs), step.type
        assert preview.lacks("create", step.type, step.inputs), step.type


def test_contributor_and_rbac_administrator_do_not_suffice(stack_plan: Callable[..., Plan]) -> None:
    denied = _denied(stack_plan("prod", "azure"), CONTRIBUTOR, RBAC_ADMINISTRATOR)
    assert denied == {"RoleDefinition", "PolicyAssignment"}


def test_the_owner_of_a_project_does_not_suffice(stack_plan: Callable[..., Plan]) -> None:
    assert _denied(stack_plan("prod", "gcp"), PROJECT_OWNER) == {"Budget"}


SAMPLES = {
    "aws": ("aws:sqs/queue:Queue", {"name": "q"}, "AccessDenied", "sqs:CreateQueue"),
    "gcp": ("gcp:pubsub/topic:Topic", {"name": "t", "project": "p"}, "403", "pubsub.topics.create"),
    "azure": (
        "azure-native:resources:ResourceGroup",
        {"resourceGroupName": "g", "location": "westus3"},
        "AuthorizationFailed",
        "Microsoft.Resources/subscriptions/resourceGroups/write",
    ),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_cloud_names_the_missing_right(cloud: str) -> None:
    token, inputs, code, right = SAMPLES[cloud]
    there = Cloud(Account.sample(cloud), deployer=Deployer(cloud, []))
    with pytest.raises(CloudRefused, match=right) as refused:
        there.create(token, "it", inputs)
    assert refused.value.code == code
    assert not there.contents()


READS = {"aws": ["sqs:Get*", "sqs:List*"], "gcp": ["pubsub.topics.get", "pubsub.topics.list"], "azure": ["*/read"]}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_read_only_identity_reads_and_does_not_delete(cloud: str) -> None:
    token, inputs, _, _ = SAMPLES[cloud]
    there = Cloud(Account.sample(cloud))
    held = there.create(token, "it", inputs)
    there.deployer = Deployer(cloud, READS[cloud])
    assert there.read(token, held.id) is not None
    with pytest.raises(CloudRefused):
        there.delete(token, held.id)
    assert there.contents() == (held,)
