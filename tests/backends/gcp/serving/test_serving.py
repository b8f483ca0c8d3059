"""Endpoints on Cloud Run: content in revision names, rollouts, sleep, waiting, secrets, rights, order."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlplatform import (
    AllAtOnce,
    AutoscalingSpec,
    CanaryRollout,
    CpuSpec,
    EndpointSpec,
    MonitoringSpec,
    RegistrySpec,
    ShadowSpec,
    VariantSpec,
)
from mlplatform.backends.gcp.serving.rollout_source import ANNOTATION, SOURCE

from ....planned import Planned
from ..conftest import target

Plan = Callable[..., Planned]

SPLIT = (
    VariantSpec(name="stable", model="fraud/7", traffic_percent=90),
    VariantSpec(name="canary", model="fraud/8", traffic_percent=10),
)


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "model": "fraud/7", **changes})


def template(plan: Planned, name: str = "endpoint-fraud-service") -> dict[str, Any]:
    found: Any = plan.one(name).inputs["template"]
    return found


def server(plan: Planned, name: str = "endpoint-fraud-service") -> dict[str, Any]:
    return template(plan, name)["containers"][0]


def test_a_new_model_renames_the_revision_and_nothing_else(planned: Plan) -> None:
    old, new = planned(endpoints=(endpoint(),)), planned(endpoints=(endpoint(model="fraud/8"),))
    assert template(old)["revision"] != template(new)["revision"]
    assert old.one("endpoint-fraud-service").inputs["name"] == new.one("endpoint-fraud-service").inputs["name"]

    def others(plan: Planned) -> dict[str, object]:
        return {s.urn: dict(s.inputs) for s in plan.plan.resources() if s.name != "acme-ml-endpoint-fraud-service"}

    assert others(old) == others(new)


@pytest.mark.parametrize(
    "changes",
    [
        {"replicas": (2, 9)},
        {"env": {"A": "b"}},
        {"cpu": CpuSpec(vcpus=4)},
        {"timeout_seconds": 61},
        {"autoscaling": AutoscalingSpec(target=4)},
        {"secrets": {"TOKEN": "scorer-token"}},
    ],
)
def test_whatever_a_revision_carries_is_in_its_name(planned: Plan, changes: dict[str, object]) -> None:
    plain, changed = planned(endpoints=(endpoint(),)), planned(endpoints=(endpoint(**changes),))
    assert template(plain)["revision"] != template(changed)["revision"]


@pytest.mark.parametrize("changes", [{"owner": "others"}, {"monitoring": MonitoringSpec(dashboards=False)}])
def test_what_a_revision_does_not_carry_is_not_in_its_name(planned: Plan, changes: dict[str, object]) -> None:
    plain, changed = planned(endpoints=(endpoint(),)), planned(endpoints=(endpoint(),), **changes)
    assert template(plain) == template(changed)


def test_a_replica_is_private_encrypted_and_its_own(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    service = plan.one("endpoint-fraud-service").inputs
    assert service["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    assert service["binaryAuthorization"] == {"useDefault": True}
    assert "invokerIamDisabled" not in service
    assert service["deletionProtection"] is False
    inner = template(plan)
    assert inner["encryptionKey"] == plan.one("keys-serving").id
    assert inner["serviceAccount"] == plan.one("endpoint-fraud-identity-account").outputs["email"]
    assert inner["vpcAccess"]["egress"] == "ALL_TRAFFIC"
    assert inner["executionEnvironment"] == "EXECUTION_ENVIRONMENT_GEN2"


def test_public_means_the_internet_with_an_identity(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(exposure="public"),))
    assert plan.one("endpoint-fraud-service").inputs["ingress"] == "INGRESS_TRAFFIC_ALL"
    assert not [m for m in plan.all("ServiceIamMember") if "allUsers" in str(m.inputs["member"])]


def test_the_model_is_mounted_read_only_from_its_folder(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    (volume,) = template(plan)["volumes"]
    assert volume["gcs"]["readOnly"] is True
    assert volume["gcs"]["bucket"] == plan.one("store-models").inputs["name"]
    assert "only-dir=fraud/7" in volume["gcs"]["mountOptions"]
    assert server(plan)["volumeMounts"] == [{"name": "model", "mountPath": "/mnt/model"}]


def test_grants_alarms_and_the_rollout_stand_before_the_service(planned: Plan) -> None:
    before = planned(
        endpoints=(endpoint(secrets={"TOKEN": "scorer-token"}),), registry=RegistrySpec(pull_through=("docker.io",))
    ).after("endpoint-fraud-service")
    assert {
        "store-endpoint-fraud-models-read",
        "endpoint-fraud-secret-scorer-token",
        "endpoint-fraud-rollout-acts-as",
        "endpoint-fraud-alert-error-rate",
        "endpoint-fraud-alert-latency-p99",
        "keys-serving-run",
        "models-rollout",
        "models-rollout-trigger",
        "models-servers-nvcr-io",
        "models-run-nvcr-io-pull",
        "foundation-api-run",
    } <= before


def test_bounds_target_and_billing_of_a_replica(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(replicas=(2, 20), max_concurrency=32, timeout_seconds=3600),))
    inner = template(plan)
    assert inner["scaling"] == {"minInstanceCount": 2, "maxInstanceCount": 20, "concurrencyUtilization": 0.25}
    assert inner["maxInstanceRequestConcurrency"] == 32
    assert inner["timeout"] == "3600s"
    assert server(plan)["resources"] == {
        "limits": {"cpu": "2", "memory": "8Gi"},
        "cpuIdle": False,
        "startupCpuBoost": True,
    }
    by_cpu = planned(endpoints=(endpoint(autoscaling=AutoscalingSpec(metric="cpu", target=70)),))
    assert template(by_cpu)["scaling"]["cpuUtilization"] == 0.7
    assert "concurrencyUtilization" not in template(by_cpu)["scaling"]


def test_a_sleeping_replica_pays_for_requests_only(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(replicas=(0, 3)),))
    assert template(plan)["scaling"]["minInstanceCount"] == 0
    assert server(plan)["resources"]["cpuIdle"] is True


def test_many_cpus_get_the_memory_cloud_run_asks_for(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(cpu=CpuSpec(vcpus=5, memory_gib=1)),))
    assert server(plan)["resources"]["limits"] == {"cpu": "6", "memory": "4Gi"}


def test_a_gpu_replica(planned: Plan) -> None:
    one = endpoint(name="tagger", server="vllm", accelerator=("L4:1", "T4:1"), replicas=(0, 6))
    plan = planned(endpoints=(one,))
    inner = template(plan, "endpoint-tagger-service")
    assert inner["nodeSelector"] == {"accelerator": "nvidia-l4"}
    assert inner["gpuZonalRedundancyDisabled"] is True
    assert server(plan, "endpoint-tagger-service")["resources"] == {
        "limits": {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"},
        # a GPU is never taken away between requests
        "cpuIdle": False,
        "startupCpuBoost": False,
    }
    assert "endpoints[tagger].accelerator" in plan.notes()


def test_images_come_through_a_cache(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    cache = plan.one("models-servers-nvcr-io").inputs
    assert cache["mode"] == "REMOTE_REPOSITORY"
    assert cache["kmsKeyName"] == plan.one("keys-registry").id
    host = f"us-central1-docker.pkg.dev/acme-ml-prod/{cache['repositoryId']}/nvidia/tritonserver:"
    assert server(plan)["image"].startswith(host)
    own = planned(endpoints=(endpoint(image="us-docker.pkg.dev/x/y/z:1"),))
    assert server(own)["image"] == "us-docker.pkg.dev/x/y/z:1"
    assert not own.has("models-servers-nvcr-io")


def test_an_existing_cache_is_used(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(server="tensorflow"),), registry=RegistrySpec(pull_through=("docker.io",)))
    assert "cache-docker-io/tensorflow/serving:" in server(plan)["image"]
    assert not plan.has("models-servers-docker-io")
    assert "models-run-docker-io-pull" in plan.after("endpoint-fraud-service")


@pytest.mark.parametrize(
    ("name", "health", "words"),
    [
        ("triton", "/v2/health/ready", ("--model-repository=/mnt/model", "--http-port=8080")),
        ("torchserve", "/ping", ("model_store=/mnt/model", "inference_address=http://0.0.0.0:8080")),
        ("tensorflow", "/v1/models/fraud", ("--rest_api_port=8080", "--model_name=fraud")),
        ("mlflow", "/ping", ("/mnt/model", "8080")),
    ],
)
def test_servers(planned: Plan, name: str, health: str, words: tuple[str, ...]) -> None:
    container = server(planned(endpoints=(endpoint(server=name),)))
    text = " ".join([*container.get("commands", ()), *container["args"]])
    assert all(word in text for word in words)
    for probe in ("startupProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": health, "port": 8080}
    slowest = container["startupProbe"]
    assert slowest["periodSeconds"] * slowest["failureThreshold"] == 240


def test_a_server_of_ones_own(planned: Plan) -> None:
    own = endpoint(server="custom", image="us-docker.pkg.dev/x/y/z:1", port=9000, health_path="/up")
    container = server(planned(endpoints=(own,)))
    assert container["ports"] == {"containerPort": 9000}
    assert container["startupProbe"]["httpGet"] == {"path": "/up", "port": 9000}
    assert {"name": "MODEL_PATH", "value": "/mnt/model"} in container["envs"]
    assert "args" not in container


def test_secrets_are_references_with_a_right_to_read(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(secrets={"TOKEN": "scorer-token"}, env={"MODE": "fast"}),))
    reference = {"valueSource": {"secretKeyRef": {"secret": "scorer-token", "version": "latest"}}}
    assert server(plan)["envs"] == [{"name": "MODE", "value": "fast"}, {"name": "TOKEN", **reference}]
    grant = plan.one("endpoint-fraud-secret-scorer-token").inputs
    assert grant["role"] == "roles/secretmanager.secretAccessor"
    assert "scorer-token" in plan.notes()


def test_an_endpoint_waits_for_its_first_model_at_no_cost_and_then_takes_it(planned: Plan) -> None:
    waiting = planned(endpoints=(EndpointSpec(name="fraud", accelerator="L4", server="vllm", capture_percent=5),))
    inner = template(waiting)
    assert inner["scaling"]["minInstanceCount"] == 0
    assert "nodeSelector" not in inner
    assert "envoyproxy/envoy:" in server(waiting)["image"]
    config = json.loads(server(waiting)["args"][-1])
    assert '"status": 503' in json.dumps(config)
    assert waiting.plan.outputs["endpoints"]["fraud"]["phase"] == "awaiting-model"  # type: ignore[index,call-overload]
    ready = planned(endpoints=(endpoint(accelerator="L4", server="vllm"),))
    before, after = waiting.one("endpoint-fraud-service"), ready.one("endpoint-fraud-service")
    assert (before.urn, before.inputs["name"]) == (after.urn, after.inputs["name"])
    assert template(ready)["revision"] != inner["revision"]


def test_blue_green_is_watched_and_its_traffic_declared(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    service = plan.one("endpoint-fraud-service")
    assert service.inputs["traffics"] == [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}]
    assert not service.ignore_changes
    policy = json.loads(service.inputs["annotations"][ANNOTATION])  # type: ignore[index,call-overload]
    assert policy == {"steps": [], "bake_minutes": 10, "error_rate_percent": 2.0, "latency_p99_ms": 1000}


def test_a_canary_starts_pinned_and_leaves_traffic_to_the_workflow(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(rollout=CanaryRollout(steps=(10, 50), bake_minutes=15)),))
    service = plan.one("endpoint-fraud-service")
    assert service.ignore_changes == ("traffics",)
    assert service.inputs["traffics"] == [
        {
            "type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
            "revision": template(plan)["revision"],
            "percent": 100,
        }
    ]
    policy = json.loads(service.inputs["annotations"][ANNOTATION])  # type: ignore[index,call-overload]
    assert (policy["steps"], policy["bake_minutes"]) == ([10, 50], 15)
    assert "--refresh" in plan.notes()


def test_all_at_once_needs_no_workflow(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(rollout=AllAtOnce()),))
    assert not plan.has("models-rollout")
    assert "annotations" not in plan.one("endpoint-fraud-service").inputs


def test_the_workflow_may_do_what_it_does_and_no_more(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    workflow = plan.one("models-rollout").inputs
    assert workflow["sourceContents"] == SOURCE
    assert workflow["cryptoKeyName"] == plan.one("keys-serving").id
    member = plan.one("models-rollout-account").outputs["member"]
    project = {m.inputs["role"] for m in plan.all("IAMMember") if m.inputs["member"] == member}
    assert project == {
        "roles/run.viewer",
        "roles/monitoring.viewer",
        "roles/logging.logWriter",
        "roles/eventarc.eventReceiver",
        "roles/workflows.invoker",
        "roles/iam.serviceAccountUser",
    }
    acts_as = plan.one("endpoint-fraud-rollout-acts-as").inputs
    # who delivers the event, and who runs the workflow, make tokens of this one account
    tokens = {m.inputs["member"] for m in plan.all("IAMMember") if "TokenCreator" in str(m.inputs["role"])}
    assert tokens == {plan.one(f"foundation-agent-{a}").outputs["member"] for a in ("pubsub", "workflows")}
    assert {"models-rollout-as-pubsub", "models-rollout-as-workflows"} <= plan.after("models-rollout-trigger")
    assert acts_as["serviceAccountId"] == plan.one("endpoint-fraud-identity-account").outputs["name"]
    moves = plan.one("endpoint-fraud-service-rollout").inputs
    assert (moves["role"], moves["member"]) == ("roles/run.developer", member)


def test_secrets_that_differ_in_case_only_have_a_grant_each(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(secrets={"A": "token", "B": "Token"}),))
    ids = {step.inputs["secretId"] for step in plan.all("SecretIamMember")}
    assert {"token", "Token"} <= ids


def test_the_trigger_hears_updates_of_services_once_its_rights_stand(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    criteria: Any = plan.one("models-rollout-trigger").inputs["matchingCriterias"]
    assert {c["attribute"]: c["value"] for c in criteria} == {
        "type": "google.cloud.audit.log.v1.written",
        "serviceName": "run.googleapis.com",
        "methodName": "google.cloud.run.v2.Services.UpdateService",
    }
    assert {"models-rollout-hears", "models-rollout-starts", "keys-serving-eventarc"} <= plan.after(
        "models-rollout-trigger"
    )


def test_callers_get_the_front_and_nothing_behind_it(planned: Plan) -> None:
    plan = planned(
        endpoints=(endpoint(model=None, variants=SPLIT),),
        targets=(target(people={"ml-engineer": ("a@acme.example", "b@acme.example")}),),
    )
    front = plan.one("endpoint-fraud-service").inputs["name"]
    invokers = {
        (m.inputs["name"], m.inputs["member"])
        for m in plan.all("ServiceIamMember")
        if m.inputs["role"] == "roles/run.invoker"
    }
    outside = {name for name, member in invokers if "endpoint-fraud" not in str(member)}
    assert outside == {front}
    assert {(front, "group:a@acme.example"), (front, "group:b@acme.example")} <= invokers
    own = plan.one("endpoint-fraud-identity-account").outputs["member"]
    assert {name for name, member in invokers if member == own} == {
        plan.one("endpoint-fraud-variant-stable").inputs["name"],
        plan.one("endpoint-fraud-variant-canary").inputs["name"],
    }


def test_variants_and_the_routers_rights_stand_before_the_router(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(model=None, variants=SPLIT, shadow=ShadowSpec(model="fraud/9")),))
    assert {
        "endpoint-fraud-variant-stable",
        "endpoint-fraud-variant-canary",
        "endpoint-fraud-variant-shadow",
        "endpoint-fraud-variant-shadow-router",
    } <= plan.after("endpoint-fraud-service")
    assert "annotations" not in plan.one("endpoint-fraud-variant-shadow").inputs, "a shadow moves at once"
    assert "annotations" not in plan.one("endpoint-fraud-service").inputs, "a router moves at once"
    assert plan.one("endpoint-fraud-variant-stable").inputs["annotations"]
    for name in ("stable", "canary", "shadow"):
        assert plan.one(f"endpoint-fraud-variant-{name}").inputs["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"


def test_model_groups_are_encrypted_protected_and_granted(planned: Plan) -> None:
    plan = planned(environment="prod", registry=RegistrySpec(models=("fraud",)))
    group = plan.one("models-group-fraud")
    assert group.protect
    assert group.inputs["format"] == "GENERIC"
    assert group.inputs["kmsKeyName"] == plan.one("keys-registry").id
    assert plan.one("models-pipelines-fraud-register").inputs["role"] == "roles/artifactregistry.writer"
    assert not planned(registry=RegistrySpec(models=("fraud",))).one("models-group-fraud").protect
