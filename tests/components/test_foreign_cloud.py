"""A fourth cloud from a package outside: built as a wheel, installed beside mlplatform, planned without any edit."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ..packages import Package, installed_package

SPEC = """\
name: toy
environment: prod
owner: team
cost_center: "1"
targets:
  - {cloud: orbit, account: a, region: north}
registry: {models: [fraud]}
budget: {monthly_usd: 10, emails: [a@acme.example]}
"""


@pytest.fixture(scope="module")
def orbit(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return installed_package("backend", "orbit", tmp_path_factory.mktemp("orbit"))


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "toy.yaml"
    file.write_text(SPEC, encoding="utf-8")
    return file


def test_it_plans_like_any_other(orbit: Package, spec: Path) -> None:
    done = orbit.run("plan", spec, "--target", "orbit", "--format", "json")
    assert done.returncode == 0, done.stderr
    steps = json.loads(done.stdout)["steps"]
    things = [step for step in steps if step["newState"]["type"].startswith("orbit:index:")]
    assert len(things) > 20
    assert all(step["newState"]["inputs"]["tags"]["platform"] == "toy" for step in things)


TRAINING = "training: {cpu_pools: [{name: cpu, max_nodes: 2}]}\n"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("training/cluster.py", "training.cluster (BuildsCluster)"),
        ("cluster/storage.py", "cluster.storage (DescribesStorage)"),
        ("cluster/cpu_pools.py", "cluster.cpu_pools (DescribesCpuPool)"),
    ],
)
def test_what_it_has_not_built_is_refused_and_no_fault_of_ours(
    orbit: Package, spec: Path, tmp_path: Path, file: str, said: str
) -> None:
    """A package may forget to declare what it has not built, in the cloud or in the layer."""
    spec.write_text(SPEC + TRAINING + "cluster: {}\n", encoding="utf-8")
    done = orbit.without(tmp_path / "less", file).run("plan", spec)
    assert done.returncode == 2, done.stderr
    told = " ".join(done.stderr.split())
    assert f"has no module mlplatform_backend_orbit.{said}" in told
    assert any(way in told for way in ("remove `training` here", "remove `cluster`", "leave the pool out"))


def test_its_limits_refuse(orbit: Package, spec: Path) -> None:
    layer = "cluster: {mounts: [{place: pipelines}], managed_airflow: {}}\n"
    step = "{name: train, kind: train, command: [train], image: docker.io/acme/trainer:1}"
    pipeline = f"pipelines: [{{name: nightly, model: fraud, engine: airflow, steps: [{step}]}}]\n"
    spec.write_text(SPEC + TRAINING + layer + pipeline, encoding="utf-8")
    done = orbit.run("validate", spec)
    assert done.returncode == 2
    told = " ".join((done.stdout + done.stderr).split())
    assert "Orbit has no Airflow as a service" in told
    assert "run Airflow on the training cluster, with cluster.airflow" in told


@pytest.mark.thorough
def test_without_optional_modules_it_refuses_in_words(orbit: Package, spec: Path, tmp_path: Path) -> None:
    less = orbit.without(tmp_path / "less", "ci_login.py")
    pipeline = less.run("render", "ci", spec, "--system", "github", "--out", tmp_path)
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({"vpc": {"value": "v", "type": "string", "sensitive": False}}), encoding="utf-8")
    adopted = orbit.run("adopt", outputs, "--cloud", "orbit")
    assert "expected a module mlplatform_backend_orbit.ci_login" in pipeline.stdout + pipeline.stderr
    assert "its package cannot adopt outputs of other tools" in adopted.stdout + adopted.stderr
    listed = orbit.run("import", spec, "--format", "json")
    assert {each["standing"] for each in json.loads(listed.stdout)["resources"]} == {"unknown"}
    live = orbit.run("import", spec, "--live")
    assert "cannot ask an account; use --id or --ids" in live.stdout + live.stderr
    for done in (pipeline, adopted, live):
        assert done.returncode not in (0, None)
        assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.thorough
def test_a_project_of_it_has_all_that_others_have(orbit: Package, tmp_path: Path) -> None:
    made = orbit.run("init", "--yes", "--cloud", "orbit", "--size", "small", tmp_path / "acme")
    assert made.returncode == 0, made.stderr
    assert "left out of the spec" not in made.stdout
    assert (tmp_path / "acme" / "stacks" / "Pulumi.dev-orbit-cluster.yaml").is_file()
    _check_project(Package(tmp_path / "acme", orbit.site))


@pytest.mark.thorough
def test_a_project_of_it_leaves_out_what_it_does_not_build(orbit: Package, tmp_path: Path) -> None:
    less = orbit.without(tmp_path / "less", "training/cluster.py", "serving/endpoint.py", "pipelines/pipeline.py")
    made = less.run("init", "--yes", "--cloud", "orbit", "--size", "small", tmp_path / "acme")
    assert made.returncode == 0, made.stderr
    assert "left out of the spec: training: the backend of Orbit has no module" in made.stdout
    written = {file.relative_to(tmp_path / "acme").as_posix() for file in (tmp_path / "acme").rglob("*")}
    assert not [name for name in written if "cluster" in name or "first_job" in name]
    _check_project(Package(tmp_path / "acme", less.site))
    # with a cloud that has it all, a shared spec has what both have
    both = less.run("init", "--yes", "--cloud", "aws", "--cloud", "orbit", tmp_path / "both")
    assert both.returncode == 0, both.stderr
    assert Package(tmp_path / "both", less.site).run("validate", "dev").returncode == 0


def _check_project(inside: Package) -> None:
    for stack in ("dev", "prod"):
        assert inside.run("validate", stack).returncode == 0
    planned = inside.run("plan", "dev")
    assert "pulumi stack init dev-orbit" in planned.stdout, planned.stderr
    tested = inside.run("-q", "-p", "no:cacheprovider", module="pytest")
    assert tested.returncode == 0, tested.stdout


ARGUMENTS = {
    "adopt": "x.json --cloud orbit",
    "completion": "bash",
    "comment": "toy.yaml --after toy.yaml",
    "dashboards apply": "toy.yaml",
    "diff": "toy.yaml toy.yaml",
    "digest": "images.txt",
    "doctor": "toy.yaml --live",
    "explain": "toy.yaml --why toy-store-data",
    "import": "toy.yaml --layer cluster",
    "import-model": "--to toy.yaml",
    "init": "acme --yes --cloud orbit",
    "inventory": "toy.yaml",
    "lineage": "fraud --spec toy.yaml",
    "migrate": "toy.yaml",
    "name-images": "toy.yaml images.txt",
    "new": "check one --out one",
    "plan": "toy.yaml",
    "promote": "fraud/1 --endpoint e --to toy.yaml --artifact . --by ana",
    "rehearse": "toy.yaml --change none",
    "render ci": "toy.yaml --system github",
    "render job": "one toy.yaml --pool cpu --image a",
    "render pipeline": "one toy.yaml",
    "reproduce": "fraud/1 --spec toy.yaml",
    "retrain": "one toy.yaml",
    "risk": "--spec toy.yaml",
    **dict.fromkeys(("accelerators", "machines", "matrix", "schema"), ""),
}
"""What each command is asked; those that are not named get the spec."""
ASK_ALL = """
import sys, click
from mlplatform.cli.app import cli, run
given = dict(line.partition("=")[::2] for line in sys.argv[1:])

