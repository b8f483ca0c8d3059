"""Puts dashboards into the bucket that a Grafana without a memory of its own reads; a second time changes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mlplatform.components.grafana import GrafanaFiles
from mlplatform.components.live_traffic import Ask, NotAnswered
from mlplatform.render.dashboards.apply import Applied, NotApplied


def apply_to_files(
    place: GrafanaFiles,
    documents: Mapping[str, str],
    known: Sequence[str],
    *,
    change: bool,
    ask: Ask,
    run: Callable[[Sequence[str]], str],
) -> tuple[Applied, ...]:
    """Make the files what they should be.

    Args:
        place: the bucket, and the commands of its cloud.
        documents: dashboards by file name.
        known: names of all files that this program may have made there: those that are not wanted are removed.
        change: False to say what would be done, and do nothing.
        ask: runs a command that prints JSON.
        run: runs a command.

    Raises:
        NotApplied: the bucket is not there, or may not be read.
    """
    try:
        there = place.names(ask)
    except NotAnswered as none:
        raise NotApplied(f"{place.address}: {none}") from None
    done: list[Applied] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, document in documents.items():
            at = f"{place.address}/{name}"
            if name in there and run(place.read(at)) == document:
                done.append(Applied(what=name, how="as it was"))
                continue
            if change:
                file = Path(folder) / name
                file.write_text(document, encoding="utf-8", newline="\n")
                run(place.copy(str(file), at))
            done.append(Applied(what=name, how="changed" if name in there else "made"))
    for name in known:
        if name in there and name not in documents:
            if change:
                run(place.remove(f"{place.address}/{name}"))
            done.append(Applied(what=name, how="removed"))
    return tuple(done)
