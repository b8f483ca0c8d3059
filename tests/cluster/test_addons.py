"""The add-ons of the layer: what each brings, and what is refused."""

from __future__ import annotations

import json
from typing import Any, cast, get_args

import pytest

from mlplatform import ClusterSpec, TeamSpec
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import STAGES, ChartRelease, LayerItem
from mlplatform.cluster.objects.core import ResourceQuota
from mlplatform.cluster.objects.network import NetworkPolicy
from mlplatform.cluster.objects.rbac import ClusterRole
from mlplatform.spec.cluster import AddOn

from ..conftest import CLOUDS
from .conftest import small_spec


def _items(cloud: str, cluster: ClusterSpec) -> dict[str, LayerItem]:
    return {item.role: item for item in layer_items(layer_context(small_spec(cloud, cluster=cluster), cloud))}


def _release(items: dict[str, LayerItem], role: str) -> ChartRelease:
    body = items[role].body
    assert isinstance(body, ChartRelease)
    return body


@pytest.mark.parametrize("cloud", CLOUDS)
def test_cert_manager_comes_with_its_kinds_before_every_chart_that_needs_it(cloud: str) -> None:
    assert "release-cert-manager" not in _items(cloud, ClusterSpec())
    items = _items(cloud, ClusterSpec(addons=("cert-manager",)))
    release = _release(items, "release-cert-manager")
    # the chart's own default leaves them out, and every Certificate would be refused
    assert release.values["crds"] == {"enabled": True, "keep": True}
    assert STAGES.index(items["release-cert-manager"].stage) < STAGES.index("engines")
    assert f"namespace-{release.namespace}" in items
    assert release.namespace not in str(_release(items, "release-kueue").values), "Kueue would hold its pods up"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_argo_keeps_artefacts_in_the_store_by_identity(cloud: str) -> None:
    items = _items(cloud, ClusterSpec(addons=("argo-workflows",)))
    values = cast("Any", _release(items, "release-argo-workflows").values)
    text = json.dumps(values["artifactRepository"])
    assert "Secret" not in text, "no key of the store in the cluster"
    kind = {"aws": "s3", "gcp": "gcs", "azure": "azure"}[cloud]
    store = values["artifactRepository"][kind]
    key = store["blobNameFormat" if cloud == "azure" else "keyFormat"]
    # the chart evaluates the values of two of them as templates, where Argo's own variables are no functions
    assert key.startswith("workflows/" if cloud == "aws" else '{{ "workflows/')
    assert "pipelines" in (store["container"] if cloud == "azure" else store["bucket"])
    defaults = values["controller"]["workflowDefaults"]["spec"]
    assert defaults["serviceAccountName"] == "training"
    assert defaults["podMetadata"]["labels"] == ({"azure.workload.identity/use": "true"} if cloud == "azure" else {})


def test_nobody_uses_argo_with_the_servers_own_rights() -> None:
    teams = (TeamSpec("fraud", quota={"spot": 8}),)
    items = _items("gcp", ClusterSpec(addons=("argo-workflows",), teams=teams))
    values = cast("Any", _release(items, "release-argo-workflows").values)
    assert values["server"]["authModes"] == ["client"]
    # the chart's roles read every secret of the cluster
    assert values["server"]["rbac"] == {"create": False}
    assert values["createAggregateRoles"] is False
    role = cast("ClusterRole", items["role-argo-server"].body)
    assert {verb for rule in role.rules for verb in rule.verbs} == {"get", "list", "watch"}
    assert all("secrets" not in rule.resources for rule in role.rules)
    # otherwise a job with rights over all kinds fetches them from the internet
    assert values["crds"]["full"] is False
    assert values["controller"]["workflowNamespaces"] == ["training", "team-fraud"]
    hard = cast("ResourceQuota", items["limits-team-fraud"].body).spec.hard
    assert "count/workflows.argoproj.io" in hard
    member = cast("ClusterRole", items["role-mlplatform-team"].body)
    assert any("workflows" in rule.resources and "create" in rule.verbs for rule in member.rules)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_only_an_add_ons_own_pods_and_webhooks_are_reached(cloud: str) -> None:
    items = _items(cloud, ClusterSpec(addons=get_args(AddOn)))
    releases = [item.body for item in items.values() if isinstance(item.body, ChartRelease) and item.stage == "addons"]
    walls = {release.namespace: items[f"wall-{release.namespace}"].body for release in releases}
    assert walls
    for body in walls.values():
        policy = cast("NetworkPolicy", body).spec
        assert policy.policy_types == ("Ingress",)
        assert all(rule.from_ or {port.port for port in rule.ports or ()} <= {10250} for rule in policy.ingress)


def test_an_add_on_is_named_once() -> None:
    with pytest.raises(ValueError, match="no other add-on has"):
        ClusterSpec(addons=("cert-manager", "cert-manager"))
