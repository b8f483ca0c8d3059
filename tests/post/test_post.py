"""Comments on requests, against a server on this machine that answers as the platforms document it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mlplatform.post import github, gitlab
from mlplatform.post.http import ApiRefused
from mlplatform.post.request import MissingEnvironment, ReviewRequest

MARKER = "<!-- mlplatform:comment:review -->"
TOKEN = "tok-5ecret"


@dataclass
class Platform:
    """A platform with some comments; keeps what it was asked."""

    comments: list[dict[str, object]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    per_page: int = 2
    login: str = "github-actions[bot]"
    may_ask_who: bool = True
    address: str = ""


@pytest.fixture
def platform() -> Iterator[Platform]:
    state = Platform()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def _answer(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def _handle(self) -> None:
            state.asked.append((self.command, self.path))
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            if TOKEN not in (self.headers.get("Authorization", "") + self.headers.get("PRIVATE-TOKEN", "")):
                return self._answer(401, {"message": "Bad credentials"})
            if state.answers:
                status, headers = state.answers.pop(0)
                return self._answer(status, {"message": "told to"}, headers)
            path, _, query = self.path.partition("?")
            if path.endswith("/user"):
                if not state.may_ask_who:
                    return self._answer(403, {"message": "Resource not accessible by integration"})
                return self._answer(200, {"login": state.login, "username": state.login})
            if self.command == "GET":
                page = int(next((p[5:] for p in query.split("&") if p.startswith("page=")), "1"))
                first = (page - 1) * state.per_page
                more = first + state.per_page < len(state.comments)
                following = f"{state.address}{path}?per_page=100&page={page + 1}"
                headers = {"Link": f'<{following}>; rel="next"', "X-Next-Page": str(page + 1)} if more else {}
                return self._answer(200, state.comments[first : first + state.per_page], headers)
            if self.command == "POST":
                who = {"login": state.login, "username": state.login}
                state.comments.append({"id": len(state.comments) + 1, "body": body["body"], "user": who, "author": who})
                return self._answer(201, state.comments[-1])
            number = int(path.rpartition("/")[2])
            found = next(one for one in state.comments if one["id"] == number)
            found["body"] = body["body"]
            return self._answer(200, found)

        do_GET = do_POST = do_PATCH = do_PUT = _handle  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()


def _github(platform: Platform, **more: str) -> ReviewRequest:
    environment = {
        "GITHUB_API_URL": platform.address,
        "GITHUB_REPOSITORY": "acme/ml",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_REF": "refs/pull/7/merge",
    }
    return _patient(github.find_request({**environment, **more}))


def _gitlab(platform: Platform) -> ReviewRequest:
    return _patient(
        gitlab.find_request(
            {
                "CI_API_V4_URL": platform.address,
                "CI_PROJECT_ID": "42",
                "CI_MERGE_REQUEST_IID": "7",
                "GITLAB_TOKEN": TOKEN,
            }
        )
    )


def _patient(request: ReviewRequest) -> ReviewRequest:
    request.api = replace(request.api, wait=lambda _: None)
    return request


REQUESTS = {"github": _github, "gitlab": _gitlab}


@pytest.mark.parametrize("system", REQUESTS)
def test_one_comment_is_written_then_updated(system: str, platform: Platform) -> None:
    other = {"login": "jo", "username": "jo"}
    platform.comments = [{"id": n, "body": f"hello {n}", "user": other, "author": other} for n in range(1, 6)]
    request = REQUESTS[system](platform)
    assert request.post(MARKER, f"{MARKER}\none") == "created"
    assert request.post(MARKER, f"{MARKER}\ntwo") == "updated"
    assert request.post(MARKER, f"{MARKER}\ntwo") == "unchanged"
    assert [one["body"] for one in platform.comments[5:]] == [f"{MARKER}\ntwo"]
    assert len(platform.comments) == 6


@pytest.mark.parametrize("system", REQUESTS)
def test_a_quoted_marker_is_left_alone(system: str, platform: Platform) -> None:
    other = {"login": "jo", "username": "jo"}
    platform.comments = [{"id": 1, "body": f"{MARKER}\nmine now", "user": other, "author": other}]
    assert REQUESTS[system](platform).post(MARKER, f"{MARKER}\nours") == "created"
    assert platform.comments[0]["body"] == f"{MARKER}\nmine now"


@pytest.mark.parametrize("system", REQUESTS)
def test_the_comment_of_an_earlier_version_is_taken_over_once(system: str, platform: Platform) -> None:
    """Two platforms of one repository wrote the same comment; the first to come takes it, the other writes its own."""
    first, second = "<!-- mlplatform:comment:proja.a -->", "<!-- mlplatform:comment:projb.b -->"
    request = REQUESTS[system](platform)
    assert request.post(MARKER, f"{MARKER}\nold") == "created"
    assert request.post(first, f"{first}\na", former=MARKER) == "updated"
    assert request.post(second, f"{second}\nb", former=MARKER) == "created"
    assert request.post(first, f"{first}\na", former=MARKER) == "unchanged"
    assert [one["body"] for one in platform.comments] == [f"{first}\na", f"{second}\nb"]


@pytest.mark.parametrize("system", REQUESTS)
def test_a_marker_is_compared_whole(system: str, platform: Platform) -> None:
    request = REQUESTS[system](platform)
    assert request.post("<!-- mlplatform:comment:a -->", "<!-- mlplatform:comment:a -->\r\none") == "created"
    assert request.post("<!-- mlplatform:comment:a.b -->", "<!-- mlplatform:comment:a.b -->\ntwo") == "created"
    assert request.post("<!-- mlplatform:comment:a -->", "<!-- mlplatform:comment:a -->\nthree") == "updated"


def test_a_workflow_may_not_ask_who_it_is(platform: Platform) -> None:
    platform.may_ask_who = False
    request = _github(platform)
    assert request.post(MARKER, f"{MARKER}\none") == "created"
    assert request.post(MARKER, f"{MARKER}\ntwo") == "updated"


def test_a_busy_platform_is_asked_again(platform: Platform) -> None:
    platform.answers = [(503, {}), (429, {"Retry-After": "1"}), (403, {"Retry-After": "2"})]
    assert _github(platform).post(MARKER, f"{MARKER}\none") == "created"


def test_a_long_wait_and_a_plain_no_are_refused(platform: Platform) -> None:
    platform.answers = [(429, {"Retry-After": "3600"})]
    with pytest.raises(ApiRefused, match="429"):
        _github(platform).post(MARKER, "x")
    platform.answers = [(403, {})]
    with pytest.raises(ApiRefused, match="told to") as refused:
        _github(platform).post(MARKER, "x")
    assert refused.value.status == 403
    assert TOKEN not in str(refused.value)


def test_no_answer_at_all() -> None:
    request = _patient(
        github.find_request(
            {
                "GITHUB_API_URL": "http://127.0.0.1:9",
                "GITHUB_REPOSITORY": "a/b",
                "GITHUB_TOKEN": TOKEN,
                "GITHUB_REF": "refs/pull/7/merge",
            }
        )
    )
    with pytest.raises(ApiRefused, match="no answer"):
        request.post(MARKER, "x")


def test_everything_that_is_missing_is_reported() -> None:
    with pytest.raises(MissingEnvironment) as error:
        github.find_request({})
    assert len(error.value.missing) == 3
    with pytest.raises(MissingEnvironment) as error:
        gitlab.find_request({"CI_JOB_TOKEN": "x"})
    assert len(error.value.missing) == 4


def test_the_number_of_the_event_is_taken(platform: Platform, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 12}}))
    _github(platform, GITHUB_REF="refs/heads/main", GITHUB_EVENT_PATH=str(event)).post(MARKER, "x")
    assert ("POST", "/repos/acme/ml/issues/12/comments") in platform.asked
