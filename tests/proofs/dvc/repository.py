"""A repository of DVC with a rendered configuration: real pushes, a wiped cache, real pulls, and a typo."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]


class NotProven(Exception):
    """What does not hold."""


def rendered(target: str) -> str:
    """The configuration of production's store on a target, as the command writes it."""
    command = [os.environ.get("MLPLATFORM_PYTHON", sys.executable), "-m", "mlplatform", "render", "dvc"]
    done = subprocess.run(
        [*command, str(ROOT / "stacks" / "prod.py"), "--target", target], capture_output=True, text=True, cwd=ROOT
    )
    if done.returncode:
        raise NotProven(f"render dvc: {done.stderr}")
    return done.stdout


@contextmanager
def server(command: list[str], port: int) -> Iterator[None]:
    """Run a server until the block ends; it starts when its port answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise NotProven(f"{command[0]} ended with {process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        else:
            raise NotProven(f"{command[0]} does not answer")
        yield
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prove_versions(folder: Path, config: str, local: str, variables: Mapping[str, str]) -> int:
    """Push two versions of a data set, lose everything here, and pull both back; returns the number of files.

    Args:
        folder: an empty folder.
        config: the rendered `.dvc/config`.
        local: `.dvc/config.local`: where the test server is, and its key if it needs one.
        variables: environment of DVC.

    Raises:
        NotProven: a step fails, or a file comes back with other content.
    """
    env = {**os.environ, "DVC_NO_ANALYTICS": "1", "HOME": str(folder.parent), **variables}

    def run(*command: str, fails: bool = False) -> str:
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
        if (done.returncode != 0) != fails:
            raise NotProven(f"{' '.join(command)}: {(done.stdout + done.stderr)[-1500:]}")
        return done.stdout + done.stderr

    folder.mkdir(parents=True)
    run("git", "init", "--quiet", "--initial-branch", "main")
    run("git", "config", "user.email", "proof@acme.example")
    run("git", "config", "user.name", "proof")
    run("dvc", "init", "--quiet")
    (folder / ".dvc" / "config").write_text(config, encoding="utf-8")
    (folder / ".dvc" / "config.local").write_text(local, encoding="utf-8")
    data = folder / "claims"
    wanted: dict[str, dict[str, str]] = {}
    for version in ("one", "two"):
        data.mkdir(exist_ok=True)
        (data / "a.csv").write_text(f"id,amount\n1,{version}\n", encoding="utf-8")
        (data / "b.bin").write_bytes(os.urandom(20_000))
        run("dvc", "add", "--quiet", "claims")
        run("git", "add", "--all")
        run("git", "commit", "--quiet", "--message", version)
        run("git", "tag", version)
        run("dvc", "push", "--quiet")
        wanted[version] = _digests(data)
    for version in ("two", "one"):
        shutil.rmtree(folder / ".dvc" / "cache", ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
        run("git", "checkout", "--quiet", version)
        run("dvc", "pull", "--quiet")
        if _digests(data) != wanted[version]:
            raise NotProven(f"version {version} came back with other content")
    _prove_typo(folder, config, run)
    return sum(map(len, wanted.values()))


def _prove_typo(folder: Path, config: str, run: Callable[..., str]) -> None:
    """DVC must refuse a wrong option, or its reading of ours proves nothing."""
    file = folder / ".dvc" / "config"
    file.write_text(config.replace("    url = ", "    regoin = nowhere\n    url = ", 1), encoding="utf-8")
    said = run("dvc", "status", "--cloud", fails=True)
    if "extra keys not allowed" not in said:
        raise NotProven(f"a typo in the configuration is refused for another reason: {said[-500:]}")
    file.write_text(config, encoding="utf-8")


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
