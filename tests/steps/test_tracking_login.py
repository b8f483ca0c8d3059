"""A step of Azure ML, or of Container Apps, logs in to the tracking server as its own identity."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from mlplatform.steps.tracking_login import AUDIENCE, own_token

SERVER = "https://acme-ml-dev-tracking.0a1b2c.westeurope.azurecontainerapps.io"
VARIABLES = ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET", "AZURE_CLIENT_ID", AUDIENCE)


class _Identity(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str | None, str | None]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["X-IDENTITY-HEADER"], self.headers["secret"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"access_token": "of-the-step", "expires_on": "1"}).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where tokens are handed out."""
    for name in (*VARIABLES, "DEFAULT_IDENTITY_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    _Identity.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), _Identity)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/token"
    server.shutdown()
    server.server_close()


def test_a_node_of_azure_ml(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"MSI_ENDPOINT": endpoint, "MSI_SECRET": "s", "DEFAULT_IDENTITY_CLIENT_ID": "c", AUDIENCE: "the-app"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert own_token(SERVER) == "of-the-step"
    assert _Identity.asked == [("/token?api-version=2017-09-01&clientid=c&resource=the-app", None, "s")]


def test_a_container_app(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"IDENTITY_ENDPOINT": endpoint, "IDENTITY_HEADER": "h", "AZURE_CLIENT_ID": "c", AUDIENCE: "the-app"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert own_token(SERVER) == "of-the-step"
    assert _Identity.asked == [("/token?api-version=2019-08-01&client_id=c&resource=the-app", "h", None)]


@pytest.mark.parametrize("given", [{}, {AUDIENCE: "the-app"}])
def test_what_is_missing_is_named(endpoint: str, monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    del endpoint
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match="MSI_ENDPOINT" if given else AUDIENCE):
        own_token(SERVER)


def test_a_server_elsewhere_gets_none() -> None:
    assert own_token("https://mlflow.example") is None
