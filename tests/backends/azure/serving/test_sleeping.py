"""Endpoints that may sleep: Container Apps that wake on a request and answer only those who may call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlplatform import EndpointSpec
from mlplatform.backends.azure.target import AzureTarget

from ....planned import Planned
from ..conftest import spec, target
from .serving import endpoint, serving

GPU: dict[str, object] = {"server": "vllm", "accelerator": ("L4:1", "T4:1"), "replicas": (0, 6)}


@pytest.fixture(scope="module")
def awake() -> Planned:
    return endpoint("tagger", model="tagger/3", secrets={"TOKEN": "Hub-Token"}, max_concurrency=32, **GPU)


@pytest.fixture(scope="module")
def two() -> Planned:
    first = EndpointSpec.model_validate({"name": "tagger", **GPU})
    second = EndpointSpec.model_validate({"name": "reader", "server": "mlflow", "model": "r/1", "replicas": (0, 2)})
    return serving(spec(endpoints=(first, second)))


def app(planned: Planned, name: str = "tagger") -> dict[str, Any]:
    return dict(planned.one(f"endpoint-{name}-app").inputs)


def test_it_sleeps_and_grows_with_requests_in_flight(awake: Planned) -> None:
    scale = app(awake)["template"]["scale"]
    assert (scale["minReplicas"], scale["maxReplicas"], scale["cooldownPeriod"]) == (0, 6, 300)
    assert scale["rules"][0]["http"]["metadata"] == {"concurrentRequests": "8"}


def test_it_runs_on_a_gpu_that_its_environment_has(awake: Planned) -> None:
    environment: Any = awake.one("models-apps").inputs
    profiles = {profile["name"]: profile["workloadProfileType"] for profile in environment["workloadProfiles"]}
    assert profiles[app(awake)["workloadProfileName"]] == "Consumption-GPU-NC8as-T4"
    assert environment["vnetConfiguration"]["internal"] is True


def test_the_model_is_fetched_as_the_endpoints_identity(awake: Planned) -> None:
    template = app(awake)["template"]
    (fetch,) = template["initContainers"]
    variables = {one["name"]: one["value"] for one in fetch["env"]}
    assert variables["MODEL"] == "tagger/3"
    assert variables["CONTAINER"] == "models"
    assert "--auth-mode login" in fetch["command"][2]
    (server,) = template["containers"]
    assert server["command"][:3] == ["vllm", "serve", "/mnt/model/tagger/3"]
    assert server["command"][-1] == "32"
    assert server["volumeMounts"] == fetch["volumeMounts"]


def test_a_model_has_minutes_to_load_within_azures_bounds(awake: Planned) -> None:
    (server,) = app(awake)["template"]["containers"]
    probes = {probe["type"]: probe for probe in server["probes"]}
    assert all(probe["failureThreshold"] <= 30 for probe in probes.values())
    assert probes["Startup"]["failureThreshold"] * probes["Startup"]["periodSeconds"] == 1800


def test_secrets_stay_in_the_vault(awake: Planned) -> None:
    (secret,) = app(awake)["configuration"]["secrets"]
    assert secret["name"] == "hub-token"
    assert secret["keyVaultUrl"].endswith("/secrets/hub-token")
    (server,) = app(awake)["template"]["containers"]
    assert {"name": "TOKEN", "secretRef": "hub-token"} in server["env"]


def test_only_callers_with_a_token_are_answered(awake: Planned) -> None:
    auth: Any = awake.one("endpoint-tagger-auth").inputs
    assert auth["globalValidation"]["unauthenticatedClientAction"] == "Return401"
    validation = auth["identityProviders"]["azureActiveDirectory"]["validation"]
    allowed = validation["defaultAuthorizationPolicy"]["allowedPrincipals"]
    identities = {step.name: step.outputs["principalId"] for step in awake.all("UserAssignedIdentity")}
    # granted after the endpoint was made
    caller = identities["acme-ml-pipelines-identity"]
    own = identities["acme-ml-endpoint-tagger-identity-identity"]
    assert set(allowed["identities"]) == {caller, own}


def test_the_application_callers_ask_for_is_registered_or_given(awake: Planned) -> None:
    content: Any = awake.one("models-callers").inputs
    kinds = {one["type"] for one in content["properties"]["template"]["resources"].values()}
    assert kinds == {"Microsoft.Graph/applications@v1.0", "Microsoft.Graph/servicePrincipals@v1.0"}
    application = content["properties"]["template"]["resources"]["application"]["properties"]
    # people are let in by group, and ask for a token by a permission
    assert application["groupMembershipClaims"] == "SecurityGroup"
    (permission,) = application["api"]["oauth2PermissionScopes"]
    assert (permission["type"], permission["isEnabled"]) == ("User", True)
    given = "12345678-1234-4234-8234-123456789012"
    least = spec(endpoints=(EndpointSpec.model_validate({"name": "tagger", **GPU}),))
    planned = serving(least.overlay(targets=(target(callers_app_id=given),)))
    assert not planned.has("models-callers")
    auth: Any = planned.one("endpoint-tagger-auth").inputs
    assert auth["identityProviders"]["azureActiveDirectory"]["registration"]["clientId"] == given


def test_names_lead_to_the_environment_before_an_app_is_made(awake: Planned) -> None:
    assert {"models-apps-record", "models-apps-zone-link"} <= awake.directly_after("endpoint-tagger-app")
    record: Any = awake.one("models-apps-record").inputs
    assert record["relativeRecordSetName"] == "*"
    assert record["aRecords"][0]["ipv4Address"] == awake.one("models-apps").outputs["staticIp"]


def test_endpoints_share_an_environment(two: Planned) -> None:
    assert len(two.all("ManagedEnvironment")) == 1
    assert len(two.all("ContainerApp")) == 2
    (server,) = app(two, "reader")["template"]["containers"]
    assert server["resources"] == {"cpu": 4, "memory": "8Gi"}


def test_it_waits_for_its_first_model_without_a_gpu(two: Planned) -> None:
    waiting = app(two)
    (container,) = waiting["template"]["containers"]
    assert waiting["workloadProfileName"] == "Consumption"
    assert "503" in container["command"][2]
    assert waiting["template"]["initContainers"] == []
    compile(container["command"][2], "waiting", "exec")


def test_the_target_takes_an_application(awake: Planned) -> None:
    assert AzureTarget.model_fields["callers_app_id"].default is None
    assert "Application.ReadWrite.OwnedBy" in awake.notes()


def test_alerts_are_on_what_container_apps_measures(awake: Planned) -> None:
    errors: Any = awake.one("endpoint-tagger-alert-errors").inputs
    (criterion,) = errors["criteria"]["allOf"]
    assert criterion["dimensions"] == [{"name": "statusCodeCategory", "operator": "Include", "values": ["5xx"]}]
    assert "mean" in awake.notes()


def test_the_dashboard_adds_requests_up(awake: Planned) -> None:
    book = json.loads(str(awake.one("endpoint-tagger-dashboard").inputs["serializedData"]))
    shown = {
        m["metric"].rpartition("-")[2]: m["aggregation"]
        for item in book["items"][1:]
        for m in item["content"]["metrics"]
    }
    assert (shown["Requests"], shown["ResponseTime"]) == (1, 4)


def test_an_image_larger_than_the_platform_supports_is_told() -> None:
    large = endpoint("scorer", server="triton", model="scorer/1", replicas=(0, 2))
    assert "8 GB" in large.notes()
    own = endpoint("scorer", server="triton", model="scorer/1", replicas=(0, 2), image="docker.io/acme/triton:1")
    assert "8 GB" not in own.notes()
