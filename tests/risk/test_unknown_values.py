"""A value that only the cloud knows is not taken for a good one."""

from __future__ import annotations

import json

import pytest
from tests.risk.conftest import HEAD, report, step

from mlplatform.plan.model import UNKNOWN

DATABASE = "aws:rds/instance:Instance"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
SERVICE = "gcp:cloudrunv2/service:Service"
VAULT = "azure-native:keyvault:Vault"
STATEMENTS = json.dumps({"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]})
KEY = f"{HEAD}aws:kms/key:Key::data"

TOLD = {
    "aws": (DATABASE, {"publiclyAccessible": False}, {"publiclyAccessible": UNKNOWN}),
    "gcp": (SERVICE, {"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"}, {"ingress": UNKNOWN}),
    "azure": (
        VAULT,
        {"properties": {"publicNetworkAccess": "Disabled"}},
        {"properties": {"publicNetworkAccess": UNKNOWN}},
    ),
    "a document": (POLICY, {"policy": STATEMENTS}, {"policy": UNKNOWN}),
}


def found(kind: str, before: dict[str, object], after: dict[str, object], **options: object):
    findings = report([step(kind, "x", before)], [step(kind, "x", after, **options)]).findings
    return [one for one in findings if one.name == "x" and one.level in ("critical", "high", "medium")]


@pytest.mark.parametrize("case", TOLD)
def test_a_value_that_becomes_unknown_is_told_once(case: str):
    kind, before, after = TOLD[case]
    (finding,) = found(kind, before, after)
    assert finding.level == "medium"
    assert finding.path in ("publiclyAccessible", "ingress", "properties.publicNetworkAccess", "policy")
    assert "know" in finding.reason


QUIET: dict[str, tuple[str, dict[str, object], dict[str, object], dict[str, object]]] = {
    "of no rule": (DATABASE, {"autoMinorVersionUpgrade": True}, {"autoMinorVersionUpgrade": UNKNOWN}, {}),
    "a key of the plan": (
        "aws:sqs/queue:Queue",
        {"kmsMasterKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1"},
        {"kmsMasterKeyId": UNKNOWN},
        {"property_dependencies": {"kmsMasterKeyId": (KEY,)}},
    ),
    "unknown before": (DATABASE, {"publiclyAccessible": UNKNOWN}, {"publiclyAccessible": UNKNOWN}, {}),
}


@pytest.mark.parametrize("case", QUIET)
def test_what_no_rule_needs_is_not_told(case: str):
    kind, before, after, options = QUIET[case]
    assert not found(kind, before, after, **options)


def test_what_is_not_tried_is_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mlplatform.risk.unknown_values.MAX_VALUES", 1)
    before = [step(DATABASE, name, {"publiclyAccessible": False}) for name in "abc"]
    after = [step(DATABASE, name, {"publiclyAccessible": UNKNOWN}) for name in "abc"]
    (last,) = [one for one in report(before, after).findings if "2 more values" in one.reason]
    assert (last.level, last.rule) == ("medium", "could-not-judge")


def test_a_check_that_held_and_is_unknown_now_is_told():
    from mlplatform.checks.catalogue import built_in_rules
    from mlplatform.plan.diff import diff
    from mlplatform.plan.model import Plan
    from mlplatform.risk.engine import assess
    from mlplatform.risk.evidence import Evidence
    from mlplatform.risk.rules.check_regressed import RULE

    rules = [rule for rule in built_in_rules() if rule.id == "database-public-access"]
    plans = [
        Plan("aws", "acme", "prod-aws", (step(DATABASE, "x", {"publiclyAccessible": value}),))
        for value in (False, UNKNOWN)
    ]
    (finding,) = assess(Evidence(diff(*plans), checks=rules), [RULE]).findings
    assert (finding.level, finding.rule, finding.path) == ("medium", "could-not-judge", "publiclyAccessible")
    assert finding.reason.startswith("database-public-access held")
