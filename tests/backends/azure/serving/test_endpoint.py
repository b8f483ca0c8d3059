"""Managed endpoints: order, releases, what changes a release, access, capture, scaling, alerts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from mlplatform import ArtifactStoreSpec, AutoscalingSpec, CanaryRollout, RegistrySpec, ShadowSpec, SloSpec, VariantSpec
from mlplatform.backends.azure.foundation.templates import literal_text, to_wire
from mlplatform.backends.azure.serving.release import ReleaseContent
from mlplatform.providers.check import check_resource
from mlplatform.spec.endpoints import AllAtOnce, EndpointSpec

from ....planned import Planned
from ..conftest import spec
from .serving import deployment, endpoint, of_type, serving, template

FULL: Mapping[str, object] = {
    "server": "triton",
    "capture_percent": 10,
    "replicas": (2, 20),
    "env": {"GREETING": "[hello]"},
    "secrets": {"TOKEN": "hub-token"},
    "variants": (
        VariantSpec(name="stable", model="fraud/7", traffic_percent=90),
        VariantSpec(name="canary", model="fraud/8", traffic_percent=10),
    ),
    "shadow": ShadowSpec(model="fraud/9", sample_percent=25),
    "rollout": CanaryRollout(steps=(10, 50), bake_minutes=15),
    "slo": SloSpec(availability_percent=99.9, latency_ms=200),
}


@pytest.fixture(scope="module")
def full() -> Planned:
    return endpoint(**FULL)


@pytest.fixture(scope="module")
def waiting() -> Planned:
    return endpoint()


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


def name(machine: str = "Standard_D2as_v4", owner: str = "ml", **changes: object) -> str:
    serves = EndpointSpec.model_validate({"name": "scorer", **changes})
    content = ReleaseContent(
        spec=serves,
        variant="main",
        model=serves.model,
        image=serves.image,
        instance_type=machine,
        tags={"owner": owner},
    )
    return content.deployment


def workflow(planned: Planned) -> dict[str, Any]:
    parameters: Any = planned.one("endpoint-scorer-rollout").inputs["parameters"]
    return {name: parameter["value"] for name, parameter in parameters.items()}


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


def test_the_workspaces_own_storage_is_recorded_and_can_be_had_back(full: Planned) -> None:
    kept = full.one("models-storage-services").inputs
    assert kept["deleteRetentionPolicy"] == kept["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 7}
    account = full.one("models-storage").id
    assert full.one("models-storage-logs").inputs["resourceUri"] == f"{account}/blobServices/default"
    silent = serving(spec(artifact_store=ArtifactStoreSpec(access_logs=False)))
    assert silent.has("models-storage-services")
    assert not silent.has("models-storage-logs")


def test_the_rollout_may_act_before_it_starts(full: Planned) -> None:
    after = full.directly_after("endpoint-scorer-rollout")
    assert {name for name in after if name.startswith("endpoint-scorer-") and "-rollout-" in name}
    for role in ("traffic-rollout-ml-data-scientist", "identity-rollout-identity-operator"):
        assert f"endpoint-scorer-{role}" in after


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
    assert inner["tags"]["release"] == workflow(full)["release"]


def test_the_rollout_knows_weights_steps_and_what_to_keep(full: Planned) -> None:
    values = workflow(full)
    assert [(one["variant"], one["weight"]) for one in values["wanted"]] == [("canary", 10), ("stable", 90)]
    assert values["steps"] == [10, 50, 100]
    assert values["bake"] == 15
    assert len(values["keep"]) == 3
    assert json.loads(values["traffic"]) == {one["name"]: one["weight"] for one in values["wanted"]}


@pytest.mark.parametrize(
    ("rollout", "steps", "bake"), [(AllAtOnce(), [100], 0), (None, [100], 10), (CanaryRollout(), [10, 100], 10)]
)
def test_every_kind_of_rollout_ends_with_all_traffic(rollout: object, steps: list[int], bake: int) -> None:
    values = workflow(endpoint(model="fraud/7", **({"rollout": rollout} if rollout else {})))
    assert (values["steps"], values["bake"]) == (steps, bake)


def test_templates_hold_what_the_provider_would_accept(full: Planned) -> None:
    content = deployment(full, "stable")
    workspace, parent, name = content["name"].split("/")
    given = {key: content[key] for key in ("kind", "location", "properties", "sku", "tags")}
    where = {"workspaceName": workspace, "endpointName": parent, "deploymentName": name, "resourceGroupName": "rg"}
    assert check_resource("azure-native:machinelearningservices:OnlineDeployment", "x", {**given, **where}) == []
    version = of_type(full.one("endpoint-scorer-release-stable"), "models/versions")
    names = dict(zip(("workspaceName", "name", "version"), version["name"].split("/"), strict=True))
    inputs = {"properties": version["properties"], "resourceGroupName": "rg", **names}
    assert check_resource("azure-native:machinelearningservices:ModelVersion", "x", inputs) == []


def test_a_release_says_what_the_spec_says(full: Planned) -> None:
    content = deployment(full, "stable")
    properties = content["properties"]
    assert content["sku"] == {"name": "Default", "capacity": 2}
    assert properties["requestSettings"]["requestTimeout"] == "PT60S"
    assert properties["requestSettings"]["maxConcurrentRequestsPerInstance"] == 16
    # a leading bracket would be an expression of the template
    assert properties["environmentVariables"]["GREETING"] == "[[hello]"
    assert properties["environmentVariables"]["TOKEN"].startswith("${{keyvault:https://")
    collected = properties["dataCollector"]["collections"]
    assert {kind: one["samplingRate"] for kind, one in collected.items()} == {"request": 0.1, "response": 0.1}
    uri = of_type(full.one("endpoint-scorer-release-stable"), "models/versions")["properties"]
    assert uri["modelUri"].endswith("/datastores/models/paths/fraud/7/")
    assert uri["modelType"] == "triton_model"


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        ({"model": "fraud/8"}, True),
        ({"env": {"A": "2"}}, True),
        ({"timeout_seconds": 61}, True),
        ({"image": "ghcr.io/acme/scorer:2"}, True),
        ({"capture_percent": 5}, True),
        ({"replicas": (2, 5)}, False),
        ({"rollout": AllAtOnce()}, False),
        ({"slo": SloSpec()}, False),
        ({"exposure": "public"}, False),
    ],
)
def test_a_release_gets_a_new_name_with_its_content_and_only_then(change: dict[str, object], moves: bool) -> None:
    base = {"model": "fraud/7", "env": {"A": "1"}}
    assert (name(**base) != name(**{**base, **change})) is moves
    assert name(**base) != name("Standard_F4s_v2", **base)
    # the same deployment put again would go back to its least replicas
    assert name(**base) != name(owner="other", **base)


def test_a_releases_own_deployment_never_leaves_with_its_template(full: Planned) -> None:
    assert not full.all("OnlineDeployment")
    for variant in ("stable", "canary", "shadow"):
        made: Any = full.one(f"endpoint-scorer-release-{variant}").inputs["properties"]
        assert made["mode"] == "Incremental"


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


def test_replicas_follow_their_own_share_of_the_endpoints_connections(full: Planned) -> None:
    def grow(variant: str) -> dict[str, Any]:
        profile: Any = full.one(f"endpoint-scorer-scale-{variant}").inputs["profiles"]
        assert profile[0]["capacity"] == {"minimum": "2", "maximum": "20", "default": "2"}
        return profile[0]["rules"][0]["metricTrigger"]

    assert grow("canary")["metricName"] == "ConnectionsActive"
    assert grow("canary")["threshold"] == pytest.approx(80)
    assert grow("stable")["threshold"] == pytest.approx(8 / 0.9)
    assert grow("shadow")["threshold"] == pytest.approx(32)
    assert full.one("endpoint-scorer-scale-stable").inputs["enabled"] is True


@pytest.mark.parametrize(
    ("metric", "name", "changes"),
    [
        ("requests", "RequestsPerMinute", {}),
        ("cpu", "CpuUtilizationPercentage", {}),
        ("gpu", "GpuUtilizationPercentage", {"accelerator": "T4:1"}),
    ],
)
def test_other_metrics_scale_on_the_deployment(metric: str, name: str, changes: dict[str, object]) -> None:
    scaling = AutoscalingSpec(metric=metric, target=60, cooldown_seconds=130)  # type: ignore[arg-type]
    planned = endpoint(model="fraud/7", autoscaling=scaling, **changes)
    profiles: Any = planned.one("endpoint-scorer-scale-main").inputs["profiles"]
    grow, shrink = profiles[0]["rules"]
    assert grow["metricTrigger"]["metricName"] == name
    assert grow["metricTrigger"]["threshold"] == 60
    assert shrink["metricTrigger"]["threshold"] < 60
    assert shrink["scaleAction"]["cooldown"] == "PT3M"


def test_fixed_replicas_are_not_scaled() -> None:
    assert not endpoint(model="fraud/7", replicas=(3, 3)).all("AutoscaleSetting")


def test_alerts_carry_the_specs_thresholds(full: Planned) -> None:
    errors: Any = full.one("endpoint-scorer-alert-errors").inputs
    (condition,) = errors["criteria"]["allOf"]
    assert (condition["operator"], condition["threshold"]) == ("GreaterThan", 2.0)
    assert "!startswith 'shadow-'" in condition["query"]
    # what the model answers besides 200 reaches the caller as 424, and its timeouts as 408
    assert "== 424" in condition["query"]
    assert "between (400 .. 499)" in condition["query"]
    assert "== 408" in condition["query"]
    assert (errors["evaluationFrequency"], errors["windowSize"]) == ("PT5M", "PT10M")
    latency: Any = full.one("endpoint-scorer-alert-latency").inputs
    (criterion,) = latency["criteria"]["allOf"]
    assert (criterion["metricName"], criterion["threshold"]) == ("RequestLatency_P99", 1000)


def test_objectives_burn_in_a_long_and_a_short_window(full: Planned) -> None:
    found = {step.name.rpartition("slo-")[2] for step in full.all("ScheduledQueryRule") if "-slo-" in step.name}
    assert found == {"availability-fast", "availability-slow", "latency-fast", "latency-slow"}
    fast: Any = full.one("endpoint-scorer-alert-slo-availability-fast").inputs
    (condition,) = fast["criteria"]["allOf"]
    # two hundredths of four weeks' budget of 0.1 % in an hour
    assert condition["threshold"] == pytest.approx(0.02 * 28 * 24 * 0.1, rel=1e-3)
    assert "where Total > 0" in condition["query"]
    # the short window, and what comes late
    assert "ago(10m)" in condition["query"]


def test_images_come_through_the_platforms_cache_where_there_is_one() -> None:
    serves = EndpointSpec(name="scorer", server="tensorflow", model="fraud/7")
    planned = serving(spec(endpoints=(serves,), registry=RegistrySpec(pull_through=("docker.io",))))
    release = planned.one("endpoint-scorer-release-main")
    image = of_type(release, "environments/versions")["properties"]["image"]
    assert image.endswith(".azurecr.io/docker-io/tensorflow/serving:2.19.0")
    rules: Any = planned.one("models-workspace").inputs["managedNetwork"]
    assert all(rule["type"] == "PrivateEndpoint" for rule in rules["outboundRules"].values())


def test_public_images_open_their_hosts_and_no_others() -> None:
    planned = endpoint(server="tensorflow", model="fraud/7")
    network: Any = planned.one("models-workspace").inputs["managedNetwork"]
    hosts = {rule["destination"] for rule in network["outboundRules"].values() if rule["type"] == "FQDN"}
    assert network["isolationMode"] == "AllowOnlyApprovedOutbound"
    assert hosts == {"*.docker.io", "*.docker.com", "production.cloudflare.docker.com"}
    assert "firewall" in planned.notes()


def test_an_own_image_is_run_with_its_port_and_health_path() -> None:
    planned = endpoint(server="custom", image="ghcr.io/acme/scorer:1", port=9000, health_path="/ready")
    inference = of_type(planned.one("endpoint-scorer-release-main"), "environments/versions")["properties"]
    assert inference["image"] == "ghcr.io/acme/scorer:1"
    assert inference["inferenceConfig"]["readinessRoute"] == {"path": "/ready", "port": 9000}
    assert "model" not in deployment(planned, "main")["properties"]


def test_brackets_and_nested_arguments_travel_as_they_stand() -> None:
    assert literal_text("[1]") == "[[1]"
    assert literal_text("1") == "1"
    assert to_wire({"a": ["[b]", None, 1]}) == {"a": ["[[b]", None, 1]}


def test_the_endpoints_identity_reports_its_use(full: Planned) -> None:
    own = full.one("endpoint-scorer-identity-identity").outputs["principalId"]
    right = full.one("endpoint-scorer-metrics-endpoint-scorer-ml-metrics-writer")
    assert right.inputs["scope"] == full.one("models-workspace").id
    assert right.inputs["principalId"] == own
    assert right.name.removeprefix("acme-ml-") in full.directly_after("endpoint-scorer-endpoint")


def test_a_short_bake_says_which_alarm_can_take_it_back() -> None:
    def told(minutes: int) -> bool:
        made = endpoint(model="m/1", server="triton", rollout=CanaryRollout(steps=(10,), bake_minutes=minutes))
        return "bake_minutes" in made.notes()

    assert told(5)
    assert not told(15)


def test_a_domain_and_the_names_below_it_are_two_rules() -> None:
    made = endpoint(model="m/1", server="mlflow")
    network: Any = made.one("models-workspace").inputs["managedNetwork"]
    hosts = {rule["destination"] for rule in network["outboundRules"].values() if rule["type"] == "FQDN"}
    assert {"anaconda.com", "*.anaconda.com"} <= hosts
