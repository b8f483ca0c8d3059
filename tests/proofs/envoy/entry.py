"""The public entry of an endpoint on the cluster: the planned script puts the certificate, and Envoy serves it."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from prove import Run

FOLDER = "/certificate"
"""Where the planned configuration and scripts have it."""

TOOLS = ("aws", "az", "gcloud")
BODY = b'{"card": "4111-1111"}'


def scripts_of(texts: list[str]) -> tuple[str, ...]:
    """The planned scripts that read the certificate once, one of each cloud."""
    return tuple(sorted({text for text in texts if f"{FOLDER}/entry.json" in text and text.endswith("\nread_once")}))


class Certificates:
    """The store of secrets, an authority, and the container that reads a certificate."""

    def __init__(self, folder: Path, scripts: tuple[str, ...]) -> None:
        self.folder = folder / "certificate"
        self.folder.mkdir()
        self.scripts = scripts
        self.trusting = ssl.create_default_context()
        """Trusts the present certificate alone."""
        self._value = folder / "value"
        self._tools = folder / "tools"
        self._tools.mkdir()
        for name in TOOLS:
            tool = self._tools / name
            tool.write_text(f"#!/bin/sh\ncat {self._value}\n", encoding="utf-8")
            tool.chmod(0o755)

    def put(self, host: str, script: str) -> None:
        """Put a new certificate into the store, and let a script read it."""
        authority = trustme.CA()
        issued = authority.issue_cert(host)
        pem = issued.private_key_and_cert_chain_pem.bytes().decode()
        self._value.write_text(pem, encoding="utf-8")
        # what AKS sets in a pod with an identity
        azure = {"AZURE_CLIENT_ID": "a", "AZURE_TENANT_ID": "b", "AZURE_FEDERATED_TOKEN_FILE": str(self._value)}
        env = {**os.environ, **azure, "PATH": f"{self._tools}:{os.environ['PATH']}"}
        planned = script.replace(FOLDER, str(self.folder))
        subprocess.run(["/bin/sh", "-c", planned], env=env, check=True, capture_output=True)
        self.trusting = ssl.create_default_context()
        authority.configure_trust(self.trusting)


def check_entry(run: Run, host: str, good: str, refused: str) -> str:
    """Callers from outside need TLS and their tokens, also once a certificate was replaced."""
    trusting = run.certificates.trusting
    run.expect(_until_served(run, host, trusting), "the first certificate is not served")
    answers = {
        "a good token": (_ask(run, host, trusting, "/predict", good), (200,)),
        "no token": (_ask(run, host, trusting, "/predict", ""), (401, 403)),
        "a token of somebody else": (_ask(run, host, trusting, "/predict", refused), (401, 403)),
        "the probe, which is open inside": (_ask(run, host, trusting, "/-/ready", ""), (401, 403)),
        "a path with an escaped slash": (_ask(run, host, trusting, "/a%2F..%2Fb", good), (400,)),
    }
    for what, (status, wanted) in answers.items():
        run.expect(status in wanted, f"from outside, {what} was answered with {status}")
    old = ssl.create_default_context()
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version, old.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_1
    run.expect(_ask(run, host, old, "/predict", good) == 0, "TLS 1.1 is answered")
    for script in run.certificates.scripts:
        run.certificates.put(host, script)
        trusting = run.certificates.trusting
        run.expect(_until_served(run, host, trusting), "a certificate that was replaced is not served")
        run.expect(_ask(run, host, trusting, "/predict", good) == 200, "nothing answers after the replacement")
    return f"{1 + len(run.certificates.scripts)} certificates at the entry"


def _until_served(run: Run, host: str, trusting: ssl.SSLContext) -> bool:
    for _ in range(50):
        if _ask(run, host, trusting, "/predict", ""):
            return True
        time.sleep(0.2)
    return False


def _ask(run: Run, host: str, trusting: ssl.SSLContext, path: str, token: str) -> int:
    """The status of an answer; 0 where the handshake fails."""
    connection = http.client.HTTPConnection("127.0.0.1", run.entry_port, timeout=30)
    try:
        plain = socket.create_connection(("127.0.0.1", run.entry_port), timeout=30)
        connection.sock = trusting.wrap_socket(plain, server_hostname=host)
        sent = {"host": host, "authorization": token} if token else {"host": host}
        connection.request("POST", path, body=BODY, headers=sent)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
