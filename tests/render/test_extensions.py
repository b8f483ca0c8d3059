"""Each package that `mlplatform new` writes passes its own tests as it is, and the commands use it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mlplatform.render.extensions.kinds import EXTENSION_KINDS, ExtensionKind

from ..conftest import ROOT
from ..packages import Package, installed_package

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[ExtensionKind, Package]:
    """One of each kind, side by side as on one machine."""
    place = tmp_path_factory.mktemp("packages")
    return {kind: installed_package(kind, "my-own", place) for kind in EXTENSION_KINDS}


def test_their_own_tests_pass_and_say_what_is_left(packages: dict[ExtensionKind, Package]) -> None:
    folders = [package.folder for package in packages.values()]
    options = ("-q", "-rs", "-p", "no:cacheprovider", "--import-mode=importlib", "--rootdir", folders[0].parent)
    done = packages["check"].run(*options, *folders, module="pytest")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout.splitlines()[-1]
    for told in (
        "mlplatform_backend_my_own.pipelines.airflow_service: write build(scope, spec, identity, store, cluster) as "
        "BuildsManagedAirflow says; then take `cluster.managed_airflow` out of the limits",
        "mlplatform_capability_my_own.azure: write build(scope, spec, needs) as BuildsExtension says",
        "mlplatform_capability_my_own/spec.py:18: replace these fields by your own",
        "mlplatform_check_my_own/__init__.py:18: say what your rule asks for",
        "mlplatform_risk_rule_my_own/__init__.py:20: say what your rule tells",
    ):
        assert told in done.stdout


def test_they_are_written_as_a_formatter_would(packages: dict[ExtensionKind, Package]) -> None:
    for package in packages.values():
        style = ("--isolated", "--no-cache", "--line-length", "120", package.folder)
        looked = package.run("check", "--select", "B,E,F,I,UP", *style, module="ruff")
        assert looked.returncode == 0, looked.stdout
        looked = package.run("format", "--diff", *style, module="ruff")
        assert looked.returncode == 0, looked.stdout


def test_their_types_are_strict(packages: dict[ExtensionKind, Package]) -> None:
    package = packages["check"]
    settings = package.folder.parent / "pyrightconfig.json"
    told = {"typeCheckingMode": "strict", "venvPath": str(ROOT), "venv": ".venv", "extraPaths": ["site"]}
    settings.write_text(json.dumps({**told, "include": ["mlplatform-*"]}), encoding="utf-8")
    looked = package.run("--outputjson", "--project", settings, module="pyright")
    found = json.loads(looked.stdout)
    assert found["summary"]["filesAnalyzed"] > 20
    assert not found["generalDiagnostics"]


def test_a_check_finds(packages: dict[ExtensionKind, Package], tmp_path: Path) -> None:
    check = packages["check"]
    assert "my-own" in check.run("check", "--list").stdout
    bucket = {
        "op": "create",
        "urn": "urn:pulumi:dev::p::aws:s3/bucket:Bucket::logs",
        "newState": {
            "urn": "urn:pulumi:dev::p::aws:s3/bucket:Bucket::logs",
            "custom": True,
            "type": "aws:s3/bucket:Bucket",
        },
    }
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps({"steps": [bucket]}), encoding="utf-8")
    found = check.run("check", preview, "--format", "json")
    assert "It has no tag data-class." in found.stdout


def test_a_risk_rule_tells(packages: dict[ExtensionKind, Package], tmp_path: Path) -> None:
    rule = packages["risk-rule"]
    urn = "urn:pulumi:dev::p::aws:sqs/queue:Queue::work"
    state = {"urn": urn, "custom": True, "type": "aws:sqs/queue:Queue"}
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps({"steps": [{"op": "delete", "urn": urn, "oldState": state}]}), encoding="utf-8")
    told = rule.run("risk", preview, "--format", "json")
    assert "Messages that nobody has read yet are lost with it." in told.stdout
    comment = rule.run("comment", preview)
    assert "goes with its messages" in comment.stdout


ENTRIES = """\
extensions:
  - {kind: my-own, name: first, on: azurre}
  - {kind: my-own, name: alone, on: aws, keep_days: 2}
  - {kind: my-own, writers: [training]}
  - {kind: my-own, name: second, keep_days: 3}
  - {kind: my-own, name: third, writerss: [pipelines]}
  - {kind: my-wn, name: fourth}
