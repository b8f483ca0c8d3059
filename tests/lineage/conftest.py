"""A project with two environments in Git: three days of releases of one model, and one that an image holds."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mlplatform.cli.app import cli

SPEC = """\
name: acme
environment: {environment}
owner: risk-team
cost_center: "1"
data_class: confidential
registry: {{models: [churn]}}
targets:
  - {{cloud: aws, account_id: "123456789012", region: us-east-1}}
endpoints:
  - {{name: scorer, model: fraud}}
"""
DIGEST = "sha256:" + "a" * 64
COMMIT = "c" * 40

Invoke = Callable[..., tuple[int, str, str]]


def release(version: str, **fields: object) -> dict[str, Any]:
    """A release of `fraud`."""
    artifact = f"s3://acme-dev-models-123456789012-us-east-1-an/fraud/{version}/"
    least = {
        "model": "fraud",
        "version": version,
        "artifact": artifact,
        "digests": {"m.bin": DIGEST},
        "approver": "ana",
    }
    return {**least, **fields}


def record_text(environment: str, variants: Mapping[str, Any], **fields: object) -> str:
    """A record with one endpoint."""
    body = {"platform": "acme", "environment": environment, "targets": {"aws": {"scorer": variants}}, **fields}
    return json.dumps(body, indent=2)


class Project:
    """The project's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.records = root / "stacks" / "models"
        self.records.mkdir(parents=True)
        (root / "Pulumi.yaml").write_text("name: acme\nruntime: python\n", encoding="utf-8")
        for environment in ("dev", "prod"):
            text = SPEC.format(environment=environment)
            (root / "stacks" / f"{environment}.yaml").write_text(text, encoding="utf-8")

    def write(self, environment: str, variants: Mapping[str, Any], **fields: object) -> None:
        """Write a record."""
        (self.records / f"{environment}.json").write_text(record_text(environment, variants, **fields), "utf-8")

    def git(self, *arguments: str, day: str = "2026-01-01") -> str:
        """Run Git on a day."""
        moment = f"{day}T12:00:00+0000"
        names = {f"GIT_{who}_{what}": "a@acme.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        env = {**os.environ, **names, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        command = ["git", "-C", str(self.root), *arguments]
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, day: str) -> str:
        """Commit everything on a day; the commit."""
        if not (self.root / ".git").is_dir():
            self.git("init", "--quiet", "--template=", "--initial-branch", "main")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", day, day=day)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project, which the command runs in."""
    made = Project(tmp_path / "project")
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def invoke() -> Invoke:
    """Run the command: exit code, standard output, and both outputs as one line."""

    def run(*args: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(cli, list(args))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, " ".join(done.output.split())

    return run
