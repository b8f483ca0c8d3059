"""Puts dashboards into a Grafana over its HTTP interface; a second time changes nothing.

https://grafana.com/docs/grafana/latest/developers/http_api/ (2026-11): folders, data sources, dashboards, search.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from mlplatform.components.grafana import GrafanaServer, GrafanaSource
from mlplatform.json_text import NotJson, parse_json
from mlplatform.plan.sources.fields import items, mapping, text
from mlplatform.services.rest import HttpAnswer, Transport, ask

TAG = "mlplatform"
"""Tag of each dashboard of this program."""

_OLDEST = 10
"""Oldest Grafana that has the interface, and reads the form of the dashboards."""


class NotApplied(Exception):
    """Grafana refused something, or did not answer; the text says what, without any token."""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What happened to one thing in Grafana."""

    what: str
    """Its name for people."""

    how: Literal["made", "changed", "removed", "as it was"]
    """What happened, or what would happen."""


@dataclass(frozen=True, kw_only=True)
class DashboardSet:
    """The dashboards of one target."""

    folder: str
    """Identifier of their folder."""

    title: str
    """The folder's title."""

    documents: Mapping[str, str]
    """Documents by identifier."""

    known: Sequence[str]
    """Identifiers of all dashboards that this program may have made there: those that are not wanted are removed."""


def apply_to_server(
    server: GrafanaServer,
    wanted: DashboardSet,
    *,
    change: bool,
    transport: Transport,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Applied, ...]:
    """Make folder, data sources and dashboards what they should be.

    Args:
        server: the Grafana.
        wanted: what should be in it.
        change: False to say what would be done, and do nothing.
        transport: how requests are sent.
        sleep: waits between attempts, seconds.

    Raises:
        NotApplied: Grafana refuses something, or does not answer.
    """
    return tuple(_Api(server, change, transport, sleep).apply(wanted))


def digest_of(document: str) -> str:
    """What a dashboard says of itself: Grafana may change its form when it reads an older one, and keeps its words."""
    return f"{TAG} {hashlib.sha256(document.encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class _Api:
    server: GrafanaServer
    change: bool
    transport: Transport
    sleep: Callable[[float], None]

    def apply(self, wanted: DashboardSet) -> Iterator[Applied]:
        self._check_version()
        yield self._folder(wanted)
        for source in self.server.sources:
            yield self._source(source)
        for uid, document in wanted.documents.items():
            yield self._dashboard(wanted.folder, uid, document)
        for uid in wanted.known:
            if uid not in wanted.documents and self._there("dashboards", uid) is not None:
                self._send("DELETE", f"/api/dashboards/uid/{quote(uid)}")
                yield Applied(what=f"dashboard {uid}", how="removed")

    def _check_version(self) -> None:
        said = text(mapping(self._get("/api/health")).get("version"))
        major = said.partition(".")[0]
        if not major.isdigit() or int(major) < _OLDEST:
            raise NotApplied(f"{self.server.url}: got Grafana {said or 'of no version'}, expected {_OLDEST} or newer")

    def _folder(self, wanted: DashboardSet) -> Applied:
        what = f"folder {wanted.title}"
        if self._there("folders", wanted.folder) is not None:
            return Applied(what=what, how="as it was")
        self._send("POST", "/api/folders", {"uid": wanted.folder, "title": wanted.title})
        return Applied(what=what, how="made")

    def _source(self, source: GrafanaSource) -> Applied:
        what = f"data source {source.name}"
        body: dict[str, object] = {
            "uid": source.uid,
            "name": source.name,
            "type": source.type,
            "url": source.url,
            "access": "proxy",
            "jsonData": dict(source.settings),
        }
        there = self._there("datasources", source.uid)
        if there is None:
            self._send("POST", "/api/datasources", body)
            return Applied(what=what, how="made")
        settings = mapping(there.get("jsonData"))
        same = all(there.get(key) == body[key] for key in ("name", "type", "url", "access"))
        if same and all(settings.get(key) == value for key, value in source.settings.items()):
            return Applied(what=what, how="as it was")
        self._send("PUT", f"/api/datasources/uid/{quote(source.uid)}", body)
        return Applied(what=what, how="changed")

    def _dashboard(self, folder: str, uid: str, document: str) -> Applied:
        board, digest = dict(mapping(json.loads(document))), digest_of(document)
        what = f"dashboard {text(board.get('title'))}"
        there = self._there("dashboards", uid)
        if there is not None:
            held, about = mapping(there.get("dashboard")), mapping(there.get("meta"))
            panels = [mapping(panel).get("title") for panel in items(held.get("panels"))]
            mine = [mapping(panel).get("title") for panel in items(board.get("panels"))]
            if held.get("description") == digest and panels == mine and about.get("folderUid") == folder:
                return Applied(what=what, how="as it was")
            if TAG not in items(held.get("tags")):
                raise NotApplied(f"{what}: Grafana has one of the same uid {uid} that this program did not make")
        body = {
            "dashboard": {**board, "id": None, "description": digest},
            "folderUid": folder,
            "message": digest,
            # a new one may not take the place of another dashboard of its title
            "overwrite": there is not None,
        }
        self._send("POST", "/api/dashboards/db", body)
        return Applied(what=what, how="made" if there is None else "changed")

    def _there(self, kind: str, uid: str) -> Mapping[str, object] | None:
        path = f"/api/{kind}/{quote(uid)}" if kind == "folders" else f"/api/{kind}/uid/{quote(uid)}"
        answer = self._ask("GET", path, None, (404,))
        return None if answer.status == 404 else self._object(answer, path)

    def _get(self, path: str, **query: str) -> Mapping[str, object]:
        whole = f"{path}?{urlencode(query)}" if query else path
        return self._object(self._ask("GET", whole, None), path)

    def _send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> None:
        if self.change:
            self._ask(method, path, body)

    def _ask(
        self, method: str, path: str, body: Mapping[str, object] | None, allowed: tuple[int, ...] = ()
    ) -> HttpAnswer:
        headers = {"Authorization": f"Bearer {self.server.token}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = json.dumps(body, sort_keys=True).encode() if body is not None else None
        answer, found = ask(self.transport, self.sleep, method, self.server.url + path, data, headers, allowed)
        if not found:
            raise NotApplied(f"{method} {self.server.url}{path}: {_refusal(answer)}")
        return answer

    def _object(self, answer: HttpAnswer, path: str) -> Mapping[str, object]:
        try:
            return mapping(parse_json(answer.body.decode("utf-8", "replace")))
        except NotJson:
            raise NotApplied(f"{self.server.url}{path}: it answers with no JSON; is it Grafana?") from None


def _refusal(answer: HttpAnswer) -> str:
    if not answer.status:
        return f"no answer: {answer.body.decode('utf-8', 'replace')[:200]}"
    if answer.status in (401, 403):
        return f"refused with {answer.status}: it takes the role Editor in Grafana, and Admin for data sources"
    try:
        said = text(mapping(parse_json(answer.body.decode("utf-8", "replace"))).get("message"))
    except NotJson:
        said = ""
    return f"refused with {answer.status}{': ' + said[:300] if said else ''}"
