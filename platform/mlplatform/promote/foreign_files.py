"""Which files of a published model are taken: data that cannot run, and never a program or a pickle."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import cast

from mlplatform.promote.hub import HubFile

WEIGHTS = ".safetensors"
"""Weights as plain numbers behind a header of JSON: https://huggingface.co/docs/safetensors"""

PROVENANCE = "provenance.json"
"""File beside a model that says where it comes from, which gates read (docs/gates.md)."""

_DATA = (WEIGHTS, ".json", ".jinja", ".md", ".model", ".tiktoken", ".txt")
_WORDS = ("LICENCE", "LICENSE", "NOTICE")
_RUNS = (".bin", ".ckpt", ".h5", ".keras", ".msgpack", ".pickle", ".pkl", ".pt", ".pth", ".py")
_MOST_HEADER = 100 * 2**20


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is taken of a commit."""

    files: tuple[HubFile, ...]
    """Taken, by path."""

    left: tuple[str, ...]
    """Left out: files that may run when they are loaded, and those that nothing here needs."""


def choose_files(files: Iterable[HubFile]) -> Chosen:
    """Choose the files of a commit.

    Raises:
        ValueError: there are no weights that can be taken, or a path leads out of the folder; one sentence each.
    """
    every = sorted(files, key=lambda file: file.path)
    outside = [file.path for file in every if not _inside(file.path)]
    if outside:
        raise ValueError(*(f"{path!r} is no path below the model's folder" for path in outside))
    taken = tuple(file for file in every if _is_data(file.path))
    if not any(file.path.endswith(WEIGHTS) for file in taken):
        running = [file.path for file in every if file.path.endswith(_RUNS)]
        there = f"its weights are {', '.join(running[:3])}, which run code when they are loaded" if running else ""
        raise ValueError(f"it has no {WEIGHTS} files{f': {there}' if there else ''}")
    return Chosen(taken, tuple(file.path for file in every if file not in taken))


def manifest_digest(digests: Mapping[str, str]) -> str:
    """`sha256:…` of the list that `sha256sum` would print, by path.

    Args:
        digests: SHA-256 of each file in hexadecimal digits, by its path.
    """
    return f"sha256:{sha256(manifest_text(digests).encode()).hexdigest()}"


def manifest_text(digests: Mapping[str, str]) -> str:
    """The list itself: `sha256sum --check` reads it."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))


def config_problem(text: bytes) -> str | None:
    """Why a `config.json` cannot be taken; None if it can."""
    try:
        said = json.loads(text)
    except ValueError:
        return "config.json is no JSON"
    if isinstance(said, dict) and cast("Mapping[str, object]", said).get("auto_map"):
        return "config.json names classes of the repository's own (auto_map): whoever loads it runs code of strangers"
    return None


def weights_problem(path: str, begin: bytes, size: int) -> str | None:
    """Why a file of weights is none; None if its header is one.

    Args:
        path: its path.
        begin: its first bytes, the whole header if there is one.
        size: all of its bytes.
    """
    length = int.from_bytes(begin[:8], "little")
    if len(begin) >= 8 and 2 <= length <= min(size - 8, _MOST_HEADER):
        try:
            header = json.loads(begin[8 : 8 + length])
        except ValueError:
            header = None
        if isinstance(header, dict):
            return None
    return f"{path} does not begin with the header of {WEIGHTS}: it is something else under that name"


def header_bytes(begin: bytes) -> int:
    """How many bytes of a file of weights its header takes, by its first eight."""
    return 8 + min(int.from_bytes(begin[:8], "little"), _MOST_HEADER)


def _is_data(path: str) -> bool:
    name = PurePosixPath(path).name
    if path == PROVENANCE:
        # the mirror writes one of its own
        return False
    return path.endswith(_DATA) or name.partition(".")[0].upper() in _WORDS


def _inside(path: str) -> bool:
    parts = path.split("/")
    plain = all(part not in ("", ".", "..") and part.isprintable() for part in parts)
    return plain and "\\" not in path and ":" not in parts[0]
