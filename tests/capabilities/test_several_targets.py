"""Several targets on one cloud: what both stacks make can exist at the same time, in one account too."""

from __future__ import annotations

from functools import cache

import pytest

from mlplatform import (
    AccessSpec,
    AwsTarget,
    AzureTarget,
    BudgetSpec,
    CiSpec,
    EmailRoute,
    EndpointSpec,
    GcpTarget,
    GpuPoolSpec,
    MonitoringSpec,
    PlatformSpec,
    RegistrySpec,
    TrainingSpec,
)
from mlplatform.discovery import backend
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.providers.unique import UniqueNames
from mlplatform.reading.parity import sibling_problems
from mlplatform.spec.target import Target

SUBSCRIPTION = "00000000-0000-4000-8000-000000000000"
OIDC = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"

AWS = AwsTarget(account_id="123456789012", region="us-east-1")
GCP = GcpTarget(
    project="acme-dev",
    project_number="123456789012",
    region="us-central1",
    billing_account="012345-6789AB-CDEF01",
)
AZURE = AzureTarget(subscription_id=SUBSCRIPTION, tenant_id=SUBSCRIPTION.replace("0", "1"), location="eastus")

PAIRS: dict[str, tuple[Target, Target]] = {
    "aws-regions": (AWS, AWS.overlay(name="aws-west", region="us-west-2", oidc_provider_arn=OIDC)),
    "aws-one-region": (AWS.overlay(name="one"), AWS.overlay(name="two", oidc_provider_arn=OIDC)),
    "gcp-projects": (GCP, GCP.overlay(name="gcp-eu", project="acme-eu", project_number="223456789012")),
    "azure-locations": (AZURE, AZURE.overlay(name="azure-west", location="westus3")),
    "azure-one-location": (AZURE, AZURE.overlay(name="second")),
}


def _spec(*targets: Target) -> PlatformSpec:
    return PlatformSpec(
        name="acme",
        environment="dev",
        owner="ml",
        cost_center="1",
        targets=targets,
        access=AccessSpec(ci=CiSpec(repository="acme/ml")),
        training=TrainingSpec(pools=(GpuPoolSpec(name="gpu", accelerator="T4:1", max_nodes=4),)),
        registry=RegistrySpec(models=("fraud",), pull_through=("quay.io",)),
        endpoints=(EndpointSpec(name="scorer", model="fraud/1"),),
        monitoring=MonitoringSpec(routes=(EmailRoute("a@acme.example"),)),
        budget=BudgetSpec(monthly_usd=100),
    )


@cache
def _plans(pair: str) -> tuple[Plan, Plan]:
    spec = _spec(*PAIRS[pair])
    one, other = (record(spec, target.name, resolve=True) for target in spec.targets)
    return one, other


@pytest.mark.parametrize("pair", PAIRS)
def test_both_can_exist(pair: str) -> None:
    one, other = _plans(pair)
    spec = _spec(*PAIRS[pair])
    assert [problem.path for _, problem in sibling_problems(spec)] == []
    names = UniqueNames(backend(one.cloud).account(spec.targets[0]))
    refused: list[str] = []
    for plan, target in zip((one, other), spec.targets, strict=True):
        region = target.location if pair.startswith("aws") else None
        refused += [
            f"{step.name}: {refusal}"
            for step in plan.resources()
            if (refusal := names.add(step.type, step.inputs, f"{plan.target}/{step.urn}", region))
        ]
    assert refused == []


@pytest.mark.parametrize("pair", PAIRS)
def test_both_fit_into_one_program(pair: str) -> None:
    one, other = (
        {f"{step.type} {step.name}" for step in plan.steps if step.op == "create" and step.parent}
        for plan in _plans(pair)
    )
    assert one & other == set()


@pytest.mark.parametrize("pair", PAIRS)
def test_stacks_and_tags_tell_them_apart(pair: str) -> None:
    one, other = _plans(pair)
    names = [target.name for target in PAIRS[pair]]
    assert [plan.stack for plan in (one, other)] == [f"dev-{name}" for name in names]
    assert [plan.target for plan in (one, other)] == names
    assert other.outputs["target"] == names[1]


@pytest.mark.parametrize("pair", PAIRS)
def test_notes_name_the_target_not_its_cloud(pair: str) -> None:
    for target, plan in zip(PAIRS[pair], _plans(pair), strict=True):
        named = {note.path.partition("]")[0] for note in plan.notes if note.path.startswith("targets[")}
        assert named <= {f"targets[{target.name}"}


def test_a_target_without_a_name_stays_as_it_was() -> None:
    alone = record(_spec(AWS), "aws", resolve=True)
    one, _ = _plans("aws-regions")
    differ = {
        step.name
        for step, before in zip(one.resources(), alone.resources(), strict=True)
        if step.inputs != before.inputs or step.urn != before.urn
    }
    assert differ == {"acme-budget-monthly"}


def test_a_budget_counts_its_own_target() -> None:
    one, other = _plans("aws-regions")
    filters = [
        str(plan.named("acme-budget-monthly" if plan is one else "acme-aws-west-budget-monthly").inputs)
        for plan in (one, other)
    ]
    assert "ABSENT" in filters[0]
    assert "aws-west" in filters[1]


REFUSED: dict[str, tuple[tuple[Target, ...], str, str]] = {
    "baseline": (
        (
            AWS.overlay(account_baseline=True),
            AWS.overlay(name="b", region="us-west-2", account_baseline=True, oidc_provider_arn=OIDC),
        ),
        "targets[1].account_baseline",
        "omit it in 'b'",
    ),
    "oidc": ((AWS, AWS.overlay(name="b", region="us-west-2")), "targets[1].oidc_provider_arn", f"write {OIDC}"),
    "prefix": (
        (AWS, AWS.overlay(name="b", oidc_provider_arn=OIDC)),
        "targets[1].name",
        "give both targets a `name` of their own",
    ),
    "project": ((GCP, GCP.overlay(name="b", region="europe-west4")), "targets[1].project", "create another project"),
    "subscription": (
        (AZURE.overlay(subscription_audit=True), AZURE.overlay(name="b", subscription_audit=True)),
        "targets[1].subscription_audit",
        "omit it in 'b'",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_exists_once_has_one_owner(case: str) -> None:
    targets, path, fix = REFUSED[case]
    found = [problem for _, problem in sibling_problems(_spec(*targets))]
    assert [problem.path for problem in found] == [path]
    assert found[0].fix.startswith(fix)
    assert found[0].target == targets[1].name


def test_other_accounts_share_nothing() -> None:
    other = AWS.overlay(name="c", account_id="999999999999", account_baseline=True)
    assert list(sibling_problems(_spec(AWS.overlay(account_baseline=True), other))) == []
