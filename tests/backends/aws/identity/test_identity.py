"""Roles trust exactly one kind of caller, start without rights, and get narrow ones."""

from __future__ import annotations

import json

import pytest

from mlplatform import (
    AccessSpec,
    CiSpec,
    EndpointSpec,
    RegistrySpec,
    TrainingSpec,
)

from ....planned import Planned
from ..conftest import ACCOUNT, target


def test_pods_are_identified_by_namespace_and_account(prod: Planned) -> None:
    trust = prod.document("training-role", "assumeRolePolicy")["Pods"]
    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert trust["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert trust["Condition"]["StringEquals"] == {
        "aws:SourceAccount": ACCOUNT,
        "aws:RequestTag/kubernetes-namespace": "training",
        "aws:RequestTag/kubernetes-service-account": "training",
    }


def test_ci_is_one_branch_of_one_repository(prod: Planned) -> None:
    trust = prod.document("ci-role", "assumeRolePolicy")["Ci"]
    issuer = "token.actions.githubusercontent.com"
    assert trust["Condition"] == {
        "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": "repo:acme/ml:ref:refs/heads/main"}
    }
    assert prod.one("ci-oidc").inputs["url"] == f"https://{issuer}"
    assert trust["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}
    assert "ci-oidc" in prod.directly_after("ci-role")


def test_a_ci_provider_of_the_account_is_adopted(planned) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com"
    ci = CiSpec(system="gitlab", repository="acme/team/ml", branch="release")
    plan = planned(access=AccessSpec(ci=ci), targets=(target(oidc_provider_arn=arn),))
    trust = plan.document("ci-role", "assumeRolePolicy")["Ci"]
    assert trust["Principal"] == {"Federated": arn}
    subject = "project_path:acme/team/ml:ref_type:branch:ref:release"
    assert trust["Condition"]["StringEquals"]["gitlab.com:sub"] == subject
    assert not plan.all("OpenIdConnectProvider")


def test_people_come_from_the_targets_principals(prod: Planned) -> None:
    trust = prod.document("operator-role", "assumeRolePolicy")["People"]
    assert trust["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:role/sso-operator"}
    attached = {step.inputs["policyArn"] for step in prod.all("RolePolicyAttachment") if "auditor" in step.name}
    assert attached == {"arn:aws:iam::aws:policy/SecurityAudit"}


def test_saml_people(planned) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:saml-provider/okta"
    plan = planned(targets=(target(people={"operator": (arn,)}),))
    trust = plan.document("operator-role", "assumeRolePolicy")["Saml"]
    assert trust["Action"] == "sts:AssumeRoleWithSAML"
    assert trust["Condition"] == {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}


def test_people_read_the_queries_of_their_own_log_groups(planned) -> None:
    people = ("data-scientist", "data-engineer")
    plan = planned(targets=(target(people={p: (f"arn:aws:iam::{ACCOUNT}:role/{p}",) for p in people}),))
    scientist = plan.document("data-scientist-watch-data-scientist", "policy")
    assert "logs:GetQueryResults" in scientist["Logs"]["Action"]
    assert all(":log-group:" in arn for arn in scientist["Logs"]["Resource"])
    engineer = plan.document("data-engineer-watch-data-engineer", "policy")
    assert set(engineer) == {"Cluster", "Metrics"}, "reads no logs, so it has no queries"


UNLIMITED = {
    "cloudwatch:DescribeAlarms",
    "cloudwatch:DescribeAlarmsForMetric",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
    "logs:StopQuery",
    # lists of jobs take no resource, https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    "sagemaker:ListHyperParameterTuningJobs",
    "sagemaker:ListPipelines",
    "sagemaker:ListProcessingJobs",
    "sagemaker:ListTrainingJobs",
    "sagemaker:ListTransformJobs",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    "ec2:GetInstanceTypesFromInstanceRequirements",
}


def test_no_identity_policy_is_wide(prod: Planned) -> None:
    for policy in prod.all("RolePolicy"):
        for statement in json.loads(str(policy.inputs["policy"]))["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not [action for action in actions if action.endswith(":*") or action == "*"], policy.name
            if statement["Resource"] == "*":
                wide = {a for a in actions if a not in UNLIMITED and ":Describe" not in a}
                assert not wide, f"{policy.name}: {wide} can be limited to a resource"


def test_inline_policies_of_a_role_fit(prod: Planned) -> None:
    sizes: dict[str, int] = {}
    for policy in prod.all("RolePolicy"):
        role = str(policy.inputs["role"])
        sizes[role] = sizes.get(role, 0) + len(str(policy.inputs["policy"]))
    assert max(sizes.values()) <= 10_240


@pytest.mark.parametrize("count", [3, 7, 20, 60])
def test_everything_at_once_fits_into_every_roles_policies(planned, count: int) -> None:
    """Few are listed, of many there is a pattern: in between they must fit too, also with the longest names."""
    roles = ("data-scientist", "ml-engineer", "data-engineer", "operator", "auditor")
    plan = planned(
        name="customer-intelligenc",
        targets=(target(people=dict.fromkeys(roles, (f"arn:aws:iam::{ACCOUNT}:role/sso",))),),
        registry=RegistrySpec(
            models=tuple(f"model-{n}" for n in range(count)),
            repositories=tuple(f"images-{n}" for n in range(count)),
            pull_through=("docker.io", "quay.io", "ghcr.io", "registry.k8s.io"),
        ),
        endpoints=tuple(EndpointSpec(name=f"e{n}", model="a/1", replicas=(n % 2, 2)) for n in range(min(count, 40))),
        training=TrainingSpec(),
    )
    used: dict[str, int] = {}
    for step in plan.all("RolePolicy"):
        used[str(step.inputs["role"])] = used.get(str(step.inputs["role"]), 0) + len(str(step.inputs["policy"]))
    assert max(used.values()) <= 10_240, used
    (pulled,) = (step for step in plan.all("RolePolicy") if step.name.endswith("-images-pull-pipelines"))
    assert ("repository/customer-intelligenc-dev/*" in str(pulled.inputs["policy"])) is (count > 3)
