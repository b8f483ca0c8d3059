"""Endpoints on Cloud Run: content in revision names, waiting, secrets, rights, order."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mlplatform import AutoscalingSpec, CpuSpec, EndpointSpec, MonitoringSpec, RegistrySpec, ShadowSpec

from ....planned import Planned
from ..conftest import target
from ..served import SPLIT, endpoint, server, template

Plan = Callable[..., Planned]


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


def test_secrets_that_differ_in_case_only_have_a_grant_each(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(secrets={"A": "token", "B": "Token"}),))
    ids = {step.inputs["secretId"] for step in plan.all("SecretIamMember")}
    assert {"token", "Token"} <= ids


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
