"""Keys rotate, can be recovered, and are granted before anything is encrypted with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform import AccessSpec, CiSpec

from ....planned import Planned
from ..conftest import target


@pytest.mark.parametrize(
    ("encrypted", "grant"),
    [
        ("store-data", "keys-store-storage"),
        ("images-training", "keys-registry-artifact-registry"),
        ("telemetry-logs", "keys-monitoring-logging"),
        ("routes-automation-topic", "keys-monitoring-pubsub"),
        ("telemetry-grafana", "keys-monitoring-run"),
        ("telemetry-grafana-source", "keys-monitoring-secret-manager"),
        ("cluster-cluster", "keys-cluster-container"),
        ("cluster-system", "keys-volumes-compute"),
        ("pool-vision-pool", "keys-volumes-compute"),
    ],
)
def test_the_agents_grant_stands_before_what_it_encrypts(prod: Planned, encrypted: str, grant: str) -> None:
    assert grant in prod.after(encrypted)
    assert prod.one(grant).inputs["role"] == "roles/cloudkms.cryptoKeyEncrypterDecrypter"


def test_keys_rotate_recover_and_cannot_be_lost(prod: Planned, least: Planned) -> None:
    for step in prod.all("CryptoKey"):
        assert step.inputs["rotationPeriod"] == "7776000s"
        assert step.inputs["destroyScheduledDuration"] == "2592000s"
        assert (step.inputs["deletionPolicy"], step.protect) == ("PREVENT", True)
    dev = least.one("keys-store")
    assert dev.inputs["destroyScheduledDuration"] == "604800s"
    assert (dev.inputs["deletionPolicy"], dev.protect) == ("DELETE", False)


def test_keys_are_not_made_anew_for_what_is_fixed_in_them(prod: Planned) -> None:
    key = prod.one("keys-store")
    assert set(key.ignore_changes) == {"destroyScheduledDuration", "versionTemplate.protectionLevel"}


def test_names_that_stay_taken_carry_the_incarnation(planned: Callable[..., Planned]) -> None:
    again = planned(targets=(target(incarnation="b"),), access=AccessSpec(ci=CiSpec(repository="acme/ml")))
    assert again.one("keys-ring").inputs["name"] == "acme-ml-dev-b"
    assert again.one("telemetry-logs").inputs["bucketId"] == "acme-ml-dev-logs-b"
    assert again.one("ci-pool").inputs["workloadIdentityPoolId"] == "acme-ml-dev-ci-b"
