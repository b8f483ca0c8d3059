"""Words that people bring from clouds and other tools get the word that the spec needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform.reading.load import load

SPEC = """
name: acme
owner: team
cost_center: "1"
targets: [{{cloud: {cloud}, region: us-east-1, account_id: "123456789012"}}]
training:
  pools: [{{name: a, {accelerator}: "L4:1", max_nodes: 2, capacity: {capacity}}}]
endpoints: [{{name: e, model: {{name: m, version: "1"}}, {server}: {value}}}]
"""


@pytest.mark.parametrize(
    ("part", "written", "where", "word"),
    [
        ("cloud", "amazon", "targets[0].cloud", "aws"),
        ("cloud", "Google Cloud", "targets[0].cloud", "gcp"),
        ("cloud", "Microsoft", "targets[0].cloud", "azure"),
        ("cloud", "AWS", "targets[0].cloud", "aws"),
        ("capacity", "preemptible", "training.pools[0].capacity", "spot"),
        ("capacity", "low-priority", "training.pools[0].capacity", "spot"),
        ("value", "tgi", "endpoints[0].server", "vllm"),
        ("value", "pytorch", "endpoints[0].server", "torchserve"),
        ("server", "runtime", "endpoints[0].runtime", "server"),
        ("accelerator", "gpus", "training.pools[0].gpus", "accelerator"),
    ],
)
def test_a_word_of_another_tool_gets_the_word_of_the_spec(
    tmp_path: Path, part: str, written: str, where: str, word: str
) -> None:
    words = {"cloud": "aws", "accelerator": "accelerator", "capacity": "spot", "server": "server", "value": "vllm"}
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC.format_map(words | {part: written}))
    fixes = {problem.path: problem.fix for problem in load(path).problems}
    assert fixes.get(where) == f"write '{word}'", fixes


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("airflow", "engine: airflow"),
        ("Kubeflow Pipelines", "argo-workflows"),
        ("mlflow", "`tracking`"),
        ("jupyterhub", "`cluster.notebooks`"),
        ("kuberay", "`cluster.engines`"),
        ("kserve", "on: cluster"),
        ("databricks", "provider"),
        ("h2o.ai", "provider"),
        ("argo", "argo-workflows"),
    ],
)
def test_a_program_that_is_no_add_on_gets_the_reason_and_what_to_write_instead(
    tmp_path: Path, written: str, fix: str
) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(f"name: acme\nowner: t\ncost_center: '1'\ntargets: []\ncluster: {{addons: ['{written}']}}\n")
    (found,) = [problem for problem in load(path).problems if problem.path == "cluster.addons[0]"]
    assert fix in found.fix, found
    assert written == "argo" or "is none: " in found.expected


def test_a_forgotten_comma_is_one_problem_with_its_fix(tmp_path: Path) -> None:
    path = tmp_path / "spec.py"
    path.write_text("""
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec
pool = GpuPoolSpec(name="a", accelerator="L4:1", max_nodes=2)
spec = PlatformSpec(name="acme", owner="t", cost_center="1", targets=(), training=TrainingSpec(pools=(pool)))
""")
    found = [problem for problem in load(path).problems if problem.path.startswith("training")]
    assert [problem.path for problem in found] == ["training.pools"], found
    assert "pools=(GpuPoolSpec(…),)" in found[0].fix
