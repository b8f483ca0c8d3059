"""Two stacks beside each other: names of the one are refused to the other where the cloud compares them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlplatform.mock_cloud import Cloud, CloudRefused
from mlplatform.providers.accounts import Account

ACCOUNT = Account.sample("aws")
ELSEWHERE = replace(ACCOUNT, region="eu-central-1")
BUCKET = "aws:s3/bucket:Bucket"
ROLE = "aws:iam/role:Role"
TOPIC = "aws:sns/topic:Topic"
CLUSTER = "aws:eks/cluster:Cluster"


def _first() -> Cloud:
    cloud = Cloud(ACCOUNT)
    cloud.create(BUCKET, "data", {"bucket": "acme-data"})
    cloud.create(ROLE, "nodes", {"name": "acme-nodes", "assumeRolePolicy": "{}"})
    cloud.create(TOPIC, "alerts", {"name": "acme-alerts"})
    return cloud


@pytest.mark.parametrize(
    ("token", "inputs"),
    [(BUCKET, {"bucket": "acme-data"}), (ROLE, {"name": "acme-nodes", "assumeRolePolicy": "{}"})],
)
def test_what_the_account_has_in_another_region_is_refused(token: str, inputs: dict[str, object]) -> None:
    second = Cloud(ELSEWHERE, beside=[_first().names()])
    with pytest.raises(CloudRefused):
        second.create(token, "mine", inputs)
    assert second.contents() == ()


def test_a_bucket_of_another_account_is_refused_and_a_role_is_not() -> None:
    second = Cloud(replace(ELSEWHERE, account="999999999999"), beside=[_first().names()])
    second.create(ROLE, "nodes", {"name": "acme-nodes", "assumeRolePolicy": "{}"})
    with pytest.raises(CloudRefused):
        second.create(BUCKET, "data", {"bucket": "acme-data"})


def test_what_another_stack_has_is_never_taken_over() -> None:
    """A creation takes a topic over; its destroy would then take it away from the stack that made it."""
    alone = Cloud(ACCOUNT)
    alone.create(TOPIC, "alerts", {"name": "acme-alerts"})
    assert alone.create(TOPIC, "again", {"name": "acme-alerts"}).name == "alerts"
    with pytest.raises(CloudRefused):
        Cloud(ACCOUNT, beside=[_first().names()]).create(TOPIC, "alerts", {"name": "acme-alerts"})


def test_names_are_those_of_the_moment() -> None:
    first = _first()
    names = first.names()
    for held in first.contents():
        first.delete(held.token, held.id)
    with pytest.raises(CloudRefused):
        Cloud(ELSEWHERE, beside=[names]).create(BUCKET, "data", {"bucket": "acme-data"})
    assert Cloud(ELSEWHERE, beside=[first.names()]).create(BUCKET, "data", {"bucket": "acme-data"})
