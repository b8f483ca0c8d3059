"""What an endpoint keeps of its requests holds no identity, on any cloud: no header that authenticates is recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ..conftest import CLOUDS
from ..strings.specs import plan_of

IDENTITIES = {"authorization", "proxy-authorization", "x-serverless-authorization"}


def _keys(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key), item
            yield from _keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_captures_hold_no_identity(cloud: str) -> None:
    captures = 0
    for step in plan_of("wide", cloud).resources():
        for key, value in _keys(step.inputs):
            if cloud == "aws" and key == "dataCaptureConfig":
                captures += 1
                # SageMaker keeps bodies and the caller's custom attributes; there is no other mode
                assert isinstance(value, dict)
                modes = {option["captureMode"] for option in value["captureOptions"]}
                assert modes == {"Input", "Output"}
            if cloud == "azure" and key == "dataCollector" and value:
                captures += 1
                # Azure ML keeps bodies, and the headers that `requestLogging` names
                assert "requestLogging" not in dict(_keys(value))
            if cloud == "gcp" and isinstance(value, list):
                for text in value:
                    if isinstance(text, str) and text.startswith('{"static_resources"') and "/taps" in text:
                        captures += 1
                        _front_has_no_token(json.loads(text))
    assert captures > 1, "the wide spec has two endpoints that capture"


def _front_has_no_token(config: dict[str, object]) -> None:
    """In the listener that captures, identities are removed and nothing adds one; tests/proofs/envoy runs it."""
    found = dict(_keys(config))["listeners"]
    assert isinstance(found, list)
    for listener in found:
        chain = json.dumps(listener)
        if "/taps" in chain:
            assert "gcp_authn" not in chain
            removed = {str(value) for key, value in _keys(listener) if key == "remove"}
            assert removed >= IDENTITIES
