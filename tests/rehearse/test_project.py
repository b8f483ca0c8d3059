"""The throwaway project and the engine's environment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.reading.load import load
from mlplatform.rehearse.project import ThrowawayProject, spec_document
from mlplatform.rehearse.surroundings import engine_environment
from mlplatform.spec.platform import PlatformSpec

StackSpec = Callable[[str], PlatformSpec]


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_a_spec_survives_as_data(stack: str, stack_spec: StackSpec, tmp_path: Path) -> None:
    spec = stack_spec(stack)
    if spec.training:  # ranges are no texts
        spec = spec.overlay(training=spec.training.overlay(api_cidrs=["203.0.113.0/24"]))
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(spec_document(spec)), encoding="utf-8")
    assert load(file).spec == spec


def test_the_engine_gets_none_of_the_users_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("AWS_SECRET_ACCESS_KEY", "GOOGLE_CREDENTIALS", "ARM_CLIENT_SECRET", "PULUMI_ACCESS_TOKEN", "HTTPS_PROXY")
    for name in secrets:
        monkeypatch.setenv(name, "hush")
    found = engine_environment(tmp_path, {"PULUMI_DEBUG_PROVIDERS": "aws:1"})
    assert not set(secrets) & set(found)
    assert all(found[name].startswith(str(tmp_path)) for name in ("HOME", "PULUMI_HOME"))
    assert found["PULUMI_BACKEND_URL"] == (tmp_path / "state").as_uri()
    assert found["PULUMI_DEBUG_PROVIDERS"] == "aws:1"


def test_the_project_is_copied_and_not_its_configuration(root: Path, tmp_path: Path, stack_spec: StackSpec) -> None:
    project = ThrowawayProject(tmp_path / "here", root)
    name = project.write_spec(stack_spec("dev"))
    assert load(project.root / "stacks" / f"{name}.json").spec == stack_spec("dev")
    assert (project.root / "platform" / "program" / "__main__.py").is_file()
    assert "refresh: always" in (project.root / "Pulumi.yaml").read_text("utf-8")
    other = ThrowawayProject(tmp_path / "there", tmp_path)
    assert (other.root / "program" / "__main__.py").is_file()
