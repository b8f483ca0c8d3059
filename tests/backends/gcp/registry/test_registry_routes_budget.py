"""Images stay what they were, alerts find their people one channel after another, and the budget tells five."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from mlplatform import RegistrySpec
from mlplatform.plan.model import reveal

from ....planned import Planned


def test_images_are_encrypted_scanned_immutable_and_kept(prod: Planned) -> None:
    repository = prod.one("images-training")
    inputs = repository.inputs
    assert inputs["kmsKeyName"] == prod.one("keys-registry").id
    assert inputs["dockerConfig"] == {"immutableTags": True}
    assert inputs["vulnerabilityScanningConfig"] == {"enablementConfig": "INHERITED"}
    assert "images-api-containerscanning" in prod.after("images-training")
    assert repository.protect
    policies = {policy["id"]: policy for policy in inputs["cleanupPolicies"]}  # type: ignore[union-attr, index]
    assert policies["keep-newest"]["mostRecentVersions"] == {"keepCount": 20}
    assert policies["delete-untagged"]["condition"] == {"tagState": "UNTAGGED", "olderThan": "259200s"}
    assert inputs["cleanupPolicyDryRun"] is False
    assert "registry.keep_images" in prod.notes()


def test_scanning_and_fixed_tags_can_be_turned_off(planned: Callable[..., Planned]) -> None:
    plan = planned(registry=RegistrySpec(scan_on_push=False, immutable_tags=False))
    repository = plan.one("images-training").inputs
    assert repository["dockerConfig"] == {"immutableTags": False}
    assert repository["vulnerabilityScanningConfig"] == {"enablementConfig": "DISABLED"}
    assert not plan.has("images-api-containerscanning")
    assert "registry.keep_images" not in plan.notes()


def test_public_registries_are_cached(prod: Planned) -> None:
    hub = prod.one("images-cache-docker-io").inputs["remoteRepositoryConfig"]
    assert hub["dockerRepository"] == {"publicRepository": "DOCKER_HUB"}  # type: ignore[index]
    quay = prod.one("images-cache-quay-io").inputs["remoteRepositoryConfig"]
    assert quay["dockerRepository"] == {"customRepository": {"uri": "https://quay.io"}}  # type: ignore[index]
    assert prod.one("images-ci-training-push").inputs["role"] == "roles/artifactregistry.writer"
    assert prod.one("images-ci-cache-quay-io-pull").inputs["role"] == "roles/artifactregistry.reader"


def test_channels_are_made_one_after_another(prod: Planned) -> None:
    order = ["automation", "email-oncall-acme-example", "slack-ml-alerts", "webhook-hook", "pagerduty-pagerduty"]
    for first, then in pairwise(order):
        assert f"routes-{first}" in prod.after(f"routes-{then}")
    assert "routes-pagerduty-pagerduty" in prod.after("budget-email-finance-acme-example")


def test_secrets_of_channels_stay_secret(prod: Planned) -> None:
    for name, field in (("slack-ml-alerts", "sensitiveLabels"), ("webhook-hook", "labels")):
        shown = str(reveal(prod.one(f"routes-{name}").inputs[field]))
        assert "[secret]" in shown
        assert "set-by-pulumi-config" not in shown


def test_automation_is_published_by_the_monitoring_agent(prod: Planned) -> None:
    assert "routes-automation-publisher" in prod.after("routes-automation")
    publisher = prod.one("routes-automation-publisher").inputs
    assert publisher["role"] == "roles/pubsub.publisher"
    assert "gcp-sa-monitoring-notification" in str(publisher["member"])


def test_the_budget_counts_the_project_and_tells_by_mail(prod: Planned) -> None:
    budget = prod.one("budget-budget").inputs
    assert budget["budgetFilter"] == {"projects": ["projects/123456789012"], "calendarPeriod": "MONTH"}
    assert budget["amount"] == {"specifiedAmount": {"currencyCode": "USD", "units": "40000"}}
    assert [rule["thresholdPercent"] for rule in budget["thresholdRules"]] == [0.5, 1]  # type: ignore[union-attr, index]
    rule = budget["allUpdatesRule"]
    assert len(rule["monitoringNotificationChannels"]) == 1  # type: ignore[index, arg-type]
