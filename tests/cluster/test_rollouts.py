"""Rollouts of endpoints on the cluster: new replicas beside the former ones, measured, and taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from mlplatform import AutoscalingSpec, CanaryRollout, EndpointSpec, MonitoringSpec, PlatformSpec, VariantSpec
from mlplatform.checks.index import PlanIndex
from mlplatform.checks.served_devices import served_devices
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.tokens import type_token
from mlplatform.components.endpoint_metrics import endpoint_rules
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.render.images.listing import list_images
from mlplatform.spec.monitoring import AlertsSpec
from mlplatform.spec.rollouts import AllAtOnce, BlueGreenRollout
from mlplatform.spec.variants import ShadowSpec

from ..conftest import CLOUDS
from .test_endpoints import POOLS, body, endpoint, items, platform, pod, refusals, router

CANARY = CanaryRollout(steps=(20,), bake_minutes=7)
STEPS = CanaryRollout(steps=(10, 30, 75), bake_minutes=7)
BLUE_GREEN = BlueGreenRollout(bake_minutes=12)
TWO = (
    VariantSpec(name="a", model="llm/7", traffic_percent=70),
    VariantSpec(name="b", model="llm/8", traffic_percent=30),
)


def rolling(cloud: str, rollout: object = CANARY, **changes: object) -> PlatformSpec:
    """A platform whose endpoint is rolled out, with room for both sets of replicas."""
    return platform(cloud, endpoint(rollout=rollout, **changes))


def found(cloud: str, rollout: object = CANARY, **changes: object) -> dict[str, LayerItem]:
    """The layer."""
    return items(rolling(cloud, rollout, **changes), cloud)


def metrics(layer: Mapping[str, LayerItem], name: str = "llm--main") -> dict[str, dict[str, Any]]:
    """What is measured."""
    return {each["name"]: each for each in body(layer, f"endpoint-analysis-{name}")["spec"]["metrics"]}


def asked(metric: Mapping[str, Any]) -> str:
    """The PromQL of a measurement."""
    return metric["provider"]["prometheus"]["query"]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("rollout", [CANARY, STEPS, BLUE_GREEN])
def test_an_api_server_takes_everything_of_a_rollout(cloud: str, rollout: object) -> None:
    spec = rolling(cloud, rollout)
    assert not refusals(spec, cloud)
    layer = items(spec, cloud)
    ours = [role for role in layer if role.startswith(("endpoint-", "rollouts-"))]
    assert len(ours) > 13
    for role in ours:
        sent = body(layer, role)
        assert not check_kubernetes_object(type_token(sent["apiVersion"], sent["kind"]), sent), role


def test_blue_green_measures_after_the_move_and_keeps_the_former_replicas_until_then() -> None:
    strategy = body(found("aws", BLUE_GREEN), "endpoint-model-llm--main")["spec"]["strategy"]["blueGreen"]
    assert strategy == {
        "activeService": "llm--main",
        "autoPromotionEnabled": True,
        # without a delay of its own, the former replicas stay until the measurements have ended
        "postPromotionAnalysis": {"templates": [{"templateName": "llm--main"}]},
    }
    measured = metrics(found("aws", BLUE_GREEN))
    assert {each["count"] for each in measured.values()} == {12}
    assert all('envoy_cluster_name="main"' in asked(each) for each in measured.values())


def test_a_canary_measures_its_share_before_the_move() -> None:
    layer = found("aws")
    strategy = body(layer, "endpoint-model-llm--main")["spec"]["strategy"]["blueGreen"]
    assert strategy["previewService"] == body(layer, "endpoint-preview-llm--main")["metadata"]["name"]
    assert "prePromotionAnalysis" in strategy
    assert "postPromotionAnalysis" not in strategy
    # the router forgets the former replicas in this time
    assert strategy["scaleDownDelaySeconds"] >= 45
    measured = metrics(layer)
    assert 'envoy_cluster_name="main_next"' in asked(measured["failed"])
    assert 'envoy_cluster_name="main_next"' in asked(measured["slow"])
    assert 'envoy_cluster_name="main_preview"' in asked(measured["replicas"])
    assert {(each["count"], each["interval"], each["failureLimit"]) for each in measured.values()} == {(7, "60s", 0)}


def test_the_router_shares_by_variant_and_canary() -> None:
    config = router(found("aws", model=None, variants=TWO))
    routes = config["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]["route_config"]
    split = routes["virtual_hosts"][0]["routes"][-1]["route"]["weighted_clusters"]["clusters"]
    assert {each["name"]: each["weight"] for each in split} == {
        "a": 70 * 80, "a_next": 70 * 20, "b": 30 * 80, "b_next": 30 * 20
    }  # fmt: skip
    named = {each["name"]: each["response_headers_to_add"][0]["header"]["value"] for each in split}
    assert named == {"a": "a", "a_next": "a", "b": "b", "b_next": "b"}
    clusters = {each["name"]: each for each in config["clusters"]}
    for variant in "ab":
        # with no newer replicas, or none that are healthy, the serving ones answer
        both = clusters[f"{variant}_next"]["cluster_type"]["typed_config"]["clusters"]
        assert both == [f"{variant}_preview", variant]
        address = clusters[f"{variant}_preview"]["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
        assert address["address"]["socket_address"]["address"].startswith(f"llm--{variant}--preview.")


def seconds(metric: Mapping[str, Any]) -> int:
    """When a measurement begins."""
    return int(metric.get("initialDelay", "0s").removesuffix("s"))


def moved(metric: Mapping[str, Any]) -> dict[str, str]:
    """The names that a job of a rollout leads, with the replicas that it leads them to."""
    containers = metric["provider"]["job"]["spec"]["template"]["spec"]["containers"]
    patches = {each["args"][2]: json.loads(each["args"][-1])["spec"]["selector"] for each in containers}
    return {service: selector["rollouts-pod-template-hash"] for service, selector in patches.items()}


def test_the_router_has_a_share_for_each_step() -> None:
    config = router(found("aws", STEPS, model=None, variants=TWO))
    routes = config["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]["route_config"]
    split = routes["virtual_hosts"][0]["routes"][-1]["route"]["weighted_clusters"]["clusters"]
    assert {each["name"]: each["weight"] for each in split} == {
        "a": 70 * 25, "a_next": 70 * 10, "a_next30": 70 * 20, "a_next75": 70 * 45,
        "b": 30 * 25, "b_next": 30 * 10, "b_next30": 30 * 20, "b_next75": 30 * 45,
    }  # fmt: skip
    clusters = {each["name"]: each for each in config["clusters"]}
    for suffix in ("", "30", "75"):
        # before the step, and after the release was taken back, the serving replicas answer
        both = clusters[f"a_next{suffix}"]["cluster_type"]["typed_config"]["clusters"]
        assert both == [f"a_preview{suffix}", "a"]
        address = clusters[f"a_preview{suffix}"]["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
        assert address["address"]["socket_address"]["address"].startswith(f"llm--a--preview{suffix}.")


def test_a_step_comes_once_the_former_one_was_measured() -> None:
    """A job gives the step's name the label of the newest replicas; where something failed before, it never starts."""
    layer = found("aws", STEPS)
    measured = metrics(layer)
    assert moved(measured["step-30"]) == {"llm--main--preview30": "{{args.newest}}"}
    assert moved(measured["step-75"]) == {"llm--main--preview75": "{{args.newest}}"}
    analysis = body(layer, "endpoint-model-llm--main")["spec"]["strategy"]["blueGreen"]["prePromotionAnalysis"]
    assert analysis["args"] == [{"name": "newest", "valueFrom": {"podTemplateHashValue": "Latest"}}]
    assert body(layer, "endpoint-analysis-llm--main")["spec"]["args"] == [{"name": "newest"}]
    for former, later in (("", "-30"), ("-30", "-75")):
        for name in ("failed", "slow", "replicas"):
            before, after = measured[f"{name}{former}"], measured[f"{name}{later}"]
            ended = seconds(before) + 60 * before["count"]
            assert ended <= seconds(measured[f"step{later}"]) < seconds(after) - 120
            assert (after["count"], after["interval"], after["failureLimit"]) == (7, "60s", 0)
    assert 'envoy_cluster_name=~"main_next|main_next30|main_next75"' in asked(measured["failed-75"])
    assert 'envoy_cluster_name="main_preview75"' in asked(measured["replicas-75"])
    # `up` waits for all of it: a node, vLLM's start, and the steps with their watches
    last = seconds(measured["replicas-75"]) + 60 * measured["replicas-75"]["count"]
    assert layer["endpoint-model-llm--main"].minutes >= 30 + 30 + last / 60


