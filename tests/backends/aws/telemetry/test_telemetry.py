"""Grafana reads metrics alone, log groups end, and the audit trail records without a loop."""

from __future__ import annotations

from ....planned import Planned
from ..conftest import ACCOUNT, target


def test_grafana_reads_metrics_with_a_role_of_its_own(prod: Planned) -> None:
    workspace = prod.one("telemetry-grafana").inputs
    assert workspace["permissionType"] == "CUSTOMER_MANAGED"
    assert workspace["dataSources"] == ["CLOUDWATCH", "PROMETHEUS"]
    assert "telemetry-grafana-rights" in prod.directly_after("telemetry-grafana")
    rights = prod.document("telemetry-grafana-rights")
    assert rights["Prometheus"]["Resource"] == prod.one("telemetry-prometheus").outputs["arn"]


def test_grafana_sees_the_alarms_of_this_account_and_region(prod: Planned) -> None:
    rights = prod.document("telemetry-grafana-rights", "policy")
    assert rights["Alarms"]["Resource"] == f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*"
    assert "cloudwatch:DescribeAlarms" not in rights["CloudWatch"]["Action"]


def test_every_log_group_is_encrypted_and_ends(prod: Planned) -> None:
    for group in prod.all("LogGroup"):
        assert group.inputs["kmsKeyId"] == prod.one("keys-monitoring").outputs["arn"]
        assert group.inputs["retentionInDays"] == 400


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


def test_a_trail_names_no_source_when_it_takes_its_role(planned) -> None:
    plan = planned(targets=(target(audit_trail=True),))
    assert set(plan.document("telemetry-audit-role", "assumeRolePolicy")["Service"]) == {
        "Sid", "Effect", "Action", "Principal"
    }  # fmt: skip
