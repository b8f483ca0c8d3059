"""What keeps features online, worked out by hand with the packaged prices."""

from __future__ import annotations

import json
from datetime import date

import pytest

from mlplatform.plan.cost import Range, Usage, estimate
from mlplatform.plan.cost.price_file import packaged_prices
from mlplatform.plan.model import Plan, Step

HOURS = 730
USAGE = Usage.model_validate({"features": {"online_gib": 2, "lookups_million": 8, "writes_million": 4}})
_DYNAMO = {"billingMode": "PAY_PER_REQUEST", "pointInTimeRecovery": {"enabled": True}}
_BIGTABLE = {"bigtable": {"autoScaling": {"minNodeCount": 1, "maxNodeCount": 3}}}
_RECOVERED = {"pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED"}
_DAILY = {"schedule": "0 0,12 * * *"}
_CONTAINER = {"resources": {"limits": {"cpu": "1", "memory": "4Gi"}}}

CASES: dict[str, tuple[str, str, str, dict[str, object], Range]] = {
    # four million writes, eight million look-ups of half a unit, two GiB twice
    "a table of DynamoDB": (
        "aws", "us-east-1", "aws:dynamodb/table:Table", _DYNAMO,
        Range.exactly(4 * 0.625 + 4 * 0.125 + 2 * 0.25 + 2 * 0.2),
    ),
    "a database of Firestore": (
        "gcp", "us-west1", "gcp:firestore/database:Database", _RECOVERED,
        Range.exactly(4 * 0.9 + 8 * 0.3 + 2 * 0.15 + 2 * 0.15),
    ),
    "the store of Vertex AI": (
        "gcp", "us-central1", "gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore", _BIGTABLE,
        Range(HOURS * 0.94, HOURS * 0.94, 3 * HOURS * 0.94),
    ),
    "two nodes of Redis": (
        "azure", "eastus2", "azure-native:redisenterprise:RedisEnterprise", {"sku": {"name": "Balanced_B1"}},
        Range.exactly(2 * HOURS * 0.032),
    ),
    "one node of Redis": (
        "azure", "eastus2", "azure-native:redisenterprise:RedisEnterprise",
        {"sku": {"name": "Balanced_B1"}, "highAvailability": "Disabled"}, Range.exactly(HOURS * 0.032),
    ),
    "events that are sent out": (
        "aws", "us-east-1", "aws:cloudwatch/eventApiDestination:EventApiDestination", {}, Range(0, 0.02, 0.2)
    ),
}  # fmt: skip


def _plan(cloud: str, region: str, *steps: tuple[str, str, dict[str, object]]) -> Plan:
    parent = "urn:pulumi:s::p::mlplatform:index:Part::part"
    made = [
        Step("create", f"urn:pulumi:s::p::{token}::{name}", token, name, True, {"region": region, **inputs}, parent)
        for token, name, inputs in steps
    ]
    provider = Step("create", "urn:provider", f"pulumi:providers:{cloud}", "p", True, {"region": region})
    return Plan(cloud, "p", "s", (provider, *made))


@pytest.mark.parametrize("name", CASES)
def test_each_online_store_costs_what_it_is_used_for(name: str) -> None:
    cloud, region, token, inputs, wanted = CASES[name]
    found = estimate(
        _plan(cloud, region, (token, "one", inputs)), USAGE, packaged_prices(cloud), today=date(2026, 11, 30)
    )
    assert not found.unpriced
    total = found.total
    assert (total.low, total.expected, total.high) == pytest.approx((wanted.low, wanted.expected, wanted.high))


def test_two_tables_share_what_is_used() -> None:
    token = "aws:dynamodb/table:Table"
    prices, day = packaged_prices("aws"), date(2026, 11, 30)
    one = estimate(_plan("aws", "us-east-1", (token, "one", _DYNAMO)), USAGE, prices, today=day)
    two = estimate(_plan("aws", "us-east-1", (token, "a", _DYNAMO), (token, "b", _DYNAMO)), USAGE, prices, today=day)
    assert one.total.expected == pytest.approx(two.total.expected)


def test_a_feature_group_of_sagemaker_is_not_free_without_a_word() -> None:
    inputs: dict[str, object] = {"typeName": "AWS::SageMaker::FeatureGroup", "desiredState": json.dumps({})}
    plan = _plan("aws", "us-east-1", ("aws:cloudcontrol/resource:Resource", "group", inputs))
    (missing,) = estimate(plan, USAGE, packaged_prices("aws"), today=date(2026, 11, 30)).unpriced
    assert "feature groups are paid by request" in missing.reason
    assert missing.minor


def test_a_job_of_cloud_run_by_the_hours_of_the_day_is_counted() -> None:
    job = {"template": {"template": {"containers": [_CONTAINER]}}}
    steps = (("gcp:cloudrunv2/job:Job", "job", job), ("gcp:cloudscheduler/job:Job", "clock", _DAILY))
    found = estimate(_plan("gcp", "us-central1", *steps), USAGE, packaged_prices("gcp"), today=date(2026, 11, 30))
    assert "gcp:cloudrunv2/job:Job" not in {missing.type for missing in found.unpriced}
    # 61 runs of two, five and thirty minutes
    low, expected, high = found.total.low, found.total.expected, found.total.high
    assert (expected / low, high / low) == pytest.approx((2.5, 15))
