"""Keys rotate, can be recovered, and name the services that use them."""

from __future__ import annotations

import json

import pytest

from ....planned import Planned
from ..conftest import ACCOUNT


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


def test_hardware_protection_is_what_aws_has_anyway(planned) -> None:
    assert "FIPS 140" in planned(keys={"protection": "hsm"}).notes()
