"""Endpoints on GPUs that Cloud Run has not: what is declared, with whose rights, and what is refused."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from mlplatform import AutoscalingSpec, EndpointSpec, SloSpec, VariantSpec
from mlplatform.backends.gcp.adopted_network import GcpAdoptedNetwork
from mlplatform.backends.gcp.backend import BACKEND
from mlplatform.backends.gcp.serving.vertex.deployer import PERMISSIONS
from mlplatform.backends.gcp.serving.vertex.names import endpoint_id, is_on_vertex, number
from mlplatform.catalog.choice import Choice
from mlplatform.catalog.quota import Demand, quota_demands
from mlplatform.components.selection import try_endpoint
from mlplatform.spec.rollouts import CanaryRollout
from mlplatform.spec.variants import ShadowSpec

from ....planned import Planned
from ..conftest import problems, spec, target

Plan = Callable[..., Planned]
SERVING = "keys-serving"


def large(**changes: object) -> EndpointSpec:
    values = {
        "name": "chat",
        "server": "vllm",
        "model": "llama/7",
        "accelerator": "H100:8",
        "autoscaling": AutoscalingSpec(metric="gpu", target=60),
        **changes,
    }
    return EndpointSpec.model_validate(values)


@pytest.fixture(scope="module")
def plan(planned: Plan) -> Planned:
    """A private endpoint with all that it can have, a public one that waits, and one of Cloud Run's beside them."""
    return planned(
        targets=(target(people={"ml-engineer": ("ml@acme.example",)}),),
        endpoints=(
            large(rollout=CanaryRollout(steps=(10, 50)), slo=SloSpec(latency_ms=2000), env={"A": "1"}),
            large(name="waits", model=None, exposure="public", server="triton", accelerator="L4:2"),
            EndpointSpec(name="small", model="small/1", accelerator="L4"),
        ),
    )


def wanted(plan: Planned, endpoint: str = "chat", variant: str = "main") -> dict[str, Any]:
    variables: Any = plan.one(f"endpoint-{endpoint}-deploy").inputs["userEnvVars"]
    return json.loads(variables[f"VARIANT_{variant}"])


@pytest.mark.parametrize(
    ("accelerators", "vertex"),
    [
        (("L4",), False),
        (("RTX-PRO-6000",), False),
        (None, False),
        (("T4",), False),
        (("A10G", "L4"), False),
        (("H100:8", "L4"), False),
        (("L4:2",), True),
        (("RTX-PRO-6000:2",), True),
        (("A10G:4", "A100-80GB:4"), True),
        (("H100",), True),
    ],
)
def test_the_accelerator_says_which_service_it_is(accelerators: tuple[str, ...] | None, vertex: bool) -> None:
    assert is_on_vertex(EndpointSpec(name="a", model="m/1", accelerator=accelerators)) == vertex


def test_one_l4_stays_on_cloud_run_whatever_else_is_acceptable(plan: Planned) -> None:
    assert plan.one("endpoint-small-service").type == "gcp:cloudrunv2/service:Service"


def test_the_address_is_private_encrypted_and_asks_who_calls(plan: Planned) -> None:
    service = plan.one("endpoint-chat-service")
    assert service.type == "gcp:vertex/aiEndpoint:AiEndpoint"
    way: Any = service.inputs["privateServiceConnectConfig"]
    assert way["enablePrivateServiceConnect"] is True
    assert way["enableSecurePrivateServiceConnect"] is True
    assert "dedicatedEndpointEnabled" not in service.inputs
    assert service.inputs["encryptionSpec"] == {"kmsKeyName": plan.one(SERVING).id}
    # the workflow owns the split: an input would undo it with every `up`
    assert "trafficSplit" not in service.inputs
    assert service.ignore_changes == ("trafficSplit",)
    # deleted first, so that a refusal leaves the workflow that can take the models off
    assert {"endpoint-chat-deploy", "endpoint-chat-deploy-starts"} <= plan.after("endpoint-chat-service")