def test_a_release_that_comes_again_begins_with_the_first_step() -> None:
    """Names of later steps may still lead to it, from when it was taken back."""
    measured = metrics(found("aws", STEPS))
    assert moved(measured["steps-back"]) == {"llm--main--preview30": "none", "llm--main--preview75": "none"}
    assert seconds(measured["steps-back"]) == 0
    layer = found("aws", STEPS)
    for share in ("30", "75"):
        role = f"endpoint-preview{share}-llm--main"
        assert body(layer, role)["spec"]["selector"]["rollouts-pod-template-hash"] == "none"
        assert layer[role].ignored == ("spec.selector",)
    assert not [name for name in metrics(found("aws")) if name.startswith("step")]


def test_what_moves_steps_may_do_that_alone() -> None:
    layer = found("aws", STEPS)
    (rule,) = body(layer, "rollouts-steps-role")["rules"]
    assert rule["resourceNames"] == ["llm--main--preview30", "llm--main--preview75"]
    assert (rule["resources"], set(rule["verbs"])) == (["services"], {"get", "patch"})
    pods = metrics(layer)["step-30"]["provider"]["job"]["spec"]["template"]
    account = body(layer, "rollouts-steps-account")["metadata"]["name"]
    assert pods["spec"]["serviceAccountName"] == account
    assert body(layer, "rollouts-steps-binding")["subjects"][0]["name"] == account
    policy = body(layer, "rollouts-steps-network")["spec"]
    assert policy["podSelector"]["matchLabels"].items() <= pods["metadata"]["labels"].items()
    assert policy["egress"] == [{"ports": [{"port": 443, "protocol": "TCP"}]}]
    assert not [role for role in found("aws") if role.startswith("rollouts-steps")]


