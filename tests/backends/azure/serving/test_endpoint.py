"""Managed endpoints: order, traffic, access."""

from __future__ import annotations

from typing import Any

from ....planned import Planned
from .serving import endpoint, template, workflow_parameters


def reaches(planned: Planned, name: str) -> set[str]:
    """Everything a resource is made after, directly or not."""
    seen: set[str] = set()
    left = [name]
    while left:
        for after in planned.directly_after(left.pop()) - seen:
            seen.add(after)
            if planned.has(after):
                left.append(after)
    return seen


def test_alarms_stand_before_anything_is_deployed_and_traffic_comes_last(full: Planned) -> None:
    alarms = {"endpoint-scorer-alert-errors", "endpoint-scorer-alert-latency"}
    releases = {f"endpoint-scorer-release-{variant}" for variant in ("stable", "canary", "shadow")}
    for release in releases:
        assert alarms <= full.directly_after(release)
    assert releases <= full.directly_after("endpoint-scorer-traffic")
    assert {"endpoint-scorer-traffic", *alarms} <= full.directly_after("endpoint-scorer-rollout")


def test_rights_and_private_workspace_stand_before_the_endpoint(full: Planned) -> None:
    before = reaches(full, "endpoint-scorer-endpoint")
    assert "models-workspace" in before
    assert any("endpoint-scorer-blob-reader" in name for name in before)
    assert any("endpoint-scorer-acr-pull" in name for name in before)
    assert any("secret-hub-token" in name for name in before)
    assert "models-ml-amlworkspace-names" in before


def test_the_endpoint_is_private_takes_entra_tokens_and_keeps_its_traffic(full: Planned) -> None:
    made = full.one("endpoint-scorer-endpoint")
    assert made.inputs["properties"] == {"authMode": "AADToken", "publicNetworkAccess": "Disabled"}
    assert {"properties", "identity", "tags"} <= set(made.ignore_changes)


def test_an_existing_endpoints_traffic_is_kept_and_an_empty_one_begins(full: Planned) -> None:
    nested = template(full.one("endpoint-scorer-traffic"))[0]["properties"]
    (inner,) = nested["template"]["resources"]
    assert nested["expressionEvaluationOptions"] == {"scope": "inner"}
    assert sum(nested["parameters"]["wanted"]["value"].values()) == 100
    assert (
        inner["properties"]["traffic"]
        == "[if(empty(parameters('served')), parameters('wanted'), parameters('served'))]"
    )
    (shadow,) = inner["properties"]["mirrorTraffic"]
    assert shadow.startswith("shadow-")
    assert inner["properties"]["mirrorTraffic"][shadow] == 25
    assert inner["tags"]["release"] == workflow_parameters(full)["release"]


def test_an_endpoint_waits_for_its_model_and_costs_nothing(waiting: Planned) -> None:
    assert waiting.has("endpoint-scorer-endpoint")
    assert waiting.has("endpoint-scorer-traffic")
    assert not waiting.has("endpoint-scorer-release-main")
    assert not waiting.has("endpoint-scorer-rollout")
    assert not waiting.all("AutoscaleSetting")


def test_the_first_model_joins_an_endpoint_that_waited(waiting: Planned) -> None:
    later = endpoint(model="fraud/7")
    before = {step.urn: step.inputs for step in waiting.all("OnlineEndpoint")}
    assert {step.urn: step.inputs for step in later.all("OnlineEndpoint")} == before


def test_callers_may_call_and_nothing_else(full: Planned) -> None:
    made = full.one("endpoint-scorer-invoke-pipelines")
    assert str(made.inputs["scope"]).endswith(str(full.one("endpoint-scorer-endpoint").inputs["endpointName"]))
    role: Any = full.one("models-caller").inputs
    assert made.inputs["roleDefinitionId"] == full.one("models-caller").id
    assert role["permissions"][0]["actions"] == [
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"
    ]


def test_secrets_are_readable_one_by_one(full: Planned) -> None:
    assert ("4633458b-17de-408a-b874-0445c86b69e6", "secrets/hub-token") in full.rights()


def test_the_endpoints_identity_reports_its_use(full: Planned) -> None:
    own = full.one("endpoint-scorer-identity-identity").outputs["principalId"]
    right = full.one("endpoint-scorer-metrics-endpoint-scorer-ml-metrics-writer")
    assert right.inputs["scope"] == full.one("models-workspace").id
    assert right.inputs["principalId"] == own
    assert right.name.removeprefix("acme-ml-") in full.directly_after("endpoint-scorer-endpoint")
