"""Checkpoints in a folder or an object store: whole files first, then one small pointer to the latest.

A process that dies while it writes leaves the pointer where it was, so that what it points to is always complete.
"""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from typing import Any

KEEP = 3
"""Checkpoints that are kept: of the newest, one may be bad for reasons that only training shows."""


class Checkpoints:
    """The checkpoints of one job.

    Args:
        address: a folder, or `s3://…`, `gs://…`, `abfss://…` with fsspec and s3fs, gcsfs or adlfs in the image. The
            pod's identity opens it: no key is needed.
    """

    def __init__(self, address: str) -> None:
        self._remote: Any = None
        self._root = address.rstrip("/")
        if "://" in address:
            self._remote, self._root = import_module("fsspec.core").url_to_fs(address.rstrip("/"))

    def save(self, step: int, content: bytes) -> None:
        """Write a checkpoint, then move the pointer to it; older ones go after that.

        Args:
            step: steps that are done.
            content: everything that is needed to go on from there.
        """
        self._write(_name(step), content)
        self._write("latest", _name(step).encode())
        for old in self._names()[:-KEEP]:
            if old < _name(step):
                self._delete(old)

    def load(self) -> tuple[int, bytes] | None:
        """The latest complete checkpoint and its step. None: there is none yet."""
        pointer = self._read("latest")
        if pointer is None:
            return None
        name = pointer.decode()
        content = self._read(name)
        if content is None:
            raise FileNotFoundError(f"{self._root}/{name}: `latest` points to it, and it is not there")
        return int(name.removeprefix("step-")), content

    def _write(self, name: str, content: bytes) -> None:
        path = f"{self._root}/{name}"
        if self._remote is not None:
            self._remote.pipe_file(path, content)  # an object appears whole or not at all
            return
        Path(self._root).mkdir(parents=True, exist_ok=True)
        part = Path(f"{path}.part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def _read(self, name: str) -> bytes | None:
        try:
            if self._remote is not None:
                return self._remote.cat_file(f"{self._root}/{name}")
            return Path(f"{self._root}/{name}").read_bytes()
        except FileNotFoundError:
            return None

    def _names(self) -> list[str]:
        if self._remote is not None:
            found = [path.rpartition("/")[2] for path in self._remote.ls(self._root, detail=False, refresh=True)]
        else:
            found = os.listdir(self._root)
        return sorted(name for name in found if re.fullmatch(r"step-[0-9]{12}", name))

    def _delete(self, name: str) -> None:
        if self._remote is not None:
            self._remote.rm_file(f"{self._root}/{name}")
        else:
            Path(f"{self._root}/{name}").unlink()


def _name(step: int) -> str:
    return f"step-{step:012}"
