"""Loading: every error at once, with the line of the field, and the interpreter as it was afterwards."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mlplatform.reading.load import load
from mlplatform.spec.base import SpecModel

PYTHON = """\
from mlplatform import AwsTarget, BudgetSpec, EndpointSpec, GpuPoolSpec, PlatformSpec, TrainingSpec, VariantSpec

fraud = EndpointSpec(
    name="fraud",
    replicas=(20, 2),
    server="tritn",
    variants=(VariantSpec(name="a", traffic_percent=50), VariantSpec(name="b", traffic_percent=40)),
)
platform = PlatformSpec(
    name="Acme ML",
    owner="team",
    cost_center="1",
    targets=(AwsTarget(account_id="123456789012", region="us-est-1"),),
    training=TrainingSpec(
        pools=(
            GpuPoolSpec(name="a", accelerator="H10:8", max_nodes=2),
            GpuPoolSpec(name="b", accelerator="L4", max_nodes=2, min_nodes=5),
            GpuPoolSpec(nam="c", accelerator="L4", max_nodes=2),
        ),
    ),
    endpoints=[fraud],
    budget=BudgetSpec(monthly_usd="lots"),
    regoin="x",
)
"""


def found(file: Path) -> dict[str, int | None]:
    """Line by path of every problem."""
    return {problem.path: problem.line for problem in load(file).problems}


def write(folder: Path, text: str, name: str = "spec.py") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_python_tells_all_errors_with_their_lines(tmp_path: Path) -> None:
    assert found(write(tmp_path, PYTHON)) == {
        "endpoints[0].replicas": 5,
        "endpoints[0].server": 6,
        "endpoints[0].variants": 7,
        "name": 10,
        "targets[0].region": 13,
        "training.pools[0].accelerator[0]": 16,
        "training.pools[1].min_nodes": 17,
        "training.pools[2].nam": 18,
        "budget.monthly_usd": 22,
        "budget": 22,
        "regoin": 23,
    }


YAML = """\
name: Acme
owner: team
cost_center: 4711
targets:
  - cloud: aws
    account_id: "123456789012"
    region: us-est-1
    pools:
      b: {max_nodes: 0}
      nope: {fabric: true}
training:
  pools:
    - name: a
      accelerator: [L4:1, H10]
      max_nodes: 3
    - name: b
      accelerator: L4
      max_nodes: 3
endpoints:
  - name: e
    replicas: [20, 2]
    rollout: {kind: canary, steps: [50, 10]}
"""


def test_yaml_tells_all_errors_with_their_lines(tmp_path: Path) -> None:
    assert found(write(tmp_path, YAML, "spec.yaml")) == {
        "name": 1,
        "cost_center": 3,
        "targets[0].region": 7,
        "targets[0].pools.b.max_nodes": 9,
        "targets[0].pools.nope": 10,
        "training.pools[0].accelerator[1]": 14,
        "endpoints[0].replicas": 21,
        "endpoints[0].rollout.steps": 22,
    }


def test_errors_that_only_follow_from_others_are_not_told(tmp_path: Path) -> None:
    text = YAML.replace("    - name: b\n", "    - nam: b\n")
    paths = found(write(tmp_path, text, "spec.yaml"))
    assert "training.pools[1].nam" in paths
    assert "targets[0].pools.b" not in paths


def test_a_cloud_refuses_in_terms_of_the_whole_spec(tmp_path: Path) -> None:
    text = """\
name: acme
owner: team
cost_center: "1"
targets:
  - cloud: aws
    account_id: "123456789012"
    region: us-east-1
    endpoints: {first: {enabled: false}}
endpoints:
  - {name: first}
  - {name: second, server: mlflow, model: m/1}
"""
    loaded = load(write(tmp_path, text, "spec.yaml"))
    (problem,) = loaded.problems
    assert (problem.path, problem.line, problem.cloud) == ("endpoints[1].server", 11, "aws")
    assert loaded.spec is None


def test_only_the_chosen_clouds_are_asked(tmp_path: Path) -> None:
    text = """\
name: acme
owner: team
cost_center: "1"
targets:
  - {cloud: aws, account_id: "123456789012", region: us-east-1}
  - {cloud: gcp, project: acme-ml, project_number: "123456789012", region: us-central1}
endpoints:
  - {name: second, server: mlflow, model: m/1}
