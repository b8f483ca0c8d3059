"""What is inside of a chart: rendered by helm where it and the charts are at hand, otherwise the release alone."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from mlplatform.cluster.charts.inside import CHARTS, NotRendered, find_chart, objects_inside, pull_command
from mlplatform.cluster.charts.registry import chart, chart_names, check_values
from mlplatform.plan.cost.layer_pods import layer_pods
from mlplatform.plan.cost.quantities import cpus, gibibytes
from mlplatform.plan.cost.values import as_items, value_at
from mlplatform.plan.inside import INSIDE, RELEASE, with_charts, without_charts
from mlplatform.plan.layers import only_layers
from mlplatform.plan.model import Plan, Step, Value
from mlplatform.providers.kubernetes.check import check_kubernetes_object
from mlplatform.providers.kubernetes.tables import kind_of

from ..conftest import CLOUDS

HELM = """#!/usr/bin/env bash
if [ -n "$HELM_FAILS" ]; then echo "values do not fit" >&2; exit 1; fi
cat <<EOF
apiVersion: v1
kind: ServiceAccount
metadata: {name: $2, namespace: kueue-system, labels: null}
---
apiVersion: v1
kind: Secret
metadata: {name: $2, namespace: kueue-system, annotations: {checksum/token: "$RANDOM"}}
data: {token: "$RANDOM"}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: a}
EOF
"""


@pytest.fixture
def plan(layered: Callable[[str], Plan]) -> Plan:
    """The inner layer of GCP, without what is inside its charts: take it before `helm`."""
    return without_charts(only_layers(layered("gcp"), {"cluster"}))


@pytest.fixture
def helm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with Kueue's chart, and a `helm` that renders it."""
    command = tmp_path / "bin" / "helm"
    command.parent.mkdir()
    command.write_text(HELM)
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    folder = tmp_path / "charts"
    (folder / "kueue").mkdir(parents=True)
    (folder / "kueue" / "Chart.yaml").write_text(f"version: {chart('kueue').version}\n")
    monkeypatch.setenv(CHARTS, str(folder))
    return folder


def test_a_plan_shows_what_is_inside_of_its_charts(plan: Plan, helm: Path) -> None:
    shown = with_charts(plan, "1.35")
    inside, secret = [step for step in shown.steps if step.op == INSIDE]
    assert inside.type == "kubernetes:core/v1:ServiceAccount"
    assert inside.name == "acme-ml-layer-release-kueue/kueue-system/kueue"
    # what is null is dropped, as the API server does
    assert inside.inputs["metadata"] == {"name": "kueue", "namespace": "kueue-system"}
    # what a chart makes by chance would be another plan each time
    assert secret.inputs["data"] == {"token": "W3NlY3JldF0="}
    assert cast("dict[str, object]", secret.inputs["metadata"])["annotations"] == {}
    assert without_charts(shown).steps == plan.steps


