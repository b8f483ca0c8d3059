"""Everything that `mlplatform dashboards apply` asks in its cases, with the answers, for the proof that holds both.

python -m tests.render.exchanges FILE
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mlplatform.render.dashboards.apply import NotApplied
from mlplatform.render.dashboards.put import put_dashboards
from mlplatform.services.rest import HttpAnswer

from ..strings.specs import dashboards_of, spec_of
from .command_lines import TOKEN, Commands
from .fake_grafana import FakeGrafana


class _Told(FakeGrafana):
    """Writes down each request and its answer."""

    def __init__(self) -> None:
        super().__init__(token=TOKEN)
        self.told: list[dict[str, Any]] = []

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], /) -> HttpAnswer:
        answer = super().__call__(method, url, body, headers)
        path = url.removeprefix("https://grafana.example")
        said = {"body": json.loads(body) if body else None, "answer": json.loads(answer.body)}
        self.told.append({"method": method, "path": path, "status": answer.status, **said})
        return answer


def play(cloud: str, folder: Path) -> dict[str, Any]:
    """New, unchanged, changed by hand, and with a dashboard less."""
    run, grafana = Commands(folder), _Told()
    files = dashboards_of("wide", cloud)

    def put(files: Mapping[str, str]) -> None:
        put_dashboards(spec_of("wide", cloud).on(cloud), files, change=True, run=run, transport=grafana)

    put(files)
    put(files)
    for source in grafana.sources.values():
        source["url"] = "https://elsewhere.example"
    for board in grafana.boards.values():
        board["dashboard"]["panels"].pop()
    put(files)
    put(dict(list(files.items())[1:]))
    _refuse(grafana, lambda: put(files))
    commands = [{"words": list(words), "answer": answer} for words, answer in run.answered]
    return {"requests": grafana.told, "commands": commands}


def _refuse(grafana: _Told, again: Callable[[], None]) -> None:
    """Each refusal that somebody may meet: names that another has, and a login that is not accepted."""
    first = next(iter(grafana.boards.values()))
    grafana.boards = {"theirs": {**first, "dashboard": {**first["dashboard"], "uid": "theirs"}}}
    grafana.sources = {f"{uid}-theirs": each for uid, each in grafana.sources.items()}
    for token in (TOKEN, "another"):
        grafana.token = token
        with contextlib.suppress(NotApplied):
            again()
    assert {each["status"] for each in grafana.told} >= {200, 401, 404}


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        found = {cloud: play(cloud, Path(folder)) for cloud in ("aws", "azure")}
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
