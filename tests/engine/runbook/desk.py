"""The desk at which the run book is followed: a shell whose cloud command lines reach the mock cloud."""

from __future__ import annotations

import json
import os
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from mlplatform import discovery
from mlplatform.catalog.replacement import replacement_reason
from mlplatform.components.propagation import REHEARSED
from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.serve import serving
from mlplatform.promote.carry_out import CommandFailed
from mlplatform.rehearse.shell import MockShell
from mlplatform.rehearse.surroundings import engine_environment, find_engine
from mlplatform.spec.target import Target

from ...conftest import DAY

TOOLS = ("aws", "gcloud", "az", "kubectl")
"""Programs that are not here; the mock cloud answers for them."""

# signs in, or bootstraps what lies below the stack: the account of a mock cloud has it
_GRANTED = (
    ("aws", "sso"),
    ("aws", "sts"),
    ("aws", "iam"),
    ("aws", "kms"),
    ("aws", "s3api"),
    ("gcloud", "auth"),
    ("gcloud", "billing"),
    ("gcloud", "iam"),
    ("gcloud", "kms"),
    ("gcloud", "projects"),
    ("gcloud", "services"),
    ("gcloud", "storage", "buckets"),
    ("az", "login"),
    ("az", "account"),
    ("az", "ad"),
    ("az", "feature"),
    ("az", "group"),
    ("az", "identity"),
    ("az", "keyvault", "create"),
    ("az", "keyvault", "key"),
    ("az", "keyvault", "show"),
    ("az", "provider"),
    ("az", "role"),
    ("az", "storage", "account"),
    ("az", "storage", "container-rm"),
)

_CALL = """#!{python} -S
import json, os, socket, sys
words = [os.path.abspath(word) if os.path.exists(word) else word for word in sys.argv[1:]]
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    line.sendall(json.dumps([os.path.basename(sys.argv[0]), *words]).encode() + b"\\n")
    code, out = json.loads(line.makefile().readline())
(sys.stderr if code else sys.stdout).write(out)
sys.exit(code)
"""

# the state is in a folder and its secrets behind a passphrase: a mock cloud keeps neither buckets' objects nor keys
_PULUMI = """#!/bin/bash
[ "$1" = login ] && exit 0
words=()
while [ $# -gt 0 ]; do
  if [ "$1" = --secrets-provider ]; then shift 2; else words+=("$1"); shift; fi
done
export PULUMI_SKIP_CHECKPOINTS=true
exec {program} --non-interactive --color=never "${{words[@]}}"
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A held resource, as a call to a cluster looks at it."""

    type: str
    inputs: Mapping[str, object]


class Desk:
    """A folder with the user's project, and a shell in it.

    Args:
        folder: the project's folder.
        environment: the shell's environment.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = dict(environment)
        self._kept = folder.parent / "exported"
        self._kept.write_text("", encoding="utf-8")

    def type(self, command: str) -> str:
        """Type a command, after those before it; returns what it prints, and fails where it fails."""
        script = f'set -euo pipefail\n. "{self._kept}"\n{command}\nexport -p > "{self._kept}"\n'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self._environment,
            input="https://sample.example/value",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"`{command}` ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def edit(self, patch: str) -> None:
        """Make an edit that the run book shows."""
        done = subprocess.run(
            ["git", "apply", "-"], cwd=self.folder, input=patch, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"the run book's edit does not fit: {done.stderr}\n{patch}"


@contextmanager
def open_desk(
    cloud: Cloud, write_project: Callable[[Path], None], folder: Path, environment: Mapping[str, str], program: str
) -> Generator[Desk]:
    """A desk beside a mock cloud.

    Args:
        cloud: what the clouds' command lines reach.
        write_project: writes the user's project into a folder.
        folder: empty.
        environment: of the engine.
        program: the engine.
    """
    project = folder / "project"
    write_project(project)
    tools = folder / "bin"
    tools.mkdir()
    # a socket's address is short
    address = f"/tmp/runbook-{os.getpid()}-{cloud.account.cloud}"
    for tool in TOOLS:
        _write(tools / tool, _CALL.format(python=sys.executable, address=address))
    _write(tools / "pulumi", _PULUMI.format(program=program))
    (tools / "mlplatform").symlink_to(Path(sys.executable).parent / "mlplatform")
    path = os.pathsep.join([str(tools), str(Path(program).parent), environment["PATH"]])
    git = {f"GIT_{who}_{what}": "ana" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    shell = MockShell(cloud)

    class Answering(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            words: list[str] = json.loads(self.rfile.readline())
            self.wfile.write(json.dumps(_answer(shell, words)).encode() + b"\n")

    Path(address).unlink(missing_ok=True)
    server = socketserver.ThreadingUnixStreamServer(address, Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        desk = Desk(project, {**environment, **git, "PATH": path})
        desk.type("git init -q && git add . && git commit -qm start")
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        Path(address).unlink(missing_ok=True)


@contextmanager
def open_desk_of(
    bound: Target, write_project: Callable[[Path], None], folder: Path
) -> Generator[tuple[Cloud, Cloud, Desk]]:
    """The mock cloud of a target, one of what is inside its cluster, and a desk beside them with Pulumi's engine.

    Args:
        bound: the target.
        write_project: writes the user's project into a folder.
        folder: empty.
    """
    backend = discovery.backend(bound.cloud)
    cloud, inner = Cloud(backend.account(bound)), Cloud(backend.account(bound))
    packages = tuple(sdk.removeprefix("pulumi_").replace("_", "-") for sdk in backend.sdks)
    with serving({**dict.fromkeys(packages, cloud), "kubernetes": inner}, replacement_reason) as providers:
        cloud.effects.rehearsed = folder / "waits"
        surroundings = {**providers, REHEARSED: str(cloud.effects.rehearsed), "SOURCE_DATE_EPOCH": DAY}
        surroundings["XDG_CACHE_HOME"] = str(folder / "cache")
        variables = engine_environment(folder, surroundings)
        with open_desk(cloud, write_project, folder, variables, find_engine()) as desk:
            yield cloud, inner, desk


def copy_project(root: Path, folder: Path) -> None:
    """Copy what a user's repository holds: project, program and stacks."""
    nothing = shutil.ignore_patterns("__pycache__", "models")
    shutil.copytree(root / "stacks", folder / "stacks", ignore=nothing)
    settings = yaml.safe_load((root / "Pulumi.yaml").read_text("utf-8"))
    shutil.copytree(root / settings["main"], folder / settings["main"], ignore=nothing)
    use_this_python(root / "Pulumi.yaml", folder)
    (folder / ".gitignore").write_text("artefacts/\n__pycache__/\n", encoding="utf-8")


def use_this_python(settings: Path, folder: Path) -> None:
    """Write a project's file as if the Python that runs this was in its virtual environment."""
    project = yaml.safe_load(settings.read_text("utf-8"))
    project["runtime"] = {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project, sort_keys=False), encoding="utf-8")


def _answer(shell: MockShell, words: list[str]) -> tuple[int, str]:
    if any(tuple(words[: len(granted)]) == granted for granted in _GRANTED):
        return 0, ""
    if words[0] == "kubectl":
        return 0, "v1\n"
    try:
        return 0, shell(words)
    except CommandFailed as failed:
        return 1, str(failed)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