"""


def test_a_capability_plans_and_refuses_in_words(packages: dict[ExtensionKind, Package], tmp_path: Path) -> None:
    capability = packages["capability"]
    example = capability.folder / "example.yaml"
    done = capability.run("plan", example, "--format", "json")
    assert done.returncode == 0, done.stderr
    made = {step["newState"]["type"]: step["urn"] for step in json.loads(done.stdout)["steps"]}
    assert made["aws:sns/topicPolicy:TopicPolicy"]
    assert any(urn.endswith("acme-extension-my-own-topic") for urn in made.values())
    assert capability.run("check", example).returncode == 0
    spec = tmp_path / "spec.yaml"
    text = example.read_text(encoding="utf-8").partition("extensions:")[0]
    azure = "  - {cloud: azure, subscription_id: 00000000-0000-4000-8000-000000000000, location: eastus,\n"
    azure += "     tenant_id: 11111111-1111-4111-8111-111111111111}\n"
    spec.write_text(text + azure + ENTRIES, encoding="utf-8")
    refused = capability.run("validate", spec)
    assert refused.returncode == 2
    told = " ".join(refused.stdout.split())
    assert "extensions[1].kind" not in told
    for words in (
        "extensions[0].on got 'azurre' expected a target of this spec: aws, azure",
        "extensions[1].keep_days (aws) got 2",
        "extensions[2].kind (azure) got my-own expected a capability that is built on Azure: "
        "mlplatform_capability_my_own has no module azure.py",
        "fix name a target on aws or gcp in `on`, or remove the entry",
        "extensions[2].writers (aws) got training, and no `training`",
        "extensions[3].keep_days (aws) got 3 expected SNS keeps no message",
        "extensions[4].writerss got an unknown field",
        "did you mean 'writers'?",
        "extensions[5].kind got 'my-wn' expected one of my-own",
    ):
        assert words in told


def test_a_capability_stands_in_matrix_schema_and_reference(packages: dict[ExtensionKind, Package]) -> None:
    capability = packages["capability"]
    rows = json.loads(capability.run("matrix", "--format", "json").stdout)["fields"]
    cells = {row["path"]: {cloud: cell["support"] for cloud, cell in row["clouds"].items()} for row in rows}
    assert {cell["my-own"] for path, cell in cells.items() if not path.startswith(("targets.", "extensions."))} == {
        *("yes", "partial", "no"),
    }
    assert cells["extensions.keep_days"] == {"aws": "no", "azure": "no", "gcp": "yes", "my-own": "no"}
    schema = json.loads(capability.run("schema").stdout)
    assert "MyOwnSpec" in json.dumps(schema["properties"]["extensions"])
    assert "Who may write messages" in capability.run("explain", "extensions.writers").stdout


def test_a_capability_that_is_broken_or_gone_breaks_no_other_spec(
    packages: dict[ExtensionKind, Package], tmp_path: Path
) -> None:
    capability = packages["capability"]
    site = tmp_path / "site"
    shutil.copytree(capability.site, site)
    (site / "mlplatform_capability_my_own" / "__init__.py").write_text(
        "import nothing_of_that_name\n", encoding="utf-8"
    )
    broken, example = Package(tmp_path, site), capability.folder / "example.yaml"
    refused = broken.run("validate", example)
    assert refused.returncode == 2
    assert "No module named 'nothing_of_that_name'; mend or uninstall the package" in " ".join(refused.stdout.split())
    gone = Package(tmp_path, tmp_path).run("validate", example)
    assert gone.returncode == 2
    assert "install the package beside mlplatform" in gone.stdout
    plain = tmp_path / "plain.yaml"
    plain.write_text(example.read_text(encoding="utf-8").partition("extensions:")[0], encoding="utf-8")
    assert broken.run("validate", plain).returncode == 0


@pytest.mark.parametrize(
    ("module", "command", "told"),
    [
        ("mlplatform_backend_my_own", ("matrix",), "the cloud 'my-own' cannot be loaded: ValueError: mine"),
        ("mlplatform_check_my_own", ("check", "--list"), "cannot be loaded: ValueError: mine"),
        ("mlplatform_risk_rule_my_own", ("risk", "SPEC", "SPEC"), "cannot be loaded: ValueError: mine"),
    ],
)
def test_a_broken_package_is_told_as_what_it_is(
    packages: dict[ExtensionKind, Package], tmp_path: Path, module: str, command: tuple[str, ...], told: str
) -> None:
    site = tmp_path / "site"
    shutil.copytree(packages["check"].site, site)
    (site / module / "__init__.py").write_text("raise ValueError('mine')\n", encoding="utf-8")
    example = str(packages["capability"].folder / "example.yaml")
    done = Package(tmp_path, site).run(*(example if word == "SPEC" else word for word in command))
    assert done.returncode == 2, done.stderr
    assert told in " ".join(done.stderr.split())
