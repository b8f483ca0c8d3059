"""How the door speaks to a cloud's services."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from mlplatform.services import azure_api, gcp_api, rest


class _Redirects(BaseHTTPRequestHandler):
    seen: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        self.send_response(302)
        self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/other")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A service that sends its callers to another host."""
    _Redirects.seen.clear()
    server = HTTPServer(("127.0.0.1", 0), _Redirects)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/first"
    server.shutdown()
    server.server_close()


def test_no_redirection_takes_a_token_to_another_host(elsewhere: str) -> None:
    answer = rest.send("GET", elsewhere, None, {"Authorization": "Bearer secret"})
    assert answer.status == 302
    assert _Redirects.seen == [("/first", "Bearer secret")]
    # both clouds send with it
    assert azure_api.send is rest.send
    assert gcp_api.send is rest.send


def test_nobody_there_is_no_answer() -> None:
    assert rest.send("GET", "http://127.0.0.1:1/", None, {}).status == 0


@pytest.mark.parametrize(
    ("statuses", "good", "asked"),
    [([503, 200], True, 2), ([0, 429, 204], True, 3), ([403], False, 1), ([500] * 4, False, 4), ([404], True, 1)],
)
def test_a_request_is_sent_again_where_that_helps(statuses: list[int], good: bool, asked: int) -> None:
    waits: list[float] = []
    left = iter(statuses)
    answer, found = rest.ask(
        lambda *_: rest.HttpAnswer(next(left)), waits.append, "GET", "https://x.example", None, {}, (404,)
    )
    assert (answer.status, found, len(waits) + 1) == (statuses[-1], good, asked)
