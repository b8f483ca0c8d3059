"""Images are encrypted, scanned and kept; alerts reach everybody who asked; budgets tell."""

from __future__ import annotations

import json

from mlplatform import MonitoringSpec, RegistrySpec

from ....planned import Planned
from ..conftest import ACCOUNT


def test_repositories(prod: Planned) -> None:
    for name in ("training", "serving"):
        repository = prod.one(f"images-{name}")
        assert repository.inputs["name"] == f"acme-ml-prod/{name}"
        assert repository.inputs["imageTagMutability"] == "IMMUTABLE"
        assert repository.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
        encryption = repository.inputs["encryptionConfigurations"][0]
        assert encryption == {"encryptionType": "KMS", "kmsKey": prod.one("keys-registry").outputs["arn"]}
        assert repository.inputs["forceDelete"] is False
        assert repository.protect
        rules = json.loads(str(prod.one(f"images-{name}-retention").inputs["policy"]))["rules"]
        assert [rule["selection"]["countNumber"] for rule in rules] == [3, 20]
        assert [rule["selection"]["tagStatus"] for rule in rules] == ["untagged", "tagged"]


def test_what_is_switched_off_is_off(planned) -> None:
    plan = planned(registry=RegistrySpec(immutable_tags=False, scan_on_push=False))
    repository = plan.one("images-training").inputs
    assert repository["imageTagMutability"] == "MUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": False}
    assert repository["forceDelete"] is True


def test_caches_fill_encrypted_repositories(prod: Planned) -> None:
    rule = prod.one("images-cache-docker-io").inputs
    assert rule["upstreamRegistryUrl"] == "registry-1.docker.io"
    assert rule["credentialArn"] == prod.one("images-cache-docker-io-login").outputs["arn"]
    after = prod.directly_after("images-cache-docker-io")
    assert {"images-cache-docker-io-template", "images-cache-docker-io-login-value"} <= after
    assert str(prod.one("images-cache-docker-io-login").inputs["name"]).startswith("ecr-pullthroughcache/")
    template = prod.one("images-cache-quay-io-template").inputs
    assert template["prefix"] == rule["ecrRepositoryPrefix"].replace("docker", "quay")
    assert template["encryptionConfigurations"][0]["encryptionType"] == "KMS"
    assert not prod.has("images-cache-quay-io-login")


def test_nodes_may_fill_the_caches_and_nothing_else(prod: Planned) -> None:
    statement = prod.document("cluster-node-rights")["Cache"]
    prefix = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/acme-ml-prod"
    assert statement["Resource"] == [f"{prefix}-docker-io/*", f"{prefix}-quay-io/*"]
    assert "ecr:BatchImportUpstreamImage" in statement["Action"]
    assert "images-cache-docker-io" in prod.directly_after("cluster-system")


def test_ci_pushes_and_training_pulls(prod: Planned) -> None:
    assert "ecr:PutImage" in prod.document("images-push-ci")["Images"]["Action"]
    assert "ecr:PutImage" not in prod.document("images-pull-training")["Images"]["Action"]


def test_topics_are_encrypted_and_open_to_this_accounts_services(prod: Planned) -> None:
    for severity in ("critical", "warning"):
        assert prod.one(f"routes-{severity}").inputs["kmsMasterKeyId"] == prod.one("keys-monitoring").outputs["arn"]
        statements = prod.document(f"routes-{severity}-policy")
        assert statements["Alerts"]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        assert "cloudwatch.amazonaws.com" in statements["Alerts"]["Principal"]["Service"]
        assert statements["OnlyTls"]["Effect"] == "Deny"


def test_mail_takes_all_and_a_pager_the_critical_ones(prod: Planned) -> None:
    assert prod.has("routes-email-oncall-acme-example-critical")
    assert prod.has("routes-email-oncall-acme-example-warning")
    pager = prod.one("routes-pagerduty-pagerduty-critical").inputs
    assert "4dabf18193072939515e22adb298388d" in pager["endpoint"], "the integration key is a secret"
    assert not prod.has("routes-pagerduty-pagerduty-warning")


def test_slack_reads_metrics_and_nothing_else(prod: Planned) -> None:
    channel = prod.one("routes-slack-ml-alerts").inputs
    assert channel["slackChannelId"] == "C0123456789"
    assert len(channel["snsTopicArns"]) == 2
    assert channel["guardrailPolicyArns"] == ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]


def test_webhooks_are_posted_and_what_fails_is_kept(prod: Planned) -> None:
    pattern = json.loads(str(prod.one("routes-webhook-hook-rule").inputs["eventPattern"]))
    assert pattern["detail"]["alarmName"] == [{"prefix": "acme-ml-prod-critical-"}]
    destination = prod.one("routes-webhook-hook").inputs
    assert "4dabf18193072939515e22adb298388d" in destination["invocationEndpoint"], "the address is a secret"
    target = prod.one("routes-webhook-hook-target").inputs
    assert target["deadLetterConfig"]["arn"] == prod.one("routes-undelivered").outputs["arn"]
    assert {"routes-webhooks-rights", "routes-undelivered-policy"} <= prod.directly_after("routes-webhook-hook-target")
    assert prod.one("routes-undelivered").inputs["kmsMasterKeyId"] == prod.one("keys-monitoring").outputs["arn"]


def test_without_routes_alarms_still_have_a_topic(planned) -> None:
    plan = planned(monitoring=MonitoringSpec())
    assert len(plan.all("Topic")) == 2
    assert not plan.all("TopicSubscription")
    assert not plan.all("Queue")


def test_grafana_reads_metrics_with_a_role_of_its_own(prod: Planned) -> None:
    workspace = prod.one("telemetry-grafana").inputs
    assert workspace["permissionType"] == "CUSTOMER_MANAGED"
    assert workspace["dataSources"] == ["CLOUDWATCH", "PROMETHEUS"]
    assert "telemetry-grafana-rights" in prod.directly_after("telemetry-grafana")
    rights = prod.document("telemetry-grafana-rights")
    assert rights["Prometheus"]["Resource"] == prod.one("telemetry-prometheus").outputs["arn"]


def test_the_budget_counts_this_platform_and_environment(prod: Planned) -> None:
    budget = prod.one("budget-monthly").inputs
    assert budget["limitAmount"] == "40000"
    wanted = [part["tags"] for part in budget["filterExpression"]["ands"]]
    assert wanted == [{"key": "platform", "values": ["acme-ml"]}, {"key": "environment", "values": ["prod"]}]
    assert [n["threshold"] for n in budget["notifications"]] == [50, 100]
    assert all(n["subscriberEmailAddresses"] == ["oncall@acme.example"] for n in budget["notifications"])
