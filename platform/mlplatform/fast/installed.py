"""The installed clouds and capabilities, as `importlib.metadata` reports them, without the cost of importing it."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from importlib.machinery import PathFinder

from mlplatform.fast.switch import plain_requested, report_unused

GROUP = "mlplatform.backends"
"""The group of entry points that backends register in."""

TARGETS = "mlplatform.targets"
"""The group of entry points that name the models of backends' targets, so that a spec is read without the backends."""

CAPABILITIES = "mlplatform.capabilities"
"""The group of entry points that capabilities of other packages register in."""


def installed_backends() -> tuple[dict[str, str], dict[str, str]]:
    """The place of each backend, and of each model of a target, as `installed_points`."""
    backends, targets = _installed(GROUP, TARGETS)
    return backends, targets


def installed_points(group: str) -> dict[str, str]:
    """The place of each entry point of a group, as `module:attribute`, by name and sorted; the first of equal
    distributions counts."""
    return _installed(group)[0]


def _installed(*groups: str) -> list[dict[str, str]]:
    if plain_requested():
        places = _from_metadata(groups)
    elif _only_folders():
        places = _from_folders(groups)
    else:
        report_unused(
            "the reader of entry points", "sys.path has an archive, or another finder of distributions is set"
        )
        places = _from_metadata(groups)
    found: dict[str, dict[str, str]] = {group: {} for group in groups}
    for group, name, place in places:
        found[group][name] = place
    return [dict(sorted(found[group].items())) for group in groups]


def _only_folders() -> bool:
    """True if all installed packages lie in plain folders: no archive, and no other finder of distributions."""
    others = any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path)
    return not others and not any(os.path.isfile(entry) for entry in sys.path if not _is_stdlib(entry))


def _is_stdlib(entry: str) -> bool:
    return os.path.basename(entry) == f"python{sys.version_info.major}{sys.version_info.minor}.zip"


def _from_metadata(groups: Collection[str]) -> Iterator[tuple[str, str, str]]:
    from importlib.metadata import entry_points

    for group in groups:
        for point in entry_points(group=group):
            yield group, point.name, _place(point.value)


def _from_folders(groups: Collection[str]) -> Iterator[tuple[str, str, str]]:
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
                    yield from _points(os.path.join(folder, name, "entry_points.txt"), groups)


def _points(file: str, wanted: Collection[str]) -> Iterator[tuple[str, str, str]]:
    try:
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
    except OSError:
        return
    if not any(group in text for group in wanted):
        return
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line.strip("[]")
        elif group in wanted and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield group, name.strip(), _place(value)


def _place(value: str) -> str:
    return value.partition("[")[0].replace(" ", "")
