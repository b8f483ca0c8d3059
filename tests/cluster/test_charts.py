"""What is inside of a chart: rendered by helm where it and the charts are at hand, otherwise the release alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from mlplatform.cluster.charts.inside import CHARTS, NotRendered, find_chart, objects_inside, pull_command
from mlplatform.cluster.charts.registry import chart, chart_names
from mlplatform.plan.inside import INSIDE, with_charts, without_charts
from mlplatform.plan.layers import only_layers
from mlplatform.plan.model import Plan
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
