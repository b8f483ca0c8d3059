"""Capture of endpoints on the cluster: the router keeps a share of exchanges, and moves it to the store by identity."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from mlplatform import EndpointSpec
from mlplatform.cluster.serving.capture import CAPTURE_MEMORY, capture_moves
from mlplatform.cluster.serving_facts import CapturePlace
from mlplatform.cluster.tokens import type_token
from mlplatform.components.envoy_capture import REDACTED
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.providers.kubernetes.check import check_kubernetes_object

from ..conftest import CLOUDS
from .test_endpoints import body, endpoint, items, platform, pod, refusals, router


def captured(**changes: object) -> EndpointSpec:
    """An endpoint that keeps a tenth of its exchanges."""
    return endpoint(capture_percent=10, **changes)


def filters(cloud: str, given: EndpointSpec) -> list[dict[str, Any]]:
    """The router's filters of requests, in their order."""
    config = router(items(platform(cloud, given), cloud))
    return config["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]["http_filters"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_api_server_takes_a_router_that_captures(cloud: str) -> None:
    spec = platform(cloud, captured())
    assert not refusals(spec, cloud)
    found = items(spec, cloud)
    for role in ("endpoint-router-llm", "account-endpoints-capture-llm", "endpoint-network-llm"):
        sent = body(found, role)
        assert not check_kubernetes_object(type_token(sent["apiVersion"], sent["kind"]), sent), role


def test_a_share_is_kept_and_no_token_is_among_it() -> None:
    tokens, capture, last = filters("aws", captured())
    assert [tokens["name"].rpartition(".")[2], capture["name"], last["name"].rpartition(".")[2]] == [
        "jwt_authn", "capture", "router"
    ]  # fmt: skip
    # the check of the token takes it out of the request, unless it is told to hand it on
    assert not tokens["typed_config"]["providers"]["cluster"].get("forward")
    matcher = capture["typed_config"]["xds_matcher"]["matcher_list"]["matchers"][0]
    action = matcher["on_match"]["action"]["typed_config"]
    assert action["sample_percent"]["default_value"] == {"numerator": 10, "denominator": "HUNDRED"}
    assert "not_matcher" in matcher["predicate"]
    limits = action["typed_config"]["typed_config"]["common_config"]["static_config"]["output_config"]
    assert limits["max_buffered_rx_bytes"] == limits["max_buffered_tx_bytes"] == 1024 * 1024
    assert len(filters("aws", endpoint())) == 2


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_router_writes_as_an_identity_of_its_own(cloud: str) -> None:
    """The model's identity reads what is released; one that may write could change what is kept of it."""
    found = items(platform(cloud, captured()), cloud)
    spec = pod(found, "endpoint-router-llm")
    assert spec["serviceAccountName"] == "capture-llm"
    assert spec["automountServiceAccountToken"] is False
    assert pod(found)["serviceAccountName"] == "endpoint-llm"
    annotations = body(found, "account-endpoints-capture-llm")["metadata"].get("annotations", {})
    assert bool(annotations) == (cloud != "aws")
    labels = body(found, "endpoint-router-llm")["spec"]["template"]["metadata"]["labels"]
    assert ("azure.workload.identity/use" in labels) == (cloud == "azure")
    (mover,) = spec["initContainers"]
    assert mover["restartPolicy"] == "Always"
    settings = {each["name"]: each["value"] for each in mover["env"]}
    assert settings["RCLONE_CONFIG_STORE_ENV_AUTH"] == "true"
    assert any(name.startswith("RCLONE_CONFIG_STORE_NO_CHECK_") for name in settings)
    plain = items(platform(cloud), cloud)
    assert "serviceAccountName" not in pod(plain, "endpoint-router-llm")
    assert "account-endpoints-capture-llm" not in plain


def test_what_waits_for_the_store_has_a_bound_within_the_routers_memory() -> None:
    spec = pod(items(platform("gcp", captured()), "gcp"), "endpoint-router-llm")
    (volume,) = spec["volumes"]
    assert volume["emptyDir"] == {"medium": "Memory", "sizeLimit": CAPTURE_MEMORY}
    assert spec["containers"][0]["resources"]["limits"]["memory"] == "1Gi"
    mounts = {each["volumeMounts"][0]["mountPath"] for each in (*spec["containers"], *spec["initContainers"])}
    assert len(mounts) == 1


def test_files_are_moved_once_they_are_whole_and_the_last_ones_at_the_end(tmp_path: Path) -> None:
    """As the shell runs it, with a program in the place of rclone that notes what it is told."""
    tool, told = tmp_path / "rclone", tmp_path / "told"
    tool.write_text(f'#!/bin/sh\necho "$@" >> {told}\n')
    tool.chmod(0o755)
    script = capture_moves(captured(), CapturePlace(settings={}, address="bucket"))
    path = f"{tmp_path}:{os.environ['PATH']}"
    with subprocess.Popen(["/bin/sh", "-c", script], env={"PATH": path}) as running:
        for _ in range(100):
            if told.exists() and told.read_text():
                break
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        assert running.wait(5) == 0
    first, last = told.read_text().splitlines()
    hour = time.strftime("%Y/%m/%d/", time.gmtime())
    assert first.startswith(f"move /taps store:bucket/capture/llm/{hour}")
    assert first.endswith("--min-age 5s")
    assert "--min-age" not in last


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_moves_files_into_the_store_sees_what_is_redacted_alone(cloud: str) -> None:
    spec = platform(cloud, captured(redact={"kinds": ["email"], "fields": ["name"], "image": "acme/steps:1"}))
    assert not refusals(spec, cloud)
    found = items(spec, cloud)
    sent = body(found, "endpoint-router-llm")
    assert not check_kubernetes_object(type_token(sent["apiVersion"], sent["kind"]), sent)
    started = pod(found, "endpoint-router-llm")
    # the last one that was started ends first: what it redacts at the end is moved too
    mover, redaction = started["initContainers"]
    assert [each["name"] for each in mover["volumeMounts"]] == ["redacted"]
    assert f"rclone move {REDACTED} " in mover["args"][0]
    assert [each["name"] for each in redaction["volumeMounts"]] == ["taps", "redacted"]
    assert redaction["command"] == ["mlplatform-redact", "/taps", "/redacted"]
    assert (redaction["restartPolicy"], redaction["image"]) == ("Always", "acme/steps:1")
    assert redaction["securityContext"] == mover["securityContext"]
    (rules,) = redaction["env"]
    assert json.loads(rules["value"]) == {"kinds": ["email"], "fields": ["name"]}
    assert [each["name"] for each in started["volumes"]] == ["taps", "redacted"]


@pytest.fixture(scope="module", params=CLOUDS)
def plan(request: pytest.FixtureRequest) -> Plan:
    """A plan of both layers."""
    cloud = str(request.param)
    return record(as_released(platform(cloud, captured())), cloud, resolve=True)


def test_the_identity_sees_the_folder_of_its_endpoint_alone(plan: Plan) -> None:
    steps = [step for step in plan.resources() if "-capture" in step.urn]
    rights = [step for step in steps if "capture/llm" in str(step.inputs)]
    assert rights
    bound = [step for step in plan.resources() if "capture-llm" in str(step.inputs) and "kubernetes:" not in step.type]
    assert bound