def test_callers_get_a_role_that_sends_requests_and_nothing_else(plan: Planned) -> None:
    role = plan.one("models-endpoint-caller")
    assert role.inputs["permissions"] == ["aiplatform.endpoints.predict"]
    grants = {str(step.inputs["endpoint"]): step.inputs for step in plan.all("AiEndpointIamMember")}
    assert set(grants) == {plan.one(f"endpoint-{name}-service").inputs["name"] for name in ("chat", "waits")}
    assert {grant["role"] for grant in grants.values()} == {role.outputs["name"]}
    # one right on each endpoint: Google holds them apart
    assert len({step.id for step in plan.all("AiEndpointIamMember")}) == 2 * 2


def test_a_release_takes_its_quota_twice_while_the_traffic_moves() -> None:
    machine = try_endpoint(BACKEND, target(), large())
    assert isinstance(machine, Choice)
    [demand] = quota_demands([Demand(machine.machine, 4, "online", "us-central1")])
    assert (demand.name, demand.amount) == ("custom_model_serving_nvidia_h100_gpus", 2 * 4 * 8)


def test_another_exposure_is_another_endpoint_beside_the_old_one() -> None:
    ids = {endpoint_id(spec(), target(), large(exposure=exposure)) for exposure in ("private", "public")}
    assert len(ids) == 2


def test_a_public_address_has_a_name_of_its_own(plan: Planned) -> None:
    service = plan.one("endpoint-waits-service").inputs
    assert service["dedicatedEndpointEnabled"] is True
    assert "privateServiceConnectConfig" not in service
    variables: Any = plan.one("endpoint-waits-deploy").inputs["userEnvVars"]
    assert (variables["ZONE"], variables["HOST"], variables["VARIANTS"]) == ("", "", "[]")


def test_the_deployment_is_what_the_spec_says(plan: Planned) -> None:
    found = wanted(plan)
    assert found["machineSpec"] == {
        "machineType": "a3-highgpu-8g",
        "acceleratorType": "NVIDIA_H100_80GB",
        "acceleratorCount": 8,
    }
    container = found["model"]["containerSpec"]
    assert container["imageUri"].startswith("us-central1-docker.pkg.dev/")
    assert container["args"][0] == f"gs://{plan.one('store-models').inputs['name']}/llama/7"
    assert "--tensor-parallel-size=8" in container["args"]
    assert container["env"] == [{"name": "A", "value": "1"}]
    # vLLM compiles its model: it may take half an hour until it answers
    assert container["startupProbe"]["periodSeconds"] * container["startupProbe"]["failureThreshold"] == 1800
    assert container["deploymentTimeout"] == "3600s"
    assert found["model"]["encryptionSpec"] == {"kmsKeyName": plan.one(SERVING).id}
    assert found["serviceAccount"] == plan.one("endpoint-chat-identity-account").outputs["email"]
    assert (found["minReplicaCount"], found["maxReplicaCount"]) == (1, 4)
    variables: Any = plan.one("endpoint-chat-deploy").inputs["userEnvVars"]
    policy = json.loads(variables["POLICY"])
    assert (policy["steps"], policy["timeout"]) == ([10, 50], "60s")
    assert all(len(value) < 4096 for value in variables.values())


def test_only_what_vertex_cannot_change_makes_another_deployment(plan: Planned) -> None:
    found = wanted(plan)
    fixed = {key: found[key] for key in ("machineSpec", "model", "modelId", "serviceAccount")}
    endpoint = plan.one("endpoint-chat-service").inputs["name"]
    assert found["id"] == number(f"{endpoint} {json.dumps(fixed, sort_keys=True)}", 10)
    assert re.fullmatch("[1-9][0-9]{9}", found["id"])


