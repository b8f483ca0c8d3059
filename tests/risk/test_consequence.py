"""What is said of a deletion is what the mock cloud does."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mlplatform.catalog.deletion import DELETIONS
from mlplatform.mock_cloud import Cloud, CloudRefused
from mlplatform.providers.accounts import Account
from mlplatform.risk.consequence import STOPS, deletion_of

from .conftest import step

FAILS = "`pulumi up` ends there with that error"


def _cases() -> list[tuple[str, Mapping[str, object]]]:
    cases: list[tuple[str, Mapping[str, object]]] = []
    for token, rule in DELETIONS.items():
        cases.append((token, {}))
        if rule.emptied_by:
            cases.append((token, {rule.emptied_by: True}))
        if rule.guard:
            cases.append((token, {rule.guard: rule.guarded}))
    return cases


@pytest.mark.parametrize(("token", "inputs"), _cases())
def test_a_refusal_is_told_where_the_cloud_refuses(token: str, inputs: Mapping[str, object]) -> None:
    clouds = {"aws": "aws", "gcp": "gcp", "azure-native": "azure"}
    cloud = Cloud(Account.sample(clouds[token.partition(":")[0]]))
    cloud.create(token, "x", dict(inputs))
    (held,) = cloud.contents()
    cloud.occupy(token, held.id)
    refused = False
    try:
        cloud.delete(token, held.id)
    except CloudRefused:
        refused = True
    assert (FAILS in deletion_of(step(token, "x", inputs))) is refused


def test_days_are_those_of_the_resource() -> None:
    said = {
        ("aws:kms/key:Key", "deletionWindowInDays", 7): "for 7 days",
        ("aws:kms/key:Key", "enableKeyRotation", True): "for 30 days",
        ("gcp:kms/cryptoKey:CryptoKey", "destroyScheduledDuration", "604800s"): "for 7 days",
        ("azure-native:keyvault:Vault", "properties", "not a document"): "for 90 days",
        ("aws:secretsmanager/secret:Secret", "recoveryWindowInDays", 0): "at once",
    }
    for (token, key, value), words in said.items():
        assert words in deletion_of(step(token, "x", {key: value})), token
    vault = step("azure-native:keyvault:Vault", "v", {"properties": {"softDeleteRetentionInDays": 14}})
    assert "for 14 days" in deletion_of(vault)


def test_pulumis_protection_comes_first() -> None:
    assert deletion_of(step("aws:s3/bucket:Bucket", "x", protect=True)) == STOPS
