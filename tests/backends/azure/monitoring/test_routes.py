"""Routes of alerts."""

from __future__ import annotations

from ....planned import Planned


def _secret(value: object) -> bool:
    return isinstance(value, dict) and "value" in value and len(value) == 2


def test_routes_by_severity_with_their_secrets_hidden(prod: Planned, least: Planned) -> None:
    critical, warning = prod.one("routes-critical").inputs, prod.one("routes-warning").inputs
    assert critical["location"] == "global"
    assert [receiver["name"] for receiver in critical["webhookReceivers"]] == ["hook", "pagerduty"]
    assert all(_secret(receiver["serviceUri"]) for receiver in critical["webhookReceivers"])
    assert warning.get("webhookReceivers") == []
    assert [receiver["emailAddress"] for receiver in warning["emailReceivers"]] == ["oncall@acme.example"]
    assert _secret(critical["logicAppReceivers"][0]["callbackUrl"])
    slack = prod.one("routes-slack-ml-alerts").inputs
    assert slack["parameters"]["token"]["type"] == "SecureString"
    assert _secret(slack["parameters"]["token"]["value"])
    assert slack["definition"]["actions"]["post"]["inputs"]["body"]["channel"] == "C0123456789"
    assert not least.all("ActionGroup")
