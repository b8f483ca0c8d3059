"""The lock of a new project: every package that its CI installs, with a hash, and the wheel of mlplatform beside it.

mlplatform is on no public index, so CI never installs it by its name (mlplatform.render.ci.lock).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TypedDict, cast
from urllib.parse import unquote, urlparse

from mlplatform.render.ci.lock import TOOL


class NoLock(ValueError):
    """No lock can be made here; the text says why, and what to do."""


def installed_wheel() -> Path | None:
    """The wheel that the running mlplatform was installed from, as the installer recorded it; None if it is not known.

    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    try:
        text = distribution(TOOL).read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    found: object = json.loads(text) if text else {}
    url = urlparse(str(cast("dict[str, object]", found).get("url", ""))) if isinstance(found, dict) else urlparse("")
    file = Path(unquote(url.path))
    return file if url.scheme == "file" and file.suffix == ".whl" and file.is_file() else None


def write_lock(project: Path, lock: str, wheel: Path | None, extras: tuple[str, ...]) -> None:
    """Write `requirements.in` and the lock, and copy the wheel to `wheels/`; files that are there stay as they are.

    Uses uv where it is on PATH, else pip, which locks for this operating system and this version of Python alone. Both
    ask the index that they are configured for.

    Args:
        project: the project's folder.
        lock: name of the lock.
        wheel: the wheel of mlplatform. Omitted: the one that it was installed from.
        extras: of mlplatform, for example `aws`.

    Raises:
        NoLock: the wheel is not known, or the installer failed.
    """
    if (project / lock).exists():
        return
    source = wheel or installed_wheel()
    if source is None:
        raise NoLock(
            f"the wheel that {TOOL} was installed from is not known; name it with --wheel, and run the command again"
        )
    copied = Path("wheels") / source.name
    wanted = project / "requirements.in"
    try:
        (project / copied).parent.mkdir(parents=True, exist_ok=True)
        if not (project / copied).exists():
            shutil.copyfile(source, project / copied)
        if not wanted.exists():
            wanted.write_text(f"./{copied.as_posix()}[{','.join(extras)}]\npytest\n", encoding="utf-8")
    except OSError as error:
        raise NoLock(f"{error.filename}: {error.strerror}") from error
    _with_uv(project, lock) if shutil.which("uv") else _with_pip(project, lock)


def _with_uv(project: Path, lock: str) -> None:
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]
    command += ["--no-emit-find-links", "--python", sys.executable, "--output-file", lock, "requirements.in"]
    _run(command, project)


class _Archive(TypedDict, total=False):
    hashes: dict[str, str]


class _Download(TypedDict):
    url: str
    archive_info: _Archive


class _Metadata(TypedDict):
    name: str
    version: str


class _Found(TypedDict):
    metadata: _Metadata
    download_info: _Download


class _Report(TypedDict):
    install: list[_Found]


def _with_pip(project: Path, lock: str) -> None:
    """https://pip.pypa.io/en/stable/reference/installation-report/"""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--no-input"]
    done = _run([*command, "--report", "-", "--requirement", "requirements.in"], project)
    report = cast("_Report", json.loads(done))
    lines = sorted(_line(found) for found in report["install"])
    (project / lock).write_text("# pip install --dry-run --report, from requirements.in\n" + "".join(lines))


def _line(found: _Found) -> str:
    name, version = found["metadata"]["name"], found["metadata"]["version"]
    sha256 = found["download_info"]["archive_info"].get("hashes", {}).get("sha256")
    if not sha256:
        raise NoLock(f"pip reports no hash of {name}; install uv, and run the command again")
    file = Path(unquote(urlparse(found["download_info"]["url"]).path)).name
    what = f"./wheels/{file}" if name == TOOL else f"{name}=={version}"
    return f"{what} --hash=sha256:{sha256}\n"


def _run(command: list[str], project: Path) -> str:
    try:
        done = subprocess.run(
            command, cwd=project, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=300
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoLock(f"{' '.join(command[:4])}: {error}; run the command again") from error
    if done.returncode:
        last = " ".join(done.stderr.split())[-300:]
        raise NoLock(f"{' '.join(command[:4])} failed: {last}; run the command again where the index is reached")
    return done.stdout
