"""The folder in which the commands of a document run: the project of the repository, with what a team has around it."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from ..blocks import Block, blocks_of
from ..conftest import ROOT
from ..engine.runbook.desk import copy_project

STATE = ROOT / "tests" / "golden" / "state" / "prod-aws.json.gz"
VARIABLES = {
    "TARGET": "aws",
    "IMAGE": "345678901234.dkr.ecr.us-east-1.amazonaws.com/acme-ml-prod/training:llm-1",
    "GIT_AUTHOR_DATE": "2026-11-02T09:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-02T09:00:00Z",
    "GIT_AUTHOR_NAME": "ana",
    "GIT_AUTHOR_EMAIL": "ana@acme.example",
    "GIT_COMMITTER_NAME": "ana",
    "GIT_COMMITTER_EMAIL": "ana@acme.example",
}
"""What a reader has set."""

_READS = re.compile(r"mlplatform (access|check|comment|cost|diff|plan|risk) (?!.*(-o|--output|[|>&;]))[^\n]*$")
"""Commands that write nothing."""

_SHOWN = (".html", ".md", ".svg", ".xml")
"""What other commands wrote for people: nothing reads it."""

_PULUMI = """#!/bin/sh
case "$*" in
  "stack export"*) cat "{state}" ;;
  "stack output --json"*) cat "{outputs}" ;;
  *) echo "pulumi: $*: nobody answers" >&2; exit 1 ;;
esac
"""
_TERRAFORM = """#!/bin/sh
[ "$*" = "output -json" ] || exit 1
cat <<'END'
{
 "vpc_id": {"value": "vpc-0123456789abcdef0", "type": "string", "sensitive": false},
 "private_subnets": {"value": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], "type": ["list", "string"]},
 "azs": {"value": ["us-east-1a", "us-east-1b"], "type": ["list", "string"]},
 "vpc_cidr_block": {"value": "10.0.0.0/16", "type": "string"}
}
END
"""
OLD_SPEC = """\
name: acme-ml
environment: dev
owner: ml
cost_center: "1"
targets:
  - {cloud: aws, account_id: "123456789012", region: eu-central-1}
registry:
  models: [fraud]
endpoints:
  - name: scorer
    server: triton
    model: fraud/1
    replicas: [1, 2]
    environment: {MODE: fast}
"""
"""A spec of version 1, with the place that docs/changes.md shows."""


class Stage:
    """A shell in a folder.

    Args:
        folder: has `project`, in which commands run; programs that stand in for others come into `bin`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.folder.mkdir(parents=True, exist_ok=True)
        tools = folder / "bin"
        tools.mkdir(exist_ok=True)
        path = (str(tools), str(Path(sys.executable).parent), "/usr/bin", "/bin")
        self._environment = {**os.environ, **VARIABLES, "HOME": str(folder), "PATH": os.pathsep.join(path)}

    def type(self, command: str, code: int = 0) -> str:
        """Type a command; returns what it prints on both streams."""
        done = subprocess.run(
            ["bash", "-c", f"set -eu -o pipefail\n{command}"],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == code, f"`{command}` ended with {done.returncode}:\n{done.stdout[-3000:]}"
        return done.stdout

    def _heard(self, command: str, code: int, heard: Path) -> str:
        state = hashlib.sha256(f"{command}\0{code}".encode())
        for file in sorted(file for file in self.folder.rglob("*") if file.is_file() and file.suffix not in _SHOWN):
            name = file.relative_to(self.folder)
            if not name.is_relative_to(".git") or name.is_relative_to(".git/refs") or name.name == "HEAD":
                state.update(f"\0{name}\0".encode() + file.read_bytes())
        said = heard / state.hexdigest()
        if not said.is_file():
            text = self.type(command, code)
            whole = said.with_suffix(f".{os.getpid()}")
            whole.write_text(text, encoding="utf-8")
            whole.replace(said)
        return said.read_text(encoding="utf-8")

    def follow(self, block: Block, heard: Path | None = None) -> None:
        """Type the commands of a block, and look whether they print what it says.

        Args:
            heard: a folder of what commands printed that only read, by command and project; what another document
                typed in the same project is not typed again. None: everything is typed.
        """
        commands = list(block.commands())
        for number, (command, printed) in enumerate(commands):
            code = int(block.value("exit") or 0) if number == len(commands) - 1 else 0
            try:
                said = (
                    self._heard(command, code, heard) if heard and _READS.match(command) else self.type(command, code)
                )
            except AssertionError as failed:
                raise AssertionError(f"{block.at}: {failed}") from None
            if "sample" not in block.words:
                missing = [line for line in printed if _alike(line) not in _alike(said)]
                assert not missing, f"{block.at}: `{command}` does not print {missing}, but:\n{said[:3000]}"


def _alike(text: str) -> str:
    """A text without the spaces and figures in which two runs differ."""
    return re.sub(r"\s+", " ", re.sub(r"\b[0-9a-f]{12}\b", "#", text)).strip()


def make_project(folder: Path) -> None:
    """The project of the repository on a branch that differs from `main`, with what a team has around it."""
    stage = Stage(folder)
    project = stage.folder
    shutil.rmtree(project)
    copy_project(ROOT, project)
    shutil.copytree(ROOT / "examples", project / "examples")
    shutil.copy(ROOT / "mlplatform.accepted.yaml", project)
    (project / "ci.txt").write_text(f"mlplatform==0.1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    (usage,) = [block.text for block in blocks_of("docs/cost.md") if block.value("of") == "usage"]
    (project / "usage.yaml").write_text(usage, encoding="utf-8")
    (folder / "state.json").write_bytes(gzip.decompress(STATE.read_bytes()))
    stage.type("git init -q -b main && git add . && git commit -qm start")
    stage.type("git update-ref refs/remotes/origin/main main && git checkout -qb change")
    prod = project / "stacks" / "prod.py"
    prod.write_text(prod.read_text("utf-8").replace("max_nodes=8", "max_nodes=9"), encoding="utf-8")
    stage.type("git commit -qam 'one node more'")
    stage.type("mlplatform plan prod --target aws --format json -o preview.json")
    stage.type(f"mlplatform export outputs prod --target aws --format json > {folder / 'outputs.json'}")
    places = {"state": folder / "state.json", "outputs": folder / "outputs.json"}
    for name, text in (("pulumi", _PULUMI.format(**places)), ("terraform", _TERRAFORM)):
        (folder / "bin" / name).write_text(text, encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)


def stage_of(document: str, made: Path, folder: Path) -> Stage:
    """What the reader of a document has before its first command.

    Args:
        document: its path.
        made: what `make_project` made.
        folder: for the stage, empty.
    """
    if document.startswith(("docs/start.md", "docs/tutorial-")):
        return Stage(folder)
    shutil.copytree(made, folder, dirs_exist_ok=True, symlinks=True)
    stage = Stage(folder)
    if document == "docs/changes.md":
        (stage.folder / "platform.yaml").write_text(OLD_SPEC, encoding="utf-8")
    if document == "docs/neighbours.md":
        shutil.copy(ROOT / "examples" / "own_platform_tests" / "acme.yaml", stage.folder / "platform.yaml")
    return stage
