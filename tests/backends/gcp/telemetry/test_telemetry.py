"""Logs are kept once and encrypted; Grafana is reached only through the proxy."""

from __future__ import annotations

from mlplatform.spec.access import ROLES

from ....planned import Planned
from ..conftest import NUMBER, PROJECT


def test_the_platforms_logs_are_kept_once_and_encrypted(prod: Planned) -> None:
    bucket = prod.one("telemetry-logs")
    assert (bucket.inputs["retentionDays"], bucket.protect) == (370, True)
    assert "kmsKeyName" in bucket.inputs["cmekSettings"]
    sink, excluded = prod.one("telemetry-sink").inputs, prod.one("telemetry-not-twice").inputs
    assert sink["destination"] == (
        f"logging.googleapis.com/projects/{PROJECT}/locations/us-central1/buckets/acme-ml-prod-logs"
    )
    chosen, kept = str(excluded["filter"]).split(") AND NOT ")
    assert str(sink["filter"]).startswith(chosen.removeprefix("("))
    assert "cloudaudit" not in chosen
    # alerts on logs need no word on whether they see excluded ones
    assert kept == 'LOG_ID("container.googleapis.com/cluster-autoscaler-visibility")'


def test_grafana_is_reached_by_people_of_the_platform_and_the_proxy_alone(prod: Planned) -> None:
    service = prod.one("telemetry-grafana").inputs
    assert (service["iapEnabled"], service.get("invokerIamDisabled")) == (True, None)
    claims = next(one["value"] for one in service["template"]["containers"][0]["envs"] if "CLAIMS" in one["name"])
    assert f"/projects/{NUMBER}/locations/us-central1/services/acme-ml-prod-grafana" in claims
    assert service["template"]["encryptionKey"]
    invokers = [step for step in prod.all("ServiceIamMember") if step.name == "acme-ml-telemetry-grafana-iap"]
    assert len(invokers) == 1
    assert str(invokers[0].inputs["member"]).startswith(f"serviceAccount:service-{NUMBER}@gcp-sa-iap")
    readers = {str(step.inputs["member"]) for step in prod.all("WebCloudRunServiceIamMember")}
    assert readers == {f"group:{role}s@acme.example" for role in ROLES}
    assert {"telemetry-grafana-source-version", "telemetry-grafana-source-reader"} <= prod.after("telemetry-grafana")
