"""How an endpoint is rolled out, and the rights of the workflow."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from pulumi_gcp import cloudrunv2

from mlplatform import AllAtOnce, CanaryRollout
from mlplatform.backends.gcp.serving.revision_name import name_revision
from mlplatform.backends.gcp.serving.rollout_workflow import SOURCE
from mlplatform.components.labels import ROLLOUT_ANNOTATION

from ....planned import Planned
from ..served import endpoint, template

Plan = Callable[..., Planned]


def test_blue_green_is_watched_and_its_traffic_declared(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    service = plan.one("endpoint-fraud-service")
    assert service.inputs["traffics"] == [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}]
    assert not service.ignore_changes
    policy = json.loads(service.inputs["annotations"][ROLLOUT_ANNOTATION])  # type: ignore[index,call-overload]
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
    policy = json.loads(service.inputs["annotations"][ROLLOUT_ANNOTATION])  # type: ignore[index,call-overload]
    assert (policy["steps"], policy["bake_minutes"]) == ([10, 50], 15)
    assert "--refresh" in plan.notes()


def test_all_at_once_needs_no_workflow(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(rollout=AllAtOnce()),))
    assert not plan.has("models-rollout")
    assert "annotations" not in plan.one("endpoint-fraud-service").inputs


def test_the_workflow_may_do_what_it_does_and_no_more(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(),))
    workflow = plan.one("models-rollout").inputs
    assert workflow["sourceContents"] == SOURCE.read_text("utf-8")
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


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        ("model_service._PROBE_SECONDS", 6),
        ("model_service._FAST_START", (2, 30)),
        ("capture._PLACE", "/place"),
        ("model_service.scaling_args", lambda _: cloudrunv2.ServiceTemplateScalingArgs(max_instance_count=9)),
    ],
)
def test_a_revision_has_another_name_for_whatever_is_in_its_template(
    planned: Plan, monkeypatch: pytest.MonkeyPatch, place: str, changed: object
) -> None:
    before = planned(endpoints=(endpoint(capture_percent=10),))
    monkeypatch.setattr(f"mlplatform.backends.gcp.serving.{place}", changed)
    after = planned(endpoints=(endpoint(capture_percent=10),))
    names = ("endpoint-fraud-service", "endpoint-fraud-variant-main")
    contents = [{name: dict(template(plan, name)) for name in names} for plan in (before, after)]
    revisions = [{name: content[name].pop("revision") for name in names} for content in contents]
    assert contents[0] != contents[1], "the test changes nothing"
    for name in names:
        same = contents[0][name] == contents[1][name]
        assert (revisions[0][name] == revisions[1][name]) == same, name


def test_a_revision_has_another_name_under_another_account_or_key(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(), endpoint(name="other")))
    args = {"service_account": "a@acme.example", "encryption_key": "k1"}
    names = {_named(cloudrunv2.ServiceTemplateArgs(**{**args, key: "b"})) for key in (*args, "timeout")}
    assert len({*names, _named(cloudrunv2.ServiceTemplateArgs(**args))}) == 4
    assert plan.one("endpoint-fraud-service").inputs["template"]["revision"].startswith("acme-ml-dev-fraud-")  # type: ignore[index]


def _named(args: cloudrunv2.ServiceTemplateArgs) -> str:
    return asyncio.run(_resolved(args))


async def _resolved(args: cloudrunv2.ServiceTemplateArgs) -> str:
    return str(await name_revision("service", args).future())
