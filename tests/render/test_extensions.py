"""Each package that `mlplatform new` writes passes its own tests as it is, and the commands use it."""

from __future__ import annotations

import json
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
        "mlplatform_backend_my_own.training.cluster: write build(scope, spec, network, keys, telemetry, images) as "
        "BuildsCluster says; then take `training` out of the limits",
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
