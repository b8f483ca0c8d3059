"""The endpoint: a server with the released model, behind the router that a platform has, which captures every exchange.

The router is Envoy in the version of the platform's image, with the platform's own filter for captures. What the
platform's second container does, moving complete files into the store, is `Endpoint.collect` here.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pyarrow as pa
from fraud.features import NAMES, columns

from mlplatform.components.envoy import READY_PATH, dump, listener, ready_route, router_filter, upstream
from mlplatform.components.envoy_capture import TAPS, capture_filter, capture_folder
from mlplatform.spec.endpoints import EndpointSpec

ROWS = 20
"""Claims of one request."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    model: Any


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        table = columns(pa.Table.from_pylist(asked["instances"]))
        scores = self.server.model.predict_proba(np.column_stack([table[name].to_numpy() for name in NAMES]))[:, 1]
        body = json.dumps({"predictions": [{"score": float(score)} for score in scores]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Endpoint:
    """A running endpoint."""

    spec: EndpointSpec
    folder: Path
    port: int

    def ask(self, rows: Sequence[Mapping[str, object]]) -> list[float]:
        """The scores of claims, asked over HTTP."""
        asked = json.dumps({"instances": rows}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/predict", asked, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return [each["score"] for each in json.load(answer)["predictions"]]

    def serve(self, table: pa.Table) -> None:
        """Send claims as callers do: without their truth."""
        rows = table.drop_columns(["fraud", "day"]).to_pylist()
        for start in range(0, len(rows), ROWS):
            self.ask(rows[start : start + ROWS])

    def collect(self, place: Path, requests: int) -> None:
        """Move complete captures into the store: a file per exchange, in the folder of the hour."""
        taps = self.folder / "taps"
        end = time.monotonic() + 30
        while len(found := list(taps.glob("*.json"))) < requests and time.monotonic() < end:
            time.sleep(0.2)
        # the last file may still be written
        time.sleep(1)
        to = place / capture_folder(self.spec) / f"{datetime.now(UTC):%Y/%m/%d/%H}"
        to.mkdir(parents=True, exist_ok=True)
        for file in found:
            shutil.move(file, to / file.name)


@contextmanager
def endpoint(spec: EndpointSpec, model: Path, folder: Path) -> Iterator[Endpoint]:
    """An endpoint that serves a model.

    Args:
        spec: what the platform's spec says of it.
        model: folder of the model's files.
        folder: for the router's configuration and captures.
    """
    server = _Server(("127.0.0.1", 0), _Handler)
    server.model = joblib.load(model / "model.joblib")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "taps").mkdir(parents=True)
    port = _free_port()
    text = _config(spec, port, server.server_address[1]).replace(f"{TAPS}/", f"{folder}/taps/")
    (folder / "envoy.json").write_text(text, encoding="utf-8")
    log = (folder / "envoy.log").open("wb")
    command = ["envoy", "-c", str(folder / "envoy.json"), "--concurrency", "1", "--use-dynamic-base-id"]
    envoy = subprocess.Popen([*command, "--log-level", "warning"], stdout=log, stderr=log)
    try:
        _wait(envoy, port, folder / "envoy.log")
        yield Endpoint(spec, folder, port)
    finally:
        envoy.terminate()
        envoy.wait(30)
        server.shutdown()
        server.server_close()


def _config(spec: EndpointSpec, port: int, model: int) -> str:
    """The router's configuration, of the platform's own pieces."""
    route = {"match": {"prefix": "/"}, "route": {"cluster": "model", "timeout": f"{spec.timeout_seconds}s"}}
    filters = [capture_filter(spec.capture_percent, READY_PATH), router_filter()]
    return dump(
        {
            "static_resources": {
                "listeners": [listener("endpoint", "127.0.0.1", port, [ready_route(), route], filters)],
                "clusters": [upstream("model", "STATIC", "127.0.0.1", model)],
            }
        }
    )


def _wait(envoy: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(200):
        if envoy.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{READY_PATH}", timeout=1).read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"Envoy does not answer:\n{log.read_text('utf-8')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
