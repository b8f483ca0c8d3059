"""An MLflow server of a proof, with a database and artefacts of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

QUIET = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
"""Variables of a server, and of its clients, that tell nobody about it."""


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A running server: its address.

    Args:
        folder: for its database, artefacts and log.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder}/m.db", "--artifacts-destination", f"{folder}/artifacts"]
    log = (folder / "server.log").open("w", encoding="utf-8")
    process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=QUIET)
    uri = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1500):
            assert process.poll() is None, (folder / "server.log").read_text("utf-8")[-2000:]
            try:
                urllib.request.urlopen(f"{uri}/health", timeout=1).read()
                break
            except OSError:
                time.sleep(0.3)
        else:
            raise AssertionError("the server does not answer")
        yield uri
    finally:
        if process.poll() is None:
            os.killpg(process.pid, 15)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            # on a busy machine its workers take longer to go; what it was asked for is done
            process.kill()
            process.wait()
