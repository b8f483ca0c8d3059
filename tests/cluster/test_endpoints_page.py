"""The page of the cluster is followed: its endpoint is planned on every cloud, and its call is one that is let in."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

import mlplatform
from mlplatform import EndpointSpec, GpuPoolSpec, TrainingSpec
from mlplatform.cluster.tokens import type_token
from mlplatform.providers.kubernetes.check import check_kubernetes_object

from ..conftest import CLOUDS, ROOT
from .test_endpoints import body, items, platform, pod, refusals, router

PAGE = (ROOT / "docs" / "cluster.md").read_text("utf-8").partition("\n## Endpoints\n")[2].partition("\n## ")[0]


def block(language: str) -> str:
    """The first block of a language in the section of endpoints."""
    found = re.search(rf"```{language}(?: [^\n]*)?\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def written() -> tuple[tuple[GpuPoolSpec, ...], tuple[EndpointSpec, ...]]:
    """The pools and endpoints of the page."""
    names: dict[str, Any] = {name: getattr(mlplatform, name) for name in mlplatform.__all__}
    exec(block("python"), names)
    return names["pools"], names["endpoints"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_endpoint_of_the_page_is_one_that_every_cluster_runs(cloud: str) -> None:
    pools, endpoints = written()
    spec = platform(cloud, *endpoints, training=TrainingSpec(pools=pools))
    assert not refusals(spec, cloud)
    found = items(spec, cloud)
    for role in (role for role in found if role.startswith("endpoint-")):
        sent = body(found, role)
        assert not check_kubernetes_object(type_token(sent["apiVersion"], sent["kind"]), sent), role
    assert pod(found, "endpoint-model-chat--main")["containers"][0]["resources"]["limits"] == {"nvidia.com/gpu": "8"}


def test_the_token_of_the_page_is_for_its_endpoint() -> None:
    pools, endpoints = written()
    found = items(platform("aws", *endpoints, training=TrainingSpec(pools=pools)), "aws")
    volume = yaml.safe_load(block("yaml"))["volumes"][0]
    audience = volume["projected"]["sources"][0]["serviceAccountToken"]["audience"]
    filters = router(found, "chat")["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]["http_filters"]
    (provider,) = filters[0]["typed_config"]["providers"].values()
    assert provider["audiences"] == [audience]
    service = body(found, "endpoint-service-chat")["metadata"]
    assert f"http://{service['name']}.{service['namespace']}.svc.cluster.local/v1/models" in block("sh")
    assert audience in PAGE.partition("A person uses")[2]


def test_every_rollout_of_the_page_is_one_of_the_spec() -> None:
    kinds = re.findall(r"^\| `([a-z-]+)` \|", PAGE.partition("| Rollout |")[2], re.MULTILINE)
    for kind in kinds:
        assert EndpointSpec.model_validate({"name": "a", "rollout": {"kind": kind}}).rollout.kind == kind
    assert len(kinds) == 3
