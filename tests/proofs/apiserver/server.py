"""A Kubernetes API server on this machine: etcd and `kube-apiserver`, with no controllers, webhooks or nodes."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

Json = dict[str, Any]

_TOKEN = "of-this-proof"
_START_SECONDS = 120


class Refused(Exception):
    """The server refuses an object; the text is its own."""


class ApiServer:
    """A client of one server, as its administrator."""

    def __init__(self, port: int) -> None:
        self._port = port
        # its certificate is made at its start, for this machine alone
        self._tls = ssl._create_unverified_context()
        self._connection: http.client.HTTPSConnection | None = None
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}

    def call(self, method: str, path: str, body: object = None, kind: str = "application/json") -> tuple[int, Json]:
        """One request: its status and its answer."""
        if self._connection is None:
            self._connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=self._tls, timeout=60)
        headers = {"Authorization": f"Bearer {_TOKEN}", "Content-Type": kind, "Accept": "application/json"}
        try:
            self._connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection = None
            raise
        try:
            return answer.status, cast("Json", json.loads(text))
        except ValueError:
            return answer.status, {"message": text.decode(errors="replace")}

    @property
    def version(self) -> str:
        """Its version: `v1.36.2`."""
        return str(self.call("GET", "/version")[1]["gitVersion"])

    def knows(self, body: Mapping[str, Any]) -> bool:
        """Whether it has the object's kind in that version."""
        return str(body["kind"]) in self._resources(str(body["apiVersion"]))

    def in_namespace(self, body: Mapping[str, Any]) -> bool:
        """Whether the object's kind, which the server knows, lives in namespaces."""
        return self._resources(str(body["apiVersion"]))[str(body["kind"])][1]

    def forget_kinds(self) -> None:
        """Ask for its kinds again: new ones were added."""
        self._kinds.clear()

    def _resources(self, api: str) -> dict[str, tuple[str, bool]]:
        if api not in self._kinds:
            status, answer = self.call("GET", f"/{'apis' if '/' in api else 'api'}/{api}")
            listed = answer["resources"] if status == http.client.OK else []
            self._kinds[api] = {
                each["kind"]: (each["name"], each["namespaced"]) for each in listed if "/" not in each["name"]
            }
        return self._kinds[api]

    def apply(self, body: Mapping[str, Any], *, keep: bool = False) -> Json:
        """Apply an object as `kubectl apply --server-side --validate=strict` does; the answer is the object as stored.

        Args:
            body: the object.
            keep: whether it stays. False: nothing is stored, but everything is checked (`--dry-run=server`).

        Raises:
            Refused: the server refuses it.
        """
        api, metadata = str(body["apiVersion"]), cast("Mapping[str, Any]", body["metadata"])
        if not self.knows(body):
            raise Refused(f"no matches for kind {body['kind']} in version {api}")
        plural, namespaced = self._resources(api)[str(body["kind"])]
        if namespaced != ("namespace" in metadata):
            raise Refused(f"{body['kind']} is {'in a namespace' if namespaced else 'of the whole cluster'}")
        inside = f"/namespaces/{metadata['namespace']}" if namespaced else ""
        path = f"/{'apis' if '/' in api else 'api'}/{api}{inside}/{plural}/{quote(str(metadata['name']))}"
        options = "fieldManager=mlplatform&fieldValidation=Strict&force=true" + ("" if keep else "&dryRun=All")
        status, answer = self.call("PATCH", f"{path}?{options}", body, "application/apply-patch+yaml")
        if status >= http.client.BAD_REQUEST:
            raise Refused(str(answer.get("message", answer)))
        return answer

    def define(self, definitions: list[Json]) -> None:
        """Add kinds, and wait until they are served."""
        for each in definitions:
            self.apply(each, keep=True)
        until = time.monotonic() + _START_SECONDS
        for each in definitions:
            path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{each['metadata']['name']}"
            while True:
                conditions = self.call("GET", path)[1].get("status", {}).get("conditions", [])
                states = {condition["type"]: condition for condition in conditions}
                if states.get("NonStructuralSchema", {}).get("status") == "True":
                    raise Refused(f"{each['metadata']['name']}: {states['NonStructuralSchema']['message']}")
                if states.get("Established", {}).get("status") == "True":
                    break
                if time.monotonic() > until:
                    raise Refused(f"{each['metadata']['name']} is not served: {conditions}")
                time.sleep(0.1)
        self.forget_kinds()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextmanager
def running(folder: Path) -> Iterator[ApiServer]:
    """A server with an empty store in a folder, stopped at the end."""
    store, peers, port = _free_ports(3)
    tokens, key = folder / "tokens.csv", folder / "accounts.pem"
    tokens.write_text(f"{_TOKEN},admin,admin,system:masters\n", encoding="utf-8")
    _write_key(key)
    commands = [
        [
            *("etcd", "--data-dir", str(folder / "etcd"), "--unsafe-no-fsync", "--log-level", "error"),
            *("--listen-client-urls", f"http://127.0.0.1:{store}"),
            *("--advertise-client-urls", f"http://127.0.0.1:{store}"),
            *("--listen-peer-urls", f"http://127.0.0.1:{peers}"),
        ],
        [
            *("kube-apiserver", "--etcd-servers", f"http://127.0.0.1:{store}", "--cert-dir", str(folder / "certs")),
            *("--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--secure-port", str(port)),
            *("--service-cluster-ip-range=10.0.0.0/24", "--service-account-issuer=https://127.0.0.1"),
            *("--service-account-key-file", str(key), "--service-account-signing-key-file", str(key)),
            *("--token-auth-file", str(tokens), "--authorization-mode=RBAC"),
            # no controller makes the accounts that it waits for
            *("--disable-admission-plugins=ServiceAccount", "--enable-priority-and-fairness=false"),
            # as every managed cluster: without it no privileged daemon is admitted
            "--allow-privileged=true",
        ],
    ]
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            program = shutil.which(command[0])
            assert program is not None, f"{command[0]} is not on PATH"
            with (folder / f"{command[0]}.log").open("wb") as log:
                processes.append(subprocess.Popen([program, *command[1:]], stdout=log, stderr=subprocess.STDOUT))
        server = ApiServer(port)
        _await_ready(server, processes, folder)
        yield server
    finally:
        # nothing in the store is worth an orderly end
        for process in processes:
            process.kill()
            process.wait()


def _await_ready(server: ApiServer, processes: list[subprocess.Popen[bytes]], folder: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if any(process.poll() is not None for process in processes):
            break
        try:
            # the namespace is made after the start
            if (
                server.call("GET", "/readyz")[0] == 200
                and server.call("GET", "/api/v1/namespaces/kube-system")[0] == 200
            ):
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    logs = "\n".join(file.read_text(errors="replace")[-1500:] for file in sorted(folder.glob("*.log")))
    raise RuntimeError(f"the API server does not start:\n{logs}")


def _write_key(file: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
