"""The router: weights, tokens, mirror, capture, and what it keeps to itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mlplatform import EndpointSpec, ShadowSpec, VariantSpec
from mlplatform.backends.gcp.serving.capture import capture_script
from mlplatform.backends.gcp.serving.envoy import router_config
from mlplatform.components.envoy import VARIANT_HEADER

from ....planned import Planned
from ..conftest import spec, target

Plan = Callable[..., Planned]

VARIANTS = (
    VariantSpec(name="stable", model="fraud/7", traffic_percent=90),
    VariantSpec(name="canary", model="fraud/8", traffic_percent=10),
)


def endpoint(**changes: object) -> EndpointSpec:
    return EndpointSpec.model_validate({"name": "fraud", "variants": VARIANTS, **changes})


def config(**changes: object) -> dict[str, Any]:
    return json.loads(router_config(spec(), target(), endpoint(**changes)))["static_resources"]


def manager(listener: dict[str, Any]) -> dict[str, Any]:
    return listener["filter_chains"][0]["filters"][0]["typed_config"]


def action(listener: dict[str, Any]) -> dict[str, Any]:
    return manager(listener)["route_config"]["virtual_hosts"][0]["routes"][-1]["route"]


def filters(listener: dict[str, Any]) -> list[str]:
    return [one["name"] for one in manager(listener)["http_filters"]]


def clusters(**changes: object) -> dict[str, dict[str, Any]]:
    return {cluster["name"]: cluster for cluster in config(**changes)["clusters"]}


def nested(value: Any, key: str) -> Iterator[Any]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from nested(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from nested(inner, key)


def test_weights_are_the_specs_and_answers_name_their_variant() -> None:
    (front,) = config()["listeners"]
    weighted = action(front)["weighted_clusters"]["clusters"]
    assert {one["name"]: one["weight"] for one in weighted} == {"stable": 90, "canary": 10}
    assert {one["response_headers_to_add"][0]["header"]["key"] for one in weighted} == {VARIANT_HEADER}
    assert action(front)["timeout"] == action(front)["idle_timeout"] == "60s"
    assert "request_mirror_policies" not in action(front)


def test_each_variant_gets_a_token_of_its_own_over_verified_tls() -> None:
    for name in ("stable", "canary"):
        cluster = clusters()[name]
        address = f"acme-ml-dev-fraud-{name}-123456789012.us-central1.run.app"
        assert list(nested(cluster["load_assignment"], "address"))[-1] == address
        audience = cluster["metadata"]["typed_filter_metadata"]["envoy.filters.http.gcp_authn"]["url"]
        assert audience == f"https://{address}"
        assert list(nested(cluster, "auto_sni_san_validation")) == [True]
        assert list(nested(cluster, "trusted_ca"))
    token = next(nested(config(), "token_header"))
    assert token == {"name": "x-serverless-authorization", "value_prefix": "Bearer "}


def test_the_callers_identity_is_removed_before_anything_records_or_sends_it() -> None:
    for changes in ({}, {"capture_percent": 10}):
        front = config(**changes)["listeners"][0]
        assert filters(front)[0] == "envoy.filters.http.header_mutation"
        removed = {one["remove"] for one in next(nested(manager(front), "request_mutations"))}
        assert removed == {"authorization", "proxy-authorization", "x-serverless-authorization"}


def test_what_captures_has_no_token() -> None:
    # the tap prints headers as they are sent, also what a later filter adds: tests/proofs/envoy runs it
    front, route = config(capture_percent=10)["listeners"]
    assert filters(front) == ["envoy.filters.http.header_mutation", "capture", "envoy.filters.http.router"]
    assert filters(route) == ["envoy.filters.http.gcp_authn", "envoy.filters.http.router"]
    where = next(nested(clusters(capture_percent=10)[action(front)["cluster"]]["load_assignment"], "socket_address"))
    assert where == route["address"]["socket_address"]
    assert where["address"] == "127.0.0.1", "nobody may reach the models without the front"
    assert "weighted_clusters" in action(route)


def test_a_model_is_asked_for_by_its_own_name_whatever_the_callers_host() -> None:
    for name in ("stable", "canary"):
        tls = clusters()[name]["transport_socket"]["typed_config"]
        assert tls["sni"] == f"acme-ml-dev-fraud-{name}-123456789012.us-central1.run.app"
        assert not list(nested(clusters()[name], "auto_sni"))


def test_copies_go_to_the_shadow_with_its_own_address_and_token() -> None:
    shadow = ShadowSpec(model="fraud/9", sample_percent=25)
    front, mirror = config(shadow=shadow)["listeners"]
    (policy,) = action(front)["request_mirror_policies"]
    assert policy["runtime_fraction"]["default_value"] == {"numerator": 25, "denominator": "HUNDRED"}
    loop = clusters(shadow=shadow)[policy["cluster"]]
    where = next(nested(loop["load_assignment"], "socket_address"))
    assert where == mirror["address"]["socket_address"]
    assert where["address"] == "127.0.0.1", "nobody else may reach the shadow's listener"
    assert action(mirror)["cluster"] == "shadow"
    assert action(mirror)["auto_host_rewrite"] is True
    assert "envoy.filters.http.gcp_authn" in filters(mirror)
    weighted = action(front)["weighted_clusters"]["clusters"]
    assert "shadow" not in {one["name"] for one in weighted}


def test_a_share_is_captured_and_probes_are_not() -> None:
    front, _ = config(capture_percent=10)["listeners"]
    assert next(nested(manager(front), "sample_percent"))["default_value"]["numerator"] == 10
    assert next(nested(manager(front), "not_matcher"))["single_predicate"]["value_match"] == {"exact": "/-/ready"}
    (plain,) = config()["listeners"]
    assert "capture" not in filters(plain)


def test_captures_go_to_the_monitoring_place(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(capture_percent=10),))
    template: Any = plan.one("endpoint-fraud-service").inputs["template"]
    router, mover = template["containers"]
    assert "ports" in router
    assert "ports" not in mover
    assert "name" in mover
    volumes = {volume["name"]: volume for volume in template["volumes"]}
    assert volumes["place"]["gcs"]["bucket"] == plan.one("store-monitoring").inputs["name"]
    assert volumes["taps"]["emptyDir"]["medium"] == "MEMORY"
    assert {mount["name"] for mount in router["volumeMounts"]} == {"taps"}
    # writing goes on between requests
    assert {container["resources"]["cpuIdle"] for container in template["containers"]} == {False}
    assert "store-endpoint-fraud-monitoring-write" in plan.after("endpoint-fraud-service")


def test_the_mover_moves_what_is_complete_and_the_rest_when_told_to_stop(tmp_path: Path) -> None:
    taps, place = tmp_path / "taps", tmp_path / "place"
    taps.mkdir()
    (taps / "request_1.json").write_text("{}")
    (taps / "half.tmp").write_text("")
    shell = shutil.which("sh")
    assert shell
    text = capture_script(endpoint(capture_percent=10)).replace("/taps", str(taps)).replace("/monitoring", str(place))
    assert "$(" not in text, "Cloud Run would take it for a variable"
    # as if told to stop at once
    stopped = text.replace("while :; do move '-5 seconds'; sleep 5 & wait $!; done", "kill -TERM $$; sleep 1")
    subprocess.run([shell, "-c", stopped], check=True, timeout=30)
    moved = [path.relative_to(place).parts for path in place.rglob("*.json")]
    assert [(*parts[:2], len(parts), parts[-1]) for parts in moved] == [("capture", "fraud", 7, "request_1.json")]
    assert [path.name for path in taps.iterdir()] == ["half.tmp"]


def test_weights_alone_change_the_router_and_no_model(planned: Plan) -> None:
    even = tuple(variant.overlay(traffic_percent=50) for variant in VARIANTS)
    before, after = planned(endpoints=(endpoint(),)), planned(endpoints=(endpoint(variants=even),))
    for name in ("variant-stable", "variant-canary"):
        assert before.one(f"endpoint-fraud-{name}").inputs == after.one(f"endpoint-fraud-{name}").inputs
    name = "endpoint-fraud-service"
    assert before.one(name).inputs["template"] != after.one(name).inputs["template"]


def test_a_sleeping_endpoint_has_a_sleeping_router(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(replicas=(0, 4)),))
    template: Any = plan.one("endpoint-fraud-service").inputs["template"]
    assert template["scaling"]["minInstanceCount"] == 0
    assert template["containers"][0]["resources"]["cpuIdle"] is True


def test_the_router_can_carry_what_the_models_can(planned: Plan) -> None:
    plan = planned(endpoints=(endpoint(replicas=(1, 100), max_concurrency=100),))
    template: Any = plan.one("endpoint-fraud-service").inputs["template"]
    most = template["scaling"]["maxInstanceCount"] * template["maxInstanceRequestConcurrency"]
    assert most >= 100 * 100 * 2


def test_only_what_is_redacted_reaches_the_bucket(planned: Plan) -> None:
    rules = {"fields": ["name"], "image": "us-central1-docker.pkg.dev/acme/steps/steps:1"}
    plan = planned(endpoints=(endpoint(capture_percent=10, redact=rules),))
    template: Any = plan.one("endpoint-fraud-service").inputs["template"]
    router, mover, redaction = template["containers"]
    mounts = [{each["name"] for each in one["volumeMounts"]} for one in (router, mover, redaction)]
    assert mounts == [{"taps"}, {"redacted", "place"}, {"taps", "redacted"}]
    assert " /redacted " in mover["args"][0]
    assert [*redaction["commands"], *redaction["args"]] == ["mlplatform-redact", "/taps", "/redacted"]
    (told,) = redaction["envs"]
    assert json.loads(told["value"]) == {"fields": ["name"]}
    assert redaction["image"] == rules["image"]
    assert redaction["resources"]["cpuIdle"] is False
