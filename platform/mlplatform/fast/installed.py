"""Which cloud backends are installed: what `importlib.metadata` would say, for a tenth of the price of importing it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder

GROUP = "mlplatform.backends"
"""The group of entry points that backends register in."""


def declared() -> dict[str, str]:
    """Where each backend is, as `module:attribute` by name, sorted; the first of equal distributions counts."""
    found = dict(_in_folders() if _only_folders() else _by_metadata())
    return dict(sorted(found.items()))


def _only_folders() -> bool:
    """Whether all installed packages lie in plain folders: no archives, and no finder of somebody's own."""
    others = any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path)
    return not others and not any(os.path.isfile(entry) for entry in sys.path if not _is_stdlib(entry))


def _is_stdlib(entry: str) -> bool:
    return os.path.basename(entry) == f"python{sys.version_info.major}{sys.version_info.minor}.zip"


def _by_metadata() -> Iterator[tuple[str, str]]:
    from importlib.metadata import entry_points

    return ((point.name, _place(point.value)) for point in entry_points(group=GROUP))


def _in_folders() -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                project = name.partition("-")[0].lower().replace(".", "_")
                if project not in seen:
                    seen.add(project)
                    yield from _points(os.path.join(folder, name, "entry_points.txt"))


def _points(file: str) -> Iterator[tuple[str, str]]:
    try:
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
    except OSError:
        return
    if GROUP not in text:
        return
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line.strip("[]")
        elif group == GROUP and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield name.strip(), _place(value)


def _place(value: str) -> str:
    return value.partition("[")[0].replace(" ", "")
