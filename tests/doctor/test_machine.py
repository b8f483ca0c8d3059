"""What this machine has: tools, packages, and logins of which only the presence is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlplatform.cli.app import cli
from mlplatform.components.live_account import DoctorFinding
from mlplatform.doctor.machine import examine_machine
from mlplatform.spec.platform import PlatformSpec

StackSpec = Callable[[str], PlatformSpec]
_SECRET = "AKIAVERYSECRETVALUE00"


def _everything(command: Sequence[str]) -> str:
    return f"{command[0]} version v99.1.2 linux"


def _nothing(command: Sequence[str]) -> None:
    del command


def _found(spec: PlatformSpec | None, home: Path, **given: object) -> dict[str, DoctorFinding]:
    return {each.subject: each for each in examine_machine(spec, home=home, **given)}  # type: ignore[arg-type]


def test_a_machine_with_everything_has_nothing_to_mend(tmp_path: Path, stack_spec: StackSpec) -> None:
    variables = {"AWS_PROFILE": "x", "GOOGLE_CREDENTIALS": "x", "ARM_CLIENT_ID": "x", "PULUMI_ACCESS_TOKEN": "x"}
    found = _found(stack_spec("prod"), tmp_path, run=_everything, environment=variables)
    assert [each for each in found.values() if each.word != "ok"] == []
    assert found.keys() >= {
        "python",
        "pulumi",
        "git",
        "aws",
        "gcloud",
        "az",
        "kubectl",
        "helm",
        "kubelogin",
        "pulumi-aws",
    }


def test_what_is_missing_says_who_needs_it_and_where_to_get_it(tmp_path: Path, stack_spec: StackSpec) -> None:
    found = _found(stack_spec("prod"), tmp_path, run=_nothing, environment={})
    assert found["pulumi"].word == "missing"
    assert "https://" in found["pulumi"].fix
    assert found["git"].word == "look"
    assert "az login" in found["a login to azure"].fix
    assert "bootstrap" in found["the state's place"].fix


def test_an_old_tool_is_named_with_the_version_that_is_needed(tmp_path: Path) -> None:
    old = {"pulumi": "v3.1.0", "aws": "aws-cli/1.33.0 Python/3.11"}
    found = _found(None, tmp_path, run=lambda command: old.get(command[0], "v99.0"), environment={})
    assert found["pulumi"].word == "missing"
    assert "need 3.125.0" in found["pulumi"].found
    assert found["aws"].word == "look"


def test_a_package_outside_of_its_range_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def version(name: str) -> str:
        return "1.0" if name == "pulumi-aws" else "10.2.0"

    def requires(name: str) -> list[str]:
        del name
        return ["pulumi-aws<8,>=7.51; extra == 'aws'", "pulumi-gcp"]

    monkeypatch.setattr(metadata, "version", version)
    monkeypatch.setattr(metadata, "requires", requires)
    found = _found(None, tmp_path, run=_everything, environment={})
    assert found["pulumi-aws"].word == "missing"
    assert "<8,>=7.51" in found["pulumi-aws"].found
    assert found["pulumi-gcp"].word == "ok"


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_value_of_a_login_is_ever_shown(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "GOOGLE_CREDENTIALS", "ARM_CLIENT_ID", "PULUMI_ACCESS_TOKEN"):
        monkeypatch.setenv(name, _SECRET)
    monkeypatch.setenv("HOME", str(tmp_path))
    done = CliRunner().invoke(cli, ["doctor", "--format", form])
    assert _SECRET not in done.output
    assert "AWS_ACCESS_KEY_ID is set" in done.output
    if form == "json":
        areas = {each["area"] for each in json.loads(done.stdout)["findings"]}
        assert areas == {"tools", "packages", "logins"}


def test_accounts_are_asked_only_for_a_spec() -> None:
    done = CliRunner().invoke(cli, ["doctor", "--live"])
    assert done.exit_code == 2
    assert "SPEC" in done.output


def test_something_missing_ends_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(cli, ["doctor"])
    assert done.exit_code == 1
    assert "✗ pulumi" in done.output


def test_the_cache_is_named_with_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLPLATFORM_PLAIN", raising=False)
    monkeypatch.setenv("MLPLATFORM_CACHE", str(tmp_path / "kept"))

    def cache() -> DoctorFinding:
        return _found(None, tmp_path, run=_everything, environment={})["cache"]

    assert "kept, 0 MB" in cache().found
    (tmp_path / "kept").mkdir(mode=0o700)
    (tmp_path / "kept" / "some.code").write_bytes(bytes(2_600_000))
    assert "kept, 3 MB" in cache().found
    (tmp_path / "kept").chmod(0o777)
    assert (cache().word, "MLPLATFORM_CACHE" in cache().fix) == ("look", True)
    monkeypatch.setenv("MLPLATFORM_CACHE", "off")
    assert cache().found == "switched off"
