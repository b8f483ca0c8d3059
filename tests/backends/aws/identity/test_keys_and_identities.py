"""Keys name the services that use them; roles trust exactly one kind of caller and start without rights."""

from __future__ import annotations

import json

import pytest

from mlplatform import AccessSpec, CiSpec, EndpointSpec, RegistrySpec, TrainingSpec

from ....planned import Planned
from ..conftest import ACCOUNT, target


@pytest.mark.parametrize("purpose", ["store", "cluster", "volumes", "registry", "serving", "monitoring"])
def test_a_key_rotates_is_recoverable_and_named(prod: Planned, purpose: str) -> None:
    key = prod.one(f"keys-{purpose}")
    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["rotationPeriodInDays"] == 90
    assert key.inputs["deletionWindowInDays"] == 30
    assert key.protect
    assert prod.one(f"keys-{purpose}-alias").inputs["name"] == f"alias/acme-ml-prod-{purpose}"
    root = prod.document(f"keys-{purpose}")["AccountDecidesByIam"]
    assert root["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def test_everybody_in_a_key_policy_is_narrowed_by_conditions(prod: Planned) -> None:
    for key in prod.all("Key"):
        for statement in json.loads(str(key.inputs["policy"]))["Statement"]:
            assert statement["Principal"] != {"AWS": "*"} or "aws:PrincipalArn" in statement["Condition"]["ArnLike"]


def test_auto_scaling_may_use_the_volume_key_before_its_role_exists(prod: Planned) -> None:
    grant = prod.document("keys-volumes")["NodeDiskGrants"]
    assert grant["Action"] == "kms:CreateGrant"
    assert grant["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/*"
    assert grant["Condition"]["ArnLike"] == {"aws:PrincipalArn": role}


def test_the_alarm_path_may_use_the_monitoring_key(prod: Planned) -> None:
    statements = prod.document("keys-monitoring")
    senders = {"cloudwatch", "events", "budgets", "aps", "sns", "sqs"}
    assert set(statements["Alerts"]["Principal"]["Service"]) == {f"{s}.amazonaws.com" for s in senders}
    assert statements["Logs"]["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}


def test_development_keys_can_be_recovered_for_a_week(least: Planned) -> None:
    assert {key.inputs["deletionWindowInDays"] for key in least.all("Key")} == {7}


def test_pods_are_told_apart_by_namespace_and_account(prod: Planned) -> None:
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


UNLIMITED = {
    "cloudwatch:DescribeAlarms",
    "cloudwatch:DescribeAlarmsForMetric",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
    "logs:StopQuery",
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


def test_people_read_the_queries_of_their_own_log_groups(planned) -> None:
    people = ("data-scientist", "data-engineer")
    plan = planned(targets=(target(people={p: (f"arn:aws:iam::{ACCOUNT}:role/{p}",) for p in people}),))
    scientist = plan.document("data-scientist-watch-data-scientist", "policy")
    assert "logs:GetQueryResults" in scientist["Logs"]["Action"]
    assert all(":log-group:" in arn for arn in scientist["Logs"]["Resource"])
    engineer = plan.document("data-engineer-watch-data-engineer", "policy")
    assert set(engineer) == {"Cluster", "Metrics"}, "reads no logs, so it has no queries"


def test_grafana_sees_the_alarms_of_this_account_and_region(prod: Planned) -> None:
    rights = prod.document("telemetry-grafana-rights", "policy")
    assert rights["Alarms"]["Resource"] == f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*"
    assert "cloudwatch:DescribeAlarms" not in rights["CloudWatch"]["Action"]


def test_inline_policies_of_a_role_fit(prod: Planned) -> None:
    sizes: dict[str, int] = {}
    for policy in prod.all("RolePolicy"):
        role = str(policy.inputs["role"])
        sizes[role] = sizes.get(role, 0) + len(str(policy.inputs["policy"]))
    assert max(sizes.values()) <= 10_240


def test_the_provider_refuses_other_accounts(prod: Planned) -> None:
    provider = next(step for step in prod.plan.steps if step.type == "pulumi:providers:aws")
    assert ACCOUNT in str(provider.inputs["allowedAccountIds"])
    assert provider.inputs["region"] == "us-east-1"


def test_the_account_is_left_alone_unless_asked(least: Planned, planned) -> None:
    kinds = ("AccountPublicAccessBlock", "EncryptionByDefault", "InstanceMetadataDefaults")
    assert not [step for kind in kinds for step in least.all(kind)]
    asked = planned(targets=(target(account_baseline=True),))
    assert [len(asked.all(kind)) for kind in kinds] == [1, 1, 1]
    assert asked.one("foundation-instance-metadata").inputs["httpTokens"] == "required"


def test_an_audit_trail_is_made_where_it_is_asked(least: Planned, planned) -> None:
    assert not least.all("Trail")
    plan = planned(targets=(target(audit_trail=True),))
    trail = plan.one("telemetry-audit-trail").inputs
    assert trail["isMultiRegionTrail"] is True
    assert trail["enableLogFileValidation"] is True
    assert trail["kmsKeyId"] == plan.one("keys-monitoring").outputs["arn"]
    assert str(trail["cloudWatchLogsGroupArn"]).endswith(":*")
    kinds = [f["equals"][0] for s in trail["advancedEventSelectors"] for f in s["fieldSelectors"] if "equals" in f]
    assert {"Management", "AWS::S3::Object", "AWS::SageMaker::Endpoint"} <= set(kinds)
    objects = next(s["fieldSelectors"] for s in trail["advancedEventSelectors"] if s["name"] == "Objects")
    bucket, records = (plan.one(f"telemetry-{role}").inputs["bucket"] for role in ("audit", "audit-access-logs"))
    loops = [f["notStartsWiths"] for f in objects if "notStartsWiths" in f]
    assert loops == [[f"arn:aws:s3:::{bucket}/", f"arn:aws:s3:::{records}/"]], "a delivery must not be an event"
    assert plan.one("telemetry-audit-logging").inputs["targetBucket"] == records
    writes = plan.document("telemetry-audit-policy")["TrailWrites"]
    arn = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/acme-ml-dev-audit"
    assert writes["Condition"]["StringEquals"]["aws:SourceArn"] == arn
    assert "Trail" in plan.document("keys-monitoring")


def test_hardware_protection_is_what_aws_has_anyway(planned) -> None:
    assert "FIPS 140" in planned(keys={"protection": "hsm"}).notes()


def test_a_trail_names_no_source_when_it_takes_its_role(planned) -> None:
    plan = planned(targets=(target(audit_trail=True),))
    assert set(plan.document("telemetry-audit-role", "assumeRolePolicy")["Service"]) == {
        "Sid", "Effect", "Action", "Principal"
    }  # fmt: skip


def test_everything_at_once_fits_into_every_roles_policies(planned) -> None:
    roles = ("data-scientist", "ml-engineer", "data-engineer", "operator", "auditor")
    plan = planned(
        targets=(target(people=dict.fromkeys(roles, (f"arn:aws:iam::{ACCOUNT}:role/sso",))),),
        registry=RegistrySpec(
            models=tuple(f"model-{n}" for n in range(60)),
            repositories=tuple(f"images-{n}" for n in range(60)),
            pull_through=("docker.io", "quay.io", "ghcr.io", "registry.k8s.io"),
        ),
        endpoints=tuple(EndpointSpec(name=f"e{n}", model="a/1", replicas=(n % 2, 2)) for n in range(40)),
        training=TrainingSpec(),
    )
    used: dict[str, int] = {}
    for step in plan.all("RolePolicy"):
        used[str(step.inputs["role"])] = used.get(str(step.inputs["role"]), 0) + len(str(step.inputs["policy"]))
    assert max(used.values()) <= 10_240, used
    assert "repository/acme-ml-dev/*" in str(plan.one("images-pull-pipelines").inputs["policy"])