"""
    file = write(tmp_path, text, "spec.yaml")
    assert {problem.cloud for problem in load(file, targets=("aws",)).problems} == {"aws"}
    assert "aws" not in {problem.cloud for problem in load(file, targets=("gcp",)).problems}


def test_a_bad_override_hides_no_other_refusal_of_the_cloud(tmp_path: Path) -> None:
    text = """\
name: acme
owner: team
cost_center: "1"
targets:
  - cloud: aws
    account_id: "123456789012"
    region: us-east-1
    pools: {a: {min_nodes: 9}}
training: {pools: [{name: a, accelerator: "MI300X:8", max_nodes: 2}]}
endpoints:
  - {name: second, server: mlflow, model: m/1}
"""
    # the accelerator of the pool is not told: the override that was refused could have changed it
    assert found(write(tmp_path, text, "spec.yaml")) == {
        "targets[0].pools.a.min_nodes": 8,
        "endpoints[0].server": 11,
    }


def test_a_bad_value_of_an_override_is_explained_once(tmp_path: Path) -> None:
    text = """\
name: acme
owner: team
cost_center: "1"
targets:
  - cloud: aws
    account_id: "123456789012"
    region: us-east-1
    endpoints: {e: {accelerator: {L4: 1}}, f: {accelerator: 7}}
endpoints: [{name: e}, {name: f}]
"""
    problems = load(write(tmp_path, text, "spec.yaml")).problems
    assert [(p.path, p.fix.rpartition(" ")[2]) for p in problems] == [
        ("targets[0].endpoints.e.accelerator", '"L4:1"'),
        ("targets[0].endpoints.f.accelerator", '"L4:7"'),
    ]


def test_an_override_that_makes_a_bad_endpoint_is_told_there(tmp_path: Path) -> None:
    text = """\
name: acme
owner: team
cost_center: "1"
targets:
  - cloud: aws
    account_id: "123456789012"
    region: us-east-1
    pools: {a: {min_nodes: 9}}
training: {pools: [{name: a, accelerator: L4, max_nodes: 2}]}
"""
    assert found(write(tmp_path, text, "spec.yaml")) == {"targets[0].pools.a.min_nodes": 8}


def test_a_raising_line_of_an_imported_file_is_named(tmp_path: Path) -> None:
    write(tmp_path, "x = 1\ny = x / 0\n", "base.py")
    (problem,) = load(write(tmp_path, "import base\n")).problems
    assert problem.file == str(tmp_path / "base.py")
    assert problem.line == 2
    assert problem.got == "ZeroDivisionError: division by zero"


VALID = """\
from mlplatform import AwsTarget, PlatformSpec
import base
print("noise")
platform = PlatformSpec(name=base.NAME, owner="a", cost_center="b",
                        targets=(AwsTarget(account_id="123456789012", region="us-east-1"),))
"""


def test_siblings_are_importable_and_forgotten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    before = list(sys.path), set(sys.modules)
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        write(folder, f"NAME = '{name}'\n", "base.py")
        loaded = load(write(folder, VALID))
        assert loaded.spec is not None, loaded.problems
        assert loaded.spec.name == name
        assert sorted(entry.name for entry in folder.iterdir()) == ["base.py", "spec.py"]
    assert sys.path == before[0]
    assert "base" not in set(sys.modules) - before[1]
    assert "noise" not in capsys.readouterr().out


OWN_CLASS = """\
from mlplatform import PlatformSpec
class Ours(PlatformSpec):
    squad: str = "ours"