def test_the_image_that_moves_steps_is_listed_and_taken_from_the_platforms_registry() -> None:
    spec = as_released(rolling("aws", STEPS))
    listed = {str(each.source) for each in list_images(spec, "aws").images}
    assert "registry.k8s.io/kubectl:v1.35.1" in listed
    assert not [each for each in list_images(as_released(rolling("aws")), "aws").images if "kubectl" in str(each)]


def test_what_is_not_known_does_not_pass_and_no_request_is_no_failure() -> None:
    measured = metrics(found("aws"))
    assert measured["replicas"]["successCondition"].startswith("len(result) > 0 &&")
    for name in ("failed", "slow"):
        assert measured[name]["successCondition"].startswith("len(result) == 0 || isNaN(result[0]) ||")


def test_thresholds_are_those_of_the_alerts() -> None:
    spec = rolling("aws").overlay(
        monitoring=MonitoringSpec(alerts=AlertsSpec(error_rate_percent=2.5, latency_p99_ms=777))
    )
    measured = metrics(items(spec, "aws"))
    assert measured["failed"]["successCondition"].endswith("<= 2.5")
    assert measured["slow"]["successCondition"].endswith("<= 777")
    config = json.loads(pod(items(spec, "aws"), "endpoint-router-llm")["containers"][0]["args"][1])
    # response times are counted up to exactly the threshold
    assert 777 in config["stats_config"]["histogram_bucket_settings"][0]["buckets"]