def leaves(group, path):
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from leaves(command, f"{path}{name} ")
        else:
            yield f"{path}{name}"

for name in leaves(cli, ""):
    try:
        run([*name.split(), *given.get(name, "toy.yaml").split()])
    except SystemExit as ended:
        print(f"\\n== {name}: {ended.code}", flush=True)
"""


@pytest.mark.thorough
def test_no_command_takes_it_for_a_fault_of_ours(orbit: Package, tmp_path: Path) -> None:
    (tmp_path / "toy.yaml").write_text(SPEC, encoding="utf-8")
    inside = Package(tmp_path, orbit.site)
    asked = inside.run(ASK_ALL, *(f"{name}={words}" for name, words in ARGUMENTS.items()), module="-c")
    ends = dict(re.findall(r"^== ([a-z -]+): (\w+)$", asked.stdout, re.MULTILINE))
    assert len(ends) > 40, asked.stderr
    assert [name for name, code in ends.items() if code not in ("0", "1", "2", "3")] == [], asked.stderr
    assert "the backend of Orbit has no 'bootstrap.bootstrap': use a target on another cloud" in asked.stderr
    assert "Traceback" not in asked.stdout + asked.stderr


DOOR = """
import sys
from mlplatform.services.doors import sender_of
from mlplatform.steps.program import run
print(sender_of("https://queues.north.orbit.example/acme-door"), sender_of("https://queues.other.example/one"))
sys.exit(run(["door", "--cloud", sys.argv[1], "--rules", sys.argv[2]]))
"""


@pytest.mark.thorough
def test_its_part_of_the_door_is_found_by_its_entry_point(orbit: Package, tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('{"version": 1, "target": "orbit", "pipelines": []}', encoding="utf-8")
    found = orbit.run(DOOR, "orbit", rules, module="-c")
    assert re.match(r"<function send at \w+> None\n", found.stdout), found.stderr
    assert "MLPLATFORM_DOOR_INBOX: the variable is not set" in found.stdout + found.stderr
    gone = Package(tmp_path, tmp_path).run(DOOR, "orbit", rules, module="-c")
    assert "put the package that has this cloud, with an entry point of the group mlplatform.doors" in " ".join(
        (gone.stdout + gone.stderr).split()
    )


def test_without_the_package_the_cloud_is_unknown(spec: Path, tmp_path: Path) -> None:
    done = Package(tmp_path, tmp_path).run("validate", spec)
    assert done.returncode == 2
    text = done.stdout + done.stderr
    assert "orbit" in text
    assert "aws" in text
    assert "Traceback" not in text
