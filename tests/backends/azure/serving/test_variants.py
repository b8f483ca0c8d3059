"""Releases of a variant: templates, names, images."""

from __future__ import annotations

from typing import Any

import pytest

from mlplatform import RegistrySpec, SloSpec
from mlplatform.backends.azure.serving.release import ReleaseContent
from mlplatform.providers.check import check_resource
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.rollouts import AllAtOnce

from ....planned import Planned
from ..conftest import spec
from .serving import deployment, endpoint, of_type, serving


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


def test_images_come_through_the_platforms_cache_where_there_is_one() -> None:
    serves = EndpointSpec(name="scorer", server="tensorflow", model="fraud/7")
    planned = serving(spec(endpoints=(serves,), registry=RegistrySpec(pull_through=("docker.io",))))
    release = planned.one("endpoint-scorer-release-main")
    image = of_type(release, "environments/versions")["properties"]["image"]
    assert image.endswith(".azurecr.io/docker-io/tensorflow/serving:2.19.1")
    rules: Any = planned.one("models-workspace").inputs["managedNetwork"]
    assert all(rule["type"] == "PrivateEndpoint" for rule in rules["outboundRules"].values())


def test_public_images_open_their_hosts_and_no_others() -> None:
    planned = endpoint(server="tensorflow", model="fraud/7")
    network: Any = planned.one("models-workspace").inputs["managedNetwork"]
    hosts = {rule["destination"] for rule in network["outboundRules"].values() if rule["type"] == "FQDN"}
    assert network["isolationMode"] == "AllowOnlyApprovedOutbound"
    assert hosts == {"*.docker.io", "*.docker.com", "production.cloudflare.docker.com"}
    assert "firewall" in planned.notes()


def test_a_domain_and_the_names_below_it_are_two_rules() -> None:
    made = endpoint(model="m/1", server="mlflow")
    network: Any = made.one("models-workspace").inputs["managedNetwork"]
    hosts = {rule["destination"] for rule in network["outboundRules"].values() if rule["type"] == "FQDN"}
    assert {"anaconda.com", "*.anaconda.com"} <= hosts


def test_an_own_image_is_run_with_its_port_and_health_path() -> None:
    planned = endpoint(server="custom", image="ghcr.io/acme/scorer:1", port=9000, health_path="/ready")
    inference = of_type(planned.one("endpoint-scorer-release-main"), "environments/versions")["properties"]
    assert inference["image"] == "ghcr.io/acme/scorer:1"
    assert inference["inferenceConfig"]["readinessRoute"] == {"path": "/ready", "port": 9000}
    assert "model" not in deployment(planned, "main")["properties"]


def test_an_endpoint_that_waits_for_its_model_has_its_way_out_already() -> None:
    waiting = endpoint(server="mlflow")
    network: Any = waiting.one("models-workspace").inputs["managedNetwork"]
    hosts = {rule["destination"] for rule in network["outboundRules"].values() if rule["type"] == "FQDN"}
    assert "pypi.org" in hosts
    assert not waiting.has("endpoint-scorer-release-main")


def test_the_identity_reads_the_workspaces_storage_and_writes_it_for_capture() -> None:
    silent, capturing = endpoint(model="m/1"), endpoint(model="m/1", capture_percent=5)
    name = "endpoint-scorer-workspace-storage-endpoint-scorer"
    assert silent.one(f"{name}-blob-reader").inputs["scope"] == silent.one("models-storage").id
    assert capturing.has(f"{name}-blob-contributor")
    assert f"{name}-blob-reader" in silent.after("endpoint-scorer-release-main")