"""


def test_a_class_of_an_environment_beside_the_spec_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / ".venv" / "site-packages"
    packages.mkdir(parents=True)
    write(packages, OWN_CLASS, "installed_beside.py")
    monkeypatch.syspath_prepend(str(packages))
    text = VALID.replace("import base", "from installed_beside import Ours").replace(
        "PlatformSpec(name=base.NAME", "Ours(name='acme'"
    )
    loaded = load(write(tmp_path, text))
    assert loaded.spec is not None, loaded.problems
    import installed_beside  # type: ignore[import-not-found]  # pyright: ignore

    assert type(loaded.spec) is installed_beside.Ours  # pyright: ignore
    monkeypatch.delitem(sys.modules, "installed_beside")


def test_a_class_of_the_spec_itself_becomes_the_one_that_it_extends(tmp_path: Path) -> None:
    write(tmp_path, OWN_CLASS, "base.py")
    text = VALID.replace("import base", "from base import Ours").replace(
        "PlatformSpec(name=base.NAME", "Ours(name='acme'"
    )
    loaded = load(write(tmp_path, text))
    assert loaded.spec is not None, loaded.problems
    from mlplatform import PlatformSpec

    assert type(loaded.spec) is PlatformSpec
    assert loaded.spec.name == "acme"


def test_models_raise_again_after_a_load(tmp_path: Path) -> None:
    from pydantic import ValidationError

    from mlplatform import EndpointSpec

    load(write(tmp_path, PYTHON))
    assert "__init__" not in vars(SpecModel)
    with pytest.raises(ValidationError):
        EndpointSpec(name="fraud", replicas=(20, 2))
    with pytest.raises(ValidationError):
        EndpointSpec(name="fraud").overlay(replicas=(20, 2))


def test_overlays_are_checked_with_the_rest(tmp_path: Path) -> None:
    write(tmp_path, PYTHON.replace("platform =", "base ="), "base.py")
    paths = found(
        write(tmp_path, 'from base import base\nplatform = base.overlay(environment="Prod", data_class="x")\n')
    )
    assert paths["environment"] == 2
    assert paths["data_class"] == 2
    assert paths["training.pools[1].min_nodes"] == 17


def test_yaml_json_and_python_mean_the_same(tmp_path: Path) -> None:
    yaml = """\
name: acme
owner: team
cost_center: "1"
targets: [{cloud: aws, account_id: "123456789012", region: us-east-1}]
x-pool: &pool {accelerator: L4, max_nodes: 2}
"""
    data = (
        '{"$schema": "mlplatform.schema.json", "name": "acme", "owner": "team",\n\t"cost_center": "1", "targets": '
        '[{"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"}], "budget": {"monthly_usd": 5, '
        '"emails": ["a@b.co"], "starts": "2026-02-01"}}'
    )
    python = (
        "from mlplatform import AwsTarget, BudgetSpec, PlatformSpec\n"
        "p = PlatformSpec(name='acme', owner='team', cost_center='1',\n"
        "  targets=[AwsTarget(account_id='123456789012', region='us-east-1')],\n"
        "  budget=BudgetSpec(monthly_usd=5, emails=['a@b.co'], starts='2026-02-01'))\n"
    )
    yaml = yaml.replace("x-pool: &pool {accelerator: L4, max_nodes: 2}\n", "") + (
        "budget: {monthly_usd: 5, emails: [a@b.co], starts: 2026-02-01}\n"
    )
    specs = [
        load(write(tmp_path, text, name)).spec for text, name in ((yaml, "a.yaml"), (data, "b.json"), (python, "c.py"))
    ]
    assert specs[0] is not None
    assert specs[0] == specs[1] == specs[2]


def test_aliases_and_merges_within_limits(tmp_path: Path) -> None:
    text = """\
name: acme
owner: team
cost_center: "1"
targets: [{cloud: aws, account_id: "123456789012", region: us-east-1}]
training:
  pools:
    - &pool {name: a, accelerator: L4, max_nodes: 2}
    - <<: *pool
      name: b
      max_nodes: 7
"""
    spec = load(write(tmp_path, text, "spec.yaml")).spec
    assert spec is not None
    assert spec.training is not None
    assert [(p.name, p.max_nodes, p.accelerator) for p in spec.training.pools] == [
        ("a", 2, ("L4:1",)),
        ("b", 7, ("L4:1",)),
    ]


def test_keys_of_ones_own_hold_anchors(tmp_path: Path) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(
        """x-spot: &spot {capacity: spot, max_nodes: 2}
name: acme
owner: t
cost_center: "1"
targets:
  - {cloud: gcp, project: acme-ml-dev, project_number: "123456789012", region: us-central1}
training:
  pools:
    - {<<: *spot, name: a, accelerator: "T4:1"}
    - name: b
      accelerator: "L4:1"
      <<: *spot
      max_nodes: 4
""",
        encoding="utf-8",
    )
    loaded = load(file)
    assert loaded.problems == ()
    assert loaded.spec
    assert loaded.spec.training
    assert [(pool.capacity, pool.max_nodes) for pool in loaded.spec.training.pools] == [("spot", 2), ("spot", 4)]


def test_keys_of_ones_own_are_at_the_top_only(tmp_path: Path) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(
        'name: acme\nowner: t\ncost_center: "1"\ntargets:\n'
        "  - {cloud: aws, account_id: '123456789012', region: us-east-1, x-note: mine}\n",
        encoding="utf-8",
    )
    assert [problem.path for problem in load(file).problems] == ["targets[0].x-note"]
