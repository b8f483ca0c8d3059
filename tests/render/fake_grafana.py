"""A Grafana in memory, as strict as the published interface: what it does not name is refused.

Paths, fields and refusals are those of https://grafana.com/docs/grafana/latest/developers/http_api/ (2026-11) that
dashboards need. `make prove ONE=grafana` holds every request and answer of the cases against Grafana's own client, made
of the description of its newest version. The client of 2024-03-24 (4958bdd of
github.com/grafana/grafana-openapi-client-go, read on 2026-11-30), the time of Grafana 10.4, has the same requests and
fields; only /api/health is not in it, which Grafana's documents of 10.4 have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mlplatform.services.rest import HttpAnswer

_SOURCE = (
    *("access", "basicAuth", "basicAuthUser", "database", "isDefault", "jsonData", "name", "secureJsonData", "type"),
    *("uid", "url", "user", "withCredentials"),
)
FIELDS: Mapping[tuple[str, str], frozenset[str]] = {
    ("POST", "/api/folders"): frozenset({"description", "parentUid", "title", "uid"}),
    ("POST", "/api/datasources"): frozenset(_SOURCE),
    ("PUT", "/api/datasources/uid/{uid}"): frozenset({*_SOURCE, "version"}),
    ("POST", "/api/dashboards/db"): frozenset(
        {"UpdatedAt", "dashboard", "folderId", "folderUid", "isFolder", "message", "overwrite", "userId"}
    ),
}
"""Fields of the body of each request that has one."""

UID = re.compile(r"[a-zA-Z0-9_-]{1,40}")


class FakeGrafana:
    """Answers requests; `log` has those that change something."""

    def __init__(self, version: str = "10.4.1", token: str = "right") -> None:
        self.version, self.token = version, token
        self.folders: dict[str, dict[str, Any]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.boards: dict[str, dict[str, Any]] = {}
        self.log: list[str] = []
        self.migrates = False
        """Whether it gives dashboards back in a newer form, as newer versions do."""

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], /) -> HttpAnswer:
        assert url.startswith("https://grafana.example/"), url
        path = "/" + url.removeprefix("https://grafana.example/")
        if path != "/api/health" and headers.get("Authorization") != f"Bearer {self.token}":
            return self._say(401, message="Unauthorized")
        given = json.loads(body) if body else None
        if given is not None:
            assert headers["Content-Type"] == "application/json"
        if method != "GET":
            self.log.append(f"{method} {path}")
        return self._answer(method, path, given)

    def _answer(self, method: str, path: str, given: Any) -> HttpAnswer:  # noqa: ANN401
        kind, _, uid = path.removeprefix("/api/").replace("/uid/", "/").partition("/")
        shape = f"/api/{kind}/uid/{{uid}}" if "/uid/" in path else path
        if given is not None and (unknown := set(given) - FIELDS[method, shape]):
            raise AssertionError(f"{method} {path}: the interface has no {sorted(unknown)}")
        match method, kind:
            case "GET", "health":
                return self._say(200, version=self.version, database="ok")
            case "GET", "folders":
                return self._say(200, **self.folders[uid]) if uid in self.folders else self._say(404)
            case "POST", "folders":
                assert UID.fullmatch(given["uid"])
                assert given["title"]
                if given["uid"] in self.folders:
                    return self._say(409, message="a folder with that uid exists")
                self.folders[given["uid"]] = given
                return self._say(200, **given)
            case "GET", "datasources":
                return self._say(200, **self.sources[uid]) if uid in self.sources else self._say(404)
            case "POST", "datasources":
                assert UID.fullmatch(given["uid"])
                assert given["access"] in ("proxy", "direct")
                if any(each["name"] == given["name"] for each in self.sources.values()):
                    return self._say(409, message="data source with the same name already exists")
                self.sources[given["uid"]] = {**given, "id": 1, "version": 1, "readOnly": False}
                return self._saved(given["uid"], "added")
            case "PUT", "datasources":
                self.sources[uid].update(given)
                return self._saved(uid, "updated")
            case "GET", "dashboards":
                return self._board(uid)
            case "POST", "dashboards":
                return self._save(given)
            case "DELETE", "dashboards":
                gone = self.boards.pop(uid, None)
                if gone is None:
                    return self._say(404, message="Dashboard not found")
                return self._say(200, title=gone["dashboard"]["title"], message="deleted", uid=uid)
            case _:
                raise AssertionError(f"{method} {path}: no such request")

    def _board(self, uid: str) -> HttpAnswer:
        held = self.boards.get(uid)
        if held is None:
            return self._say(404, message="Dashboard not found")
        board = {**held["dashboard"], "id": 7, "version": held["version"]}
        if self.migrates:
            board = {
                **board,
                "schemaVersion": 41,
                "panels": [{**each, "pluginVersion": "12"} for each in board["panels"]],
            }
        return self._say(200, dashboard=board, meta={"folderUid": held["folder"], "provisioned": False})

    def _save(self, given: Any) -> HttpAnswer:  # noqa: ANN401
        board = given["dashboard"]
        assert board["id"] is None
        assert UID.fullmatch(board["uid"])
        if given["folderUid"] not in self.folders:
            return self._say(400, message="folder not found")
        same_title = any(
            (each["dashboard"]["title"], each["folder"]) == (board["title"], given["folderUid"])
            for uid, each in self.boards.items()
            if uid != board["uid"]
        )
        if not given["overwrite"] and (same_title or board["uid"] in self.boards):
            return self._say(412, message="A dashboard with the same name in the folder already exists")
        version = self.boards.get(board["uid"], {"version": 0})["version"] + 1
        self.boards[board["uid"]] = {"dashboard": board, "folder": given["folderUid"], "version": version}
        named = {"id": 7, "title": board["title"], "url": f"/d/{board['uid']}/x"}
        return self._say(200, status="success", uid=board["uid"], version=version, **named)

    def _saved(self, uid: str, how: str) -> HttpAnswer:
        held = self.sources[uid]
        return self._say(200, datasource=held, id=held["id"], name=held["name"], message=f"Datasource {how}")

    def _say(self, code: int, /, **body: object) -> HttpAnswer:
        return HttpAnswer(code, json.dumps(body).encode())
