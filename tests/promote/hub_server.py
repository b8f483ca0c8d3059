"""A small hub of models on this machine, which answers as Hugging Face's does."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"
LARGE = (".safetensors", ".bin")


def weights(numbers: bytes = b"\0" * 16) -> bytes:
    """A file of safetensors with one tensor."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [4], "data_offsets": [0, len(numbers)]}}).encode()
    return len(header).to_bytes(8, "little") + header + numbers


@dataclass
class Published:
    """One model, and what was asked of the server."""

    files: dict[str, bytes] = field(
        default_factory=lambda: {
            "README.md": b"# Base",
            "LICENSE": b"Apache",
            "config.json": b'{"model_type": "tiny"}',
            "model.safetensors": weights(),
            "onnx/model.onnx": b"x",
            "pytorch_model.bin": b"pickle",
            "tokenizer.json": b"{}",
        }
    )
    about: dict[str, object] = field(default_factory=lambda: {"cardData": {"license": "apache-2.0"}})
    sent: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """Other bytes than the hub says, by path."""
    needs_token: bool = False
    leads_to: str | None = None
    """Where the files are; None: at the host `localhost`, as the hub has them at another one."""
    asked: list[tuple[str, str, str | None]] = field(default_factory=list[tuple[str, str, str | None]])
    """Host, path and token of each request."""


@contextmanager
def serve(published: Published) -> Generator[str]:
    """The address of a server that has the model."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, token = urlsplit(self.path).path, self.headers.get("Authorization")
            published.asked.append((self.headers["Host"], path, token))
            name = path.removeprefix(f"/acme/base/resolve/{REVISION}/")
            if path.startswith("/cdn/"):
                content = published.files[path.removeprefix("/cdn/")]
                self._answer(200, published.sent.get(path.removeprefix("/cdn/"), content))
            elif published.needs_token and not token:
                self._answer(401, b"{}")
            elif path == f"/api/models/acme/base/revision/{REVISION}" and "blobs=true" in self.path:
                self._answer(200, json.dumps(_described(published)).encode())
            elif name in published.files and name.endswith(LARGE):
                port = cast("tuple[str, int]", self.server.server_address)[1]
                self.send_response(302)
                self.send_header("Location", published.leads_to or f"http://localhost:{port}/cdn/{name}")
                self.end_headers()
            elif name in published.files:
                self._answer(200, published.sent.get(name, published.files[name]))
            else:
                self._answer(404, b"{}")

        def _answer(self, code: int, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _described(published: Published) -> dict[str, object]:
    siblings: list[dict[str, object]] = []
    for path, content in published.files.items():
        entry: dict[str, object] = {"rfilename": path, "size": len(content), "blobId": "0" * 40}
        if path.endswith(LARGE):
            entry["lfs"] = {"sha256": sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
        siblings.append(entry)
    return {"id": "acme/base", "sha": REVISION, "gated": False, "siblings": siblings, **published.about}
