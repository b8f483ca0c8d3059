"""What an account says of production's plan, with answers in the forms of the clouds' own command lines."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mlplatform.components.live_account import DoctorFinding
from mlplatform.doctor.accounts import examine_account
from mlplatform.plan.model import Plan
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS
from .accounts import Documents, answering, healthy

StackSpec = Callable[[str], PlatformSpec]
StackPlan = Callable[..., Plan]
Change = Callable[[Documents], object]


def _look(cloud: str, stack_spec: StackSpec, stack_plan: StackPlan, change: Change) -> list[DoctorFinding]:
    spec, plan = stack_spec("prod"), stack_plan("prod", cloud, resolve=True)
    documents = json.loads(json.dumps(healthy(spec.on(cloud), plan)))
    change(documents)
    return list(examine_account(spec, plan, answering(documents)))


def _nothing(documents: Documents) -> None:
    del documents


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_account_with_everything_has_nothing_to_mend(
    cloud: str, stack_spec: StackSpec, stack_plan: StackPlan
) -> None:
    found = _look(cloud, stack_spec, stack_plan, _nothing)
    assert [(each.subject, each.found) for each in found if each.word != "ok"] == []
    assert {each.target for each in found} == {cloud}
    areas = {each.area for each in found}
    assert areas >= {"account", "quotas", "machines", "policies", "already there"}


FAULTS: tuple[tuple[str, str, Change, str, str, str], ...] = (
    (
        "aws",
        "account",
        lambda d: d["get-caller-identity"].update(Account="999999999999"),
        "the account",
        "missing",
        "AWS_PROFILE",
    ),
    (
        "aws",
        "quotas",
        lambda d: d["list-service-quotas"]["Quotas"][0].update(Value=5.0),
        "Running On-Demand Standard",
        "missing",
        "ask for ",
    ),
    (
        "aws",
        "quotas",
        lambda d: d["list-service-quotas"]["Quotas"].pop(0),
        "Running On-Demand Standard",
        "unknown",
        "look",
    ),
    (
        "aws",
        "machines",
        lambda d: d["describe-instance-type-offerings"].update(InstanceTypeOfferings=[]),
        "p5.48xlarge",
        "missing",
        "another region",
    ),
    (
        "aws",
        "policies",
        lambda d: d["simulate-principal-policy"]["EvaluationResults"][0].update(
            EvalDecision="explicitDeny", OrganizationsDecisionDetail={"AllowedByOrganizations": False}
        ),
        "ec2:CreateVpc",
        "missing",
        "existing VPC",
    ),
    (
        "aws",
        "already there",
        lambda d: d["list-open-id-connect-providers"]["OpenIDConnectProviderList"].append(
            {"Arn": "arn:aws:iam::345678901234:oidc-provider/token.actions.githubusercontent.com"}
        ),
        "identity provider",
        "missing",
        "oidc_provider_arn='arn:",
    ),
    (
        "aws",
        "already there",
        lambda d: d["list-secrets"]["SecretList"].append(
            {"Name": "ecr-pullthroughcache/acme-ml-prod-docker-io", "DeletedDate": "2026-11-29T10:00:00Z"}
        ),
        "secret ecr-pull",
        "missing",
        "--force-delete-without-recovery",
    ),
    (
        "gcp",
        "account",
        lambda d: d["billing projects describe"].update(billingEnabled=False),
        "billing",
        "missing",
        "billing projects link",
    ),
    (
        "gcp",
        "account",
        lambda d: d["projects describe"].update(lifecycleState="DELETE_REQUESTED"),
        "the project",
        "missing",
        "undelete",
    ),
    ("gcp", "services", lambda d: d["services list"].pop(0), "first APIs", "missing", "services enable serviceusage"),
    (
        "gcp",
        "quotas",
        lambda d: d["quotas info list"][0]["dimensionsInfos"][0]["details"].update(value="1"),
        "CPUS, us-central1",
        "missing",
        "ask for ",
    ),
    ("gcp", "machines", lambda d: d.update({"machine-types list": []}), "a3-megagpu-8g", "missing", "another region"),
    (
        "gcp",
        "policies",
        lambda d: d["org-policies describe"]["spec"].update(rules=[{"denyAll": True}]),
        "constraints/",
        "missing",
        "",
    ),
    (
        "gcp",
        "policies",
        lambda d: d["org-policies describe"]["spec"].update(rules=[{"values": {"allowedValues": ["C0abc"]}}]),
        "constraints/",
        "look",
        "",
    ),
    (
        "gcp",
        "already there",
        lambda d: d["roles list"].append(
            {"name": "projects/acme-ml-prod/roles/acme_ml_prod_run_starter", "deleted": True}
        ),
        "role acme_ml_prod_run_starter",
        "missing",
        "iam roles undelete",
    ),
    ("azure", "account", lambda d: d["account show"].update(state="Disabled"), "the subscription", "missing", "enable"),
    (
        "azure",
        "account",
        lambda d: d["account show"].update(tenantId="other"),
        "the subscription",
        "missing",
        "tenant_id",
    ),
    (
        "azure",
        "services",
        lambda d: d["provider list"][0].update(registrationState="NotRegistered"),
        "Microsoft.",
        "missing",
        "az provider register",
    ),
    (
        "azure",
        "services",
        lambda d: d["feature show"]["properties"].update(state="NotRegistered"),
        "feature Microsoft.Compute/EncryptionAtHost",
        "missing",
        "az feature register",
    ),
    (
        "azure",
        "quotas",
        lambda d: d["vm list-usage"][0].update(limit="10") or d["network list-usages"].pop(0),
        "standardDDSv5Family",
        "missing",
        "ask for ",
    ),
    (
        "azure",
        "machines",
        lambda d: [
            each["restrictions"].append({"type": "Location", "reasonCode": "NotAvailableForSubscription"})
            for each in d["vm list-skus"]
        ],
        "Standard_ND96isr_H100_v5",
        "missing",
        "another region",
    ),
    (
        "azure",
        "machines",
        lambda d: [
            each["restrictions"].append({"type": "Zone", "restrictionInfo": {"zones": ["2"]}})
            for each in d["vm list-skus"]
        ],
        "Standard_D",
        "look",
        "zones=(1, 3)",
    ),
    (
        "azure",
        "policies",
        lambda d: d["policy assignment list"].append(
            {"displayName": "Deny-Private-DNS-Zones", "enforcementMode": "Default"}
        ),
        "Deny-Private-DNS-Zones",
        "look",
        "dns_zone_ids",
    ),
    (
        "azure",
        "policies",
        lambda d: d["policy assignment list"].append(
            {"displayName": "CIS", "policyDefinitionId": "/providers/Microsoft.Authorization/policySetDefinitions/cis"}
        ),
        "Deny-Private-DNS-Zones",
        "unknown",
        "",
    ),
    (
        "azure",
        "already there",
        lambda d: d["keyvault list-deleted"].append({"name": "acme-ml-prod-keys-93a488"}),
        "key vault acme-ml-prod-keys",
        "missing",
        "incarnation",
    ),
    (
        "azure",
        "already there",
        lambda d: d["role definition list"].append(
            {"roleName": "acme-ml-prod-store-add cee67d07", "assignableScopes": ["/subscriptions/other"]}
        ),
        "role acme-ml-prod-store-add",
        "missing",
        "tenant",
    ),
)
"""Cloud, area, what is wrong, and the finding: subject, word, words of the fix."""


@pytest.mark.parametrize(("cloud", "area", "change", "subject", "word", "fix"), FAULTS)
def test_what_an_account_lacks_is_found_with_its_fix(
    cloud: str,
    area: str,
    change: Change,
    subject: str,
    word: str,
    fix: str,
    stack_spec: StackSpec,
    stack_plan: StackPlan,
) -> None:
    found = [
        each for each in _look(cloud, stack_spec, stack_plan, change) if each.area == area and subject in each.subject
    ]
    assert [each.word for each in found if each.word == word], found
    assert all(fix in each.fix and each.fix for each in found if each.word == word)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_without_a_login_nothing_else_is_asked(cloud: str, stack_spec: StackSpec, stack_plan: StackPlan) -> None:
    asked: list[object] = []
    spec, plan = stack_spec("prod"), stack_plan("prod", cloud, resolve=True)
    found = list(examine_account(spec, plan, answering({}, asked)))  # type: ignore[arg-type]
    assert [each.word for each in found] == ["unknown", "unknown"]
    assert "log in" in found[0].fix
    assert len(asked) == 1


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_nobody_says_is_unknown_and_not_as_it_must_be(
    cloud: str, stack_spec: StackSpec, stack_plan: StackPlan
) -> None:
    spec, plan = stack_spec("prod"), stack_plan("prod", cloud, resolve=True)
    first = next(
        iter({"aws": ("get-caller-identity",), "gcp": ("projects describe",), "azure": ("account show",)}[cloud])
    )
    documents = {first: healthy(spec.on(cloud), plan)[first]}
    found = list(examine_account(spec, plan, answering(documents)))
    assert {each.word for each in found if each.area not in {"account"}} == {"unknown"}
    assert all(each.fix for each in found if each.word == "unknown")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_command_only_reads(cloud: str, stack_spec: StackSpec, stack_plan: StackPlan) -> None:
    asked: list[list[str]] = []
    spec, plan = stack_spec("prod"), stack_plan("prod", cloud, resolve=True)
    list(examine_account(spec, plan, answering(healthy(spec.on(cloud), plan), asked)))  # type: ignore[arg-type]
    reading = ("list", "describe", "get", "show", "simulate-principal-policy", "list-")
    for command in asked:
        assert any(word.startswith(reading) for word in command), command