def test_without_helm_or_the_charts_version_the_release_stands_alone(
    plan: Plan, helm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (helm / "kueue" / "Chart.yaml").write_text("version: 0.1.0\n")
    assert with_charts(plan, "1.35") == plan, "another version than the pinned one"
    monkeypatch.delenv(CHARTS)
    assert with_charts(plan, "1.35") == plan


def test_what_helm_refuses_is_told(helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_FAILS", "1")
    with pytest.raises(NotRendered, match=r"kueue 0\.19\.2: values do not fit"):
        objects_inside("kueue", "kueue-system", {}, "1.35")


def test_how_a_chart_comes_into_the_folder() -> None:
    assert pull_command(chart("kueue")).startswith(
        "helm pull oci://registry.k8s.io/kueue/charts/kueue --version 0.19.2"
    )
    assert "--repo https://ray-project.github.io" in pull_command(chart("kuberay-operator"))


@pytest.mark.skipif(
    CHARTS not in os.environ or shutil.which("helm") is None, reason=f"no helm on PATH, or {CHARTS} names no charts"
)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_api_server_accepts_everything_inside(cloud: str, layered: Callable[[str], Plan]) -> None:
    plan = with_charts(without_charts(only_layers(layered(cloud), {"cluster"})), "1.35")
    inside = [step for step in plan.steps if step.op == INSIDE]
    assert len(inside) > 20
    known = [step for step in inside if kind_of(str(step.inputs["apiVersion"]), str(step.inputs["kind"]))]
    assert len(known) > len(inside) / 2
    wrong = [f"{step.name}: {refusal}" for step in known for refusal in check_kubernetes_object(step.type, step.inputs)]
    # a namespaced object without a namespace gets the release's
    assert [each for each in wrong if "metadata.namespace" not in each] == []
    assert {name for name in chart_names() if find_chart(name)}


def _rendered_pods(name: str, namespace: str, values: Mapping[str, object]) -> dict[str, tuple[object, float, float]]:
    """What the pods of a release ask for, as helm renders it."""
    found: dict[str, tuple[object, float, float]] = {}
    for body in objects_inside(name, namespace, values, "1.35"):
        if body["kind"] in ("Deployment", "DaemonSet", "StatefulSet"):
            object_name = str(cast("dict[str, object]", body["metadata"])["name"])
            spec = cast("dict[str, object]", body["spec"])
            asked = [value_at(each, "resources", "requests") for each in as_items(_containers(spec))]
            found[object_name] = (
                spec.get("replicas", "daemon"),
                round(sum(cpus(value_at(each, "cpu"), 0) for each in asked), 6),
                round(sum(gibibytes(value_at(each, "memory"), 0) for each in asked), 6),
            )
    return found


def _containers(spec: Mapping[str, object]) -> Value:
    return value_at(spec, "template", "spec", "containers")


# the autoscaler's Deployment has the cloud in its name; nobody waits at the hub
_NAMES = {"cluster-autoscaler-aws-cluster-autoscaler": "cluster-autoscaler"}
_NEEDED: Mapping[str, Mapping[str, object]] = {
    "cluster-autoscaler": {"autoDiscovery": {"clusterName": "a"}},
    # by itself it has a database, a broker and workers that wait
    "airflow": {"executor": "KubernetesExecutor", "postgresql": {"enabled": False}},
}
_NONE = {"user-placeholder", "continuous-image-puller"}


@pytest.mark.skipif(
    CHARTS not in os.environ or shutil.which("helm") is None, reason=f"no helm on PATH, or {CHARTS} names no charts"
)
@pytest.mark.parametrize("name", chart_names())
def test_the_workloads_of_a_chart_are_those_that_helm_renders(name: str) -> None:
    if find_chart(name) is None:
        pytest.skip(f"{CHARTS} has no chart {name}")
    needed = _NEEDED.get(name, {})
    changed = copy.deepcopy(dict(needed))
    for workload in chart(name).workloads:
        if workload.replicas_at:
            _put(changed, workload.replicas_at, 3)
        if workload.resources_at:
            _put(changed, workload.resources_at, {"requests": {"cpu": "250m", "memory": "1Gi"}})
    for values in (needed, changed):
        rendered = _rendered_pods(name, "ns", values)
        rendered = {_NAMES.get(each, each): asked for each, asked in rendered.items() if each not in _NONE}
        release = Step("create", f"urn::{name}", RELEASE, name, True, {"chart": name, "values": values})
        own = {each.who: each for each in layer_pods([release])}
        for workload in chart(name).workloads:
            assert (rendered[workload.name][0] == "daemon") == bool(workload.daemon), workload.name
            if workload.daemon != "devices":
                asked = own[workload.name]
                count = "daemon" if asked.daemon else asked.pods
                assert rendered[workload.name] == (count, round(asked.cpus, 6), round(asked.memory_gib, 6))
        assert set(rendered) == {workload.name for workload in chart(name).workloads}


def _put(values: dict[str, object], path: str, value: object) -> None:
    *heads, last = path.split(".")
    for head in heads:
        values = cast("dict[str, object]", values.setdefault(head, {}))
    values[last] = value


def test_the_values_that_say_what_pods_ask_for_exist() -> None:
    for name in chart_names():
        pinned = chart(name)
        assert pinned.workloads, name
        values: dict[str, object] = {}
        for workload in pinned.workloads:
            for path in filter(None, (workload.replicas_at, workload.resources_at, workload.enabled_at)):
                _put(values, path, 1)
        check_values(name, values)
