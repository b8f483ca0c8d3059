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
        ("airflow", "`cluster.airflow`"),
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


@pytest.mark.parametrize(
    ("airflow", "field"),
    [
        ("airflow: {login: {client_id: a, issuer: 'https://accounts.google.com', people: [ana]}, dags: dags/}", "dags"),
        ("managed_airflow: {size: small, dags_folder: dags/}", "dags_folder"),
        ("managed_airflow: {plugins: plugins/}", "plugins"),
    ],
)
def test_dags_of_ones_own_get_the_nearest_way(tmp_path: Path, airflow: str, field: str) -> None:
    found = told(tmp_path, f"{TARGET}cluster: {{{airflow}}}\n")
    (fix,) = [fix for path, fix in found.items() if path.endswith(f".{field}")]
    assert "engine airflow" in fix
    assert "cluster.airflow_url" in fix


TARGET = """
name: acme
owner: team
cost_center: "1"
targets:
  - {cloud: aws, account_id: "123456789012", region: us-east-1}
"""


def told(tmp_path: Path, text: str) -> dict[str, str]:
    """The fix of each problem, by its path."""
    path = tmp_path / "spec.yaml"
    path.write_text(text)
    problems = load(path).problems
    assert len({problem.path for problem in problems}) == len(problems)
    return {problem.path: problem.fix for problem in problems}


@pytest.mark.parametrize(
    ("written", "instead", "where", "word"),
    [
        ("name: acme", "nmae: acme", "nmae", "name"),
        ("owner: team", "Owner: team", "Owner", "owner"),
        ("cost_center", "costCenter", "costCenter", "cost_center"),
        ("account_id", "acount_id", "targets[0].acount_id", "account_id"),
        ("region", "location", "targets[0].location", "region"),
        ("cloud: aws", "provider: aws", "targets[0].provider", "cloud"),
        ("targets:", "target:", "target", "targets"),
    ],
)
def test_a_needed_field_under_another_name_is_one_problem(
    tmp_path: Path, written: str, instead: str, where: str, word: str
) -> None:
    assert told(tmp_path, TARGET.replace(written, instead)) == {where: f"write '{word}'"}


def test_a_field_that_is_missing_beside_an_unknown_one_is_told_too(tmp_path: Path) -> None:
    fixes = told(tmp_path, TARGET.replace("owner: team", "zzz: team"))
    assert fixes == {"owner": "add owner", "zzz": "remove 'zzz'"}


def test_the_rest_of_an_entry_whose_kind_is_plain_is_looked_at(tmp_path: Path) -> None:
    text = TARGET.replace("cloud: aws", "cloud: amazon").replace("us-east-1", "us-east1")
    assert told(tmp_path, text) == {"targets[0].cloud": "write 'aws'", "targets[0].region": "did you mean us-east-1?"}
    text = TARGET.replace("cloud: aws, ", "").replace('"123456789012"', "12")
    assert set(told(tmp_path, text)) == {"targets[0].cloud", "targets[0].account_id"}
    routes = "monitoring: {routes: [{address: a@b.example}, {kind: e-mail, adress: a@b.example}]}\n"
    assert told(tmp_path, TARGET + routes) == {
        "monitoring.routes[0].kind": "add kind: email",
        "monitoring.routes[1].kind": "write 'email'",
        "monitoring.routes[1].adress": "write 'address'",
    }


def test_keys_that_hold_anchors_are_told_of_their_form(tmp_path: Path) -> None:
    fixes = told(tmp_path, f"x_pool: &a 1\n.common: &b 2\ndefaults: &c 3{TARGET}")
    assert {path: fix.partition(":")[0] for path, fix in fixes.items()} == {
        "x_pool": "rename it 'x-pool'",
        ".common": "rename it 'x-common'",
        "defaults": "rename it 'x-defaults'",
    }


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("8", 'write for example "L4:8"'),
        ("{L4: 1}", 'write "L4:1"'),
        ("{name: H100, count: 8}", 'write "H100:8"'),
        ("{type: nvidia-tesla-t4}", 'write "T4:1"'),
        ("8xH100", 'write "H100:8"'),
        ("H100 x 8", 'write "H100:8"'),
        ("p5.48xlarge", 'write "H100:8"'),
        ("tpu-v5e", "write a GPU, for example L4:1: no cloud's pool of this platform has TPUs"),
    ],
)
def test_an_accelerator_in_other_words_gets_the_text_to_write(tmp_path: Path, written: str, fix: str) -> None:
    pools = f"training: {{pools: [{{name: a, accelerator: {written}, max_nodes: 2}}]}}\n"
    assert list(told(tmp_path, TARGET + pools).values()) == [fix]


def test_a_list_without_its_dashes_or_brackets(tmp_path: Path) -> None:
    dash = TARGET.replace("  - {cloud: aws", "  -cloud: {a: aws")
    assert told(tmp_path, dash) == {"targets": "write a space behind the dash: - cloud: …"}
    one = TARGET.replace("  - {", "  {")
    assert told(tmp_path, one) == {"targets": "put a dash before each entry, also where it is the only one"}
    text = TARGET.replace("us-east-1}", "us-east-1, zones: us-east-1a}")
    assert told(tmp_path, text) == {"targets[0].zones": "put it in [ ], also where it is the only one"}


def test_a_missing_field_is_told_with_its_meaning(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(TARGET.replace("owner: team\n", ""))
    (problem,) = load(path).problems
    assert problem.expected == "a value for 'owner': Team that is responsible for the platform."


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