@pytest.mark.parametrize("prometheus", [True, False])
def test_measurements_read_what_the_routers_count(prometheus: bool) -> None:
    """Also where the cloud's own Prometheus reads nothing."""
    spec = rolling("gcp").overlay(monitoring=MonitoringSpec(prometheus=prometheus))
    layer = items(spec, "gcp")
    config = json.loads(pod(layer, "endpoint-router-llm")["containers"][0]["args"][1])
    counted = [
        re.compile(each["safe_regex"]["regex"])
        for each in config["stats_config"]["stats_matcher"]["inclusion_list"]["patterns"]
    ]
    stats = ("main_next.upstream_rq_5xx", "main_next75.upstream_rq_time", "main_preview75.membership_healthy")
    for stat in (*stats, "main_next.upstream_rq_time", "main_preview.membership_healthy", "main.upstream_rq_5xx"):
        assert any(pattern.fullmatch(f"cluster.{stat}") for pattern in counted), stat
    (port,) = pod(layer, "endpoint-router-llm")["containers"][0]["ports"]
    text = body(layer, "rollouts-config")["data"]["prometheus.yml"]
    (job,) = json.loads(text)["scrape_configs"]
    (found_by,) = job["dns_sd_configs"]
    assert (found_by["port"], job["metrics_path"]) == (port["containerPort"], "/stats/prometheus")
    service = body(layer, "rollouts-routers")
    assert found_by["names"] == [f"{service['metadata']['name']}.endpoints.svc.cluster.local"]
    assert service["spec"]["clusterIP"] == "None"
    labels = body(layer, "endpoint-router-llm")["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= labels.items()
    address = next(iter(metrics(layer).values()))["provider"]["prometheus"]["address"]
    measures = body(layer, "rollouts-service")
    assert address == f"http://{measures['metadata']['name']}.endpoints.svc.cluster.local:9090"


def test_alerts_count_the_canarys_answers_and_no_replica_of_its_is_missing() -> None:
    rules = {rule.role: rule.query for rule in endpoint_rules(endpoint(rollout=CANARY), AlertsSpec())}
    assert 'envoy_cluster_name=~"main|main_next"' in rules["answers-failed"]
    assert "main_next" not in rules["no-replica"]


def test_the_controller_has_rights_in_the_endpoints_namespace_alone() -> None:
    layer = found("aws")
    release = layer["release-argo-rollouts"].body
    assert isinstance(release, ChartRelease)
    assert release.namespace == "endpoints"
    assert release.values["clusterInstall"] is False
    assert release.values["createClusterAggregateRoles"] is False
    plain = items(platform("aws"), "aws")
    assert not [role for role in plain if "rollouts" in role]


def test_the_stack_leaves_alone_what_the_controller_changes() -> None:
    """A selector that is set back would lead requests to new replicas before they are measured."""
    layer = found("aws")
    for role in ("endpoint-service-llm--main", "endpoint-preview-llm--main"):
        assert layer[role].ignored == ("spec.selector",)
        assert body(layer, role)["metadata"]["annotations"]["kustomize.toolkit.fluxcd.io/ssa"] == "IfNotPresent"
    assert not layer["endpoint-service-llm"].ignored


def test_an_endpoint_that_rolls_out_no_more_takes_its_name_back() -> None:
    """Else the name would lead to the last rollout's replicas alone, which are gone."""
    before, after = (body(found("aws", rollout), "endpoint-service-llm--main") for rollout in (CANARY, AllAtOnce()))
    annotations = after["metadata"]["annotations"]
    # something differs, so that the stack writes the service again, and it insists on its selector
    assert annotations != before["metadata"]["annotations"]
    assert annotations["pulumi.com/patchForce"] == "true"
    assert not found("aws", AllAtOnce())["endpoint-service-llm--main"].ignored


@pytest.mark.parametrize("rollout", [CANARY, BLUE_GREEN, AllAtOnce()])
def test_the_router_leaves_replicas_that_a_name_no_longer_leads_to(rollout: object) -> None:
    """Former replicas stay healthy while new ones are measured: Envoy would go on with them."""
    for cluster in router(found("aws", rollout))["clusters"]:
        if "health_checks" in cluster:
            assert cluster["ignore_health_on_host_removal"] is True, cluster["name"]


def test_up_waits_for_the_measurements() -> None:
    """It fails where a model is taken back; until the record names another release, nothing releases it again."""
    layer = found("aws", BLUE_GREEN)
    rollout = body(layer, "endpoint-model-llm--main")
    assert rollout["metadata"]["annotations"]["pulumi.com/waitFor"] == "jsonpath={.status.phase}=Healthy"
    assert layer["endpoint-model-llm--main"].minutes >= 30 + 30 + 12  # a node, vLLM's start, the watch


def test_a_shadow_and_a_model_that_is_waited_for_are_not_measured() -> None:
    layer = found("aws", shadow=ShadowSpec(model="llm/9"))
    assert body(layer, "endpoint-model-llm--shadow")["kind"] == "Deployment"
    assert "endpoint-analysis-llm--shadow" not in layer
    waiting = items(rolling("aws"), "aws", released=False)
    assert not [role for role in waiting if role.startswith("endpoint-analysis")]


def test_an_autoscaler_scales_the_rollout() -> None:
    layer = found("aws", replicas=(1, 2), autoscaling=AutoscalingSpec(metric="cpu", target=60))
    target = body(layer, "endpoint-autoscaler-llm--main")["spec"]["scaleTargetRef"]
    assert target == {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "llm--main"}
    assert "replicas" not in body(layer, "endpoint-model-llm--main")["spec"]


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan with two replicas that are rolled out."""
    return record(as_released(rolling("aws", replicas=(2, 2))), "aws", resolve=True)


def test_queue_and_checks_leave_room_for_both_sets(plan: Plan) -> None:
    assert served_devices(PlanIndex(plan.steps), "serve", "nvidia.com/gpu") == 4
    layer = found("aws", replicas=(2, 2))
    flavors = body(layer, "queue-acme-ml")["spec"]["resourceGroups"][0]["flavors"]
    quotas = {each["name"].rpartition("-")[0]: each["resources"][0]["nominalQuota"] for each in flavors}
    assert quotas["serve"] == "4"  # of 8
    assert "8 nodes" not in str(refusals(rolling("aws", replicas=(2, 2)), "aws"))
    most = {"replicas": (2, 5), "autoscaling": AutoscalingSpec(metric="cpu", target=60)}
    assert "10" in refusals(rolling("aws", **most), "aws")["endpoints[0].replicas"].got


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a watch that outlasts the job of CI": (
        {"rollout": CanaryRollout(steps=(10, 25, 50, 75), bake_minutes=60)},
        "rollout.bake_minutes",
    ),
    "least requests": ({"rollout": CanaryRollout(least_requests=9)}, "rollout.least_requests"),
    "several nodes": (
        {"rollout": BLUE_GREEN, "nodes": 2, "pool": "big", "accelerator": "H100:8", "image": "docker.io/acme/vllm:1"},
        "rollout",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_a_rollout_cannot_do_is_refused_with_a_way_out(cloud: str, case: str) -> None:
    changes, field = REFUSED[case]
    problem = refusals(platform(cloud, endpoint(**changes)), cloud).get(f"endpoints[0].{field}")
    assert problem
    assert problem.fix


def test_the_default_rollout_is_measured_here_too() -> None:
    given = EndpointSpec(name="llm", on="cluster", pool="serve", server="vllm", accelerator="T4:1", replicas=(1, 1))
    assert not refusals(platform("aws", given), "aws")
    assert POOLS[0].max_nodes == 8
