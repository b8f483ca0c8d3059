"""Stands for Docker's SDK: what kfp's local runner asks of it, with processes for containers.

It proves graph, conditions, arguments and folders; not images. Every started command is logged.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import errors as errors


class _Container:
    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        found = {"PATH": os.environ["STEP_PATH"], "HOME": os.environ["HOME"], **environment}
        if buckets := os.environ.get("STEP_BUCKETS"):
            # kfp's local runner hands an address where Vertex AI hands a path of its mount
            command = [word.replace("gs://", f"{buckets}/") for word in command]
        self._process = subprocess.Popen(
            command, env=found, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=os.environ["STEP_FOLDER"]
        )

    def logs(self, *, stream: bool) -> Iterator[bytes]:
        assert self._process.stdout is not None
        yield from self._process.stdout

    def wait(self) -> dict[str, int]:
        return {"StatusCode": self._process.wait()}


class _Containers:
    def run(
        self, *, image: str, command: list[str], environment: dict[str, str] | None = None, **_: object
    ) -> _Container:
        with Path(os.environ["STEP_LOG"]).open("a", encoding="utf-8") as log:
            log.write(f"{image}\n")
        return _Container(command, environment or {})


class _Images:
    def list(self) -> list[object]:
        return []

    def pull(self, image: str) -> None: ...


class DockerClient:
    """As far as it is asked."""

    containers = _Containers()
    images = _Images()

    def info(self) -> dict[str, object]:
        return {}

    def close(self) -> None: ...


def from_env() -> DockerClient:
    """The client."""
    return DockerClient()