def test_the_workflow_may_do_what_it_does_and_no_more(plan: Planned) -> None:
    member = plan.one("models-deployer-account").outputs["member"]
    roles = {grant.inputs["role"] for grant in plan.all("IAMMember") if grant.inputs["member"] == member}
    role = plan.one("models-deployer")
    assert roles == {role.outputs["name"], "roles/logging.logWriter", "roles/iam.serviceAccountUser"}
    assert role.inputs["permissions"] == sorted(PERMISSIONS)
    assert not [
        permission for permission in PERMISSIONS if permission.endswith((".delete", ".setIamPolicy", ".predict"))
    ]
    flow = plan.one("endpoint-chat-deploy").inputs
    assert flow["cryptoKeyName"] == plan.one(SERVING).id
    start: Any = plan.one("endpoint-chat-deploy-starts").inputs["httpTarget"]
    account = plan.one("models-deployer-account").outputs["email"]
    assert json.loads(base64.b64decode(start["body"])) == {"argument": "{}"}
    assert start["oauthToken"]["serviceAccountEmail"] == flow["serviceAccount"] == account


def test_alarms_objectives_and_dashboard_ask_for_this_endpoint(plan: Planned) -> None:
    id_ = str(plan.one("endpoint-chat-service").inputs["name"])
    assert id_.isdigit()
    assert len(id_) == 9
    texts = [
        json.dumps(step.inputs)
        for step in plan.plan.resources()
        if step.name.startswith(("acme-ml-endpoint-chat-alert", "acme-ml-endpoint-chat-slo-"))
    ]
    asked = [text for text in texts if "aiplatform" in text]
    assert len(asked) == 4 + 2
    assert all(id_ in text for text in asked)
    assert id_ in str(plan.one("endpoint-chat-dashboard").inputs["dashboardJson"])


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("shadow", {"shadow": ShadowSpec(model="llama/8")}),
        ("capture_percent", {"capture_percent": 5}),
        ("secrets", {"secrets": {"TOKEN": "token"}}),
        ("server", {"server": "mlflow"}),
        ("autoscaling.metric", {"autoscaling": AutoscalingSpec()}),
        ("autoscaling.metric", {"autoscaling": AutoscalingSpec(metric="requests", target=60)}),
        (
            "autoscaling.cooldown_seconds",
            {"autoscaling": AutoscalingSpec(metric="gpu", target=60, cooldown_seconds=60)},
        ),
        ("max_concurrency", {"server": "triton", "max_concurrency": 4}),
        ("env", {"env": {"AIP_HTTP_PORT": "1"}}),
        ("env", {"env": {f"V{index}": "x" * 1000 for index in range(3)}}),
        ("replicas", {"replicas": (0, 2)}),
        ("accelerator", {"accelerator": "H100:3"}),
    ],
)
def test_what_vertex_cannot_do_is_refused_with_a_way_out(path: str, changes: dict[str, object]) -> None:
    found = problems(endpoints=(large(**changes),))
    assert list(found) == [f"endpoints[0].{path}"]
    assert found[f"endpoints[0].{path}"].fix


def test_a_private_endpoint_needs_the_platforms_own_network() -> None:
    network = GcpAdoptedNetwork(network="shared", subnet="nodes", pods_range="pods", services_range="services")
    found = problems(targets=(target(network=network),), endpoints=(large(),))
    assert "endpoints[0].exposure" in found
    assert "endpoints[0].exposure" not in problems(
        targets=(target(network=network),), endpoints=(large(exposure="public"),)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"replicas": (2, 2), "autoscaling": AutoscalingSpec()},
        {"timeout_seconds": 3600, "startup_seconds": 3600},
        {"server": "custom", "image": "docker.io/acme/x:1", "model": None},
        {
            "model": None,
            "variants": (
                VariantSpec(name="stable", model="llama/7", traffic_percent=90),
                VariantSpec(name="canary", model="llama/8", traffic_percent=10),
            ),
        },
    ],
)
def test_what_vertex_can_is_accepted(changes: dict[str, object]) -> None:
    assert problems(endpoints=(large(**changes),)) == {}
