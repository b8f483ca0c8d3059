"""Envoy itself runs what is planned for the router: the same configuration, with upstreams and a metadata server here.

Only what must be elsewhere is put elsewhere: ports, the addresses of the models' services and of keys, the file of
trusted authorities, the folder of captures. Host names, certificates, tokens, weights and filters are the planned ones.
"""

from __future__ import annotations

import base64
import http.client
import json
import math
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme
from entry import FOLDER, Certificates, scripts_of
from inside import ADMIN, KEYS, check_inside, keys, newest_replicas
from redacted import check_redaction

REQUESTS = 400
CALLER = "Bearer the-callers-own-secret"
BODY = b'{"card": "4111-1111"}'
ANSWER = b'{"score": 0.5}'
TOKEN = "x-serverless-authorization"
VARIANT = "x-mlplatform-variant"

Json = dict[str, Any]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """An HTTP server that keeps what it was asked."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.asked_for: set[str | None] = set()
        """Names that clients asked for in their TLS handshakes."""
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                reply = answer(self.path)
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            do_GET = do_POST = handle_any  # noqa: N815 - the library's names

            def log_message(self, *_: object) -> None:
                pass

        self.seen = seen
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if context:
            context.sni_callback = lambda _socket, name, _context: self.asked_for.add(name)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> bytes:
        """The body of every answer."""
        return ANSWER


class Metadata(Server):
    """The metadata server: an identity token for the audience that is asked for."""

    def answer(self, path: str) -> bytes:
        """A token, as far as Envoy looks at it: header, claims, signature."""
        audience = parse_qs(urlsplit(path).query).get("audience", [""])[0]
        return token(audience).encode()


def token(audience: str) -> str:
    """The token of an audience."""
    claims = {"aud": audience, "exp": 4_000_000_000, "iss": "https://accounts.google.com"}
    parts = ({"alg": "RS256", "kid": "1", "typ": "JWT"}, claims)
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*texts, base64.urlsafe_b64encode(b"signature of " + audience.encode()).decode().rstrip("=")])


def walk(value: object) -> Iterator[Json]:
    """Every object at any depth."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


class Keys(Server):
    """The issuer of the cluster's tokens: its keys."""

    def answer(self, path: str) -> bytes:
        """The keys."""
        return keys()


class Run:
    """One planned configuration, running."""

    def __init__(self, where: str, planned: Json, folder: Path, certificates: Certificates) -> None:
        self.where = where
        self.config = planned
        self.folder = folder
        self.failures: list[str] = []
        self.metadata = Metadata()
        self.models: dict[str, Server] = {}
        self.hosts: dict[str, str] = {}
        self.taps = folder / "taps"
        self.taps.mkdir()
        self.certificates = certificates
        self.entry_port = 0
        # beside a server of language models: its metrics alone are led out
        self.only_metrics = [each["name"] for each in planned["static_resources"]["listeners"]] == ["metrics"]
        self._adapt()

    def expect(self, holds: bool, words: str) -> None:
        """Note a failure."""
        if not holds:
            self.failures.append(f"{self.where}: {words}")

    def _adapt(self) -> None:
        authority = trustme.CA()
        trusted = self.folder / "trusted.pem"
        authority.cert_pem.write_to_path(str(trusted))
        ports: dict[int, int] = {}
        for cluster in self.config["static_resources"].get("clusters", []):
            # one without has its addresses from others
            for place in walk(cluster.get("load_assignment", {})):
                address = place.get("address")
                if not isinstance(address, dict) or "socket_address" not in address:
                    continue
                at = address["socket_address"]
                host = at["address"]
                if self.only_metrics:
                    self.models[cluster["name"]] = Server()
                    at["port_value"] = self.models[cluster["name"]].port
                    continue
                if host == "127.0.0.1":
                    at["port_value"] = ports.setdefault(at["port_value"], free_port())
                    continue
                if host == "metadata.google.internal":
                    port = self.metadata.port
                elif cluster["name"] == KEYS:
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    authority.issue_cert(host).configure_cert(context)
                    port = Keys(context).port
                elif "transport_socket" not in cluster:
                    self.models[cluster["name"]] = Server()
                    port = self.models[cluster["name"]].port
                else:
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    authority.issue_cert(host).configure_cert(context)
                    self.models[cluster["name"]] = Server(context)
                    self.hosts[cluster["name"]] = host
                    port = self.models[cluster["name"]].port
                cluster.pop("cluster_type", None)
                cluster["type"] = "STATIC"
                at.update(address="127.0.0.1", port_value=port)
                # the name that the planned address had
                place["hostname"] = host
        for place in walk(self.config):
            if place.get("filename") == "/etc/ssl/certs/ca-certificates.crt":
                place["filename"] = str(trusted)
            if isinstance(place.get("pipe"), dict):
                # a name of the kernel's, which all of this machine share
                place["pipe"]["path"] = f"@{self.folder.name}"
            for key in ("path", "filename"):
                if str(place.get(key)).startswith(FOLDER):
                    place[key] = place[key].replace(FOLDER, str(self.certificates.folder), 1)
            if isinstance(place.get("path_prefix"), str):
                place["path_prefix"] = str(self.taps / "request")
        for listener in self.config["static_resources"]["listeners"]:
            at = listener["address"]["socket_address"]
            if listener["name"] == "metrics":
                self.metrics_port = free_port()
                if self.only_metrics:
                    self.port = self.metrics_port
                at.update(address="127.0.0.1", port_value=self.metrics_port)
            elif listener["name"] == "entry":
                self.entry_port = free_port()
                at.update(address="127.0.0.1", port_value=self.entry_port)
            elif at["address"] == "0.0.0.0":
                self.port = free_port()
                at.update(address="127.0.0.1", port_value=self.port)
            else:
                at["port_value"] = ports.setdefault(at["port_value"], free_port())

    def start(self) -> subprocess.Popen[bytes]:
        """Envoy, once it answers its own probe."""
        file = self.folder / "envoy.json"
        file.write_text(json.dumps(self.config), encoding="utf-8")
        log = (self.folder / "envoy.log").open("wb")
        process = subprocess.Popen(
            ["envoy", "-c", str(file), "--concurrency", "1", "--log-level", "warning", "--use-dynamic-base-id"],
            stdout=log,
            stderr=log,
        )
        for _ in range(200):
            try:
                if self.ask("/metrics" if self.only_metrics else "/-/ready")[0] == 200:
                    return process
            except OSError:
                time.sleep(0.1)
        process.terminate()
        process.wait()
        raise RuntimeError((self.folder / "envoy.log").read_text(encoding="utf-8")[-3000:])

    def ask(
        self, path: str, body: bytes | None = None, authorization: str = CALLER
    ) -> tuple[int, dict[str, str], bytes]:
        """One request, with everything that a caller may send along."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {
            "authorization": authorization,
            TOKEN: CALLER,
            "proxy-authorization": CALLER,
            "host": "endpoint.example",
            "content-type": "application/json",
            "x-trace": "kept",
            # what a caller may not decide: Envoy's own controls
            "x-envoy-upstream-rq-timeout-ms": "1",
            "x-envoy-retry-on": "5xx",
        }
        connection.request("POST" if body else "GET", path, body=body, headers=sent)
        answer = connection.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def reached(self) -> tuple[int, ...]:
        """How much has arrived at each model and in the captures."""
        return (len(list(self.taps.iterdir())), *(len(model.seen) for model in self.models.values()))

    def share(self, what: str, got: int, of: int, percent: float) -> None:
        """A share is that of a fair draw: within four standard deviations."""
        expected, spread = of * percent / 100, 4 * math.sqrt(max(of * percent / 100 * (1 - percent / 100), 0.0))
        self.expect(abs(got - expected) <= spread, f"{what}: {got} of {of}, expected {expected:.0f} ± {spread:.0f}")


def check_waiting(run: Run) -> str:
    """An endpoint that waits for its model says so, and is healthy."""
    status, headers, body = run.ask("/predict", BODY)
    run.expect(status == 503, f"answers {status} while it waits")
    run.expect(headers.get("content-type") == "application/json", f"content type {headers.get('content-type')}")
    run.expect("waits for its first model" in json.loads(body)["error"], f"says {body!r}")
    return "waits"


def check_metrics(run: Run) -> str:
    """The metrics of the server beside it come out, and nothing reaches what takes prompts."""
    status, _, body = run.ask("/metrics")
    run.expect((status, body) == (200, ANSWER), f"/metrics answers {status}: {body!r}")
    for path in ("/v1/completions", "/metrics/..", "/", "/metrics/x"):
        run.expect((status := run.ask(path, BODY)[0]) == 404, f"{path} answers {status}")
    (server,) = run.models.values()
    asked = {path for _, path, _, _ in server.seen}
    run.expect(asked == {"/metrics"}, f"the server was asked for {sorted(asked)}")
    return "metrics alone"


def check_routed(run: Run, role_of_shadow: str | None, weights: dict[str, float], mirrored: int, captured: int) -> str:
    """Shares, mirror, headers and captures of many requests."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda index: run.ask(f"/predict?request={index}", BODY), range(REQUESTS)))
    # copies and captures end after the answers
    deadline = time.monotonic() + 10
    before = None
    while time.monotonic() < deadline and before != (before := run.reached()):
        time.sleep(0.5)
    run.expect({status for status, _, _ in answers} == {200}, f"answers {Counter(s for s, _, _ in answers)}")
    run.expect({body for _, _, body in answers} == {ANSWER}, "another answer than the model's")
    named = Counter(headers.get(VARIANT, "none") for _, headers, _ in answers)
    for variant, weight in weights.items():
        reached = len(run.models[variant].seen)
        run.share(f"requests to {variant}", reached, REQUESTS, weight)
        run.expect(named[variant] == reached, f"{named[variant]} answers name {variant}, which had {reached} requests")
    shadow = len(run.models[role_of_shadow].seen) if role_of_shadow else 0
    run.share("copies to the shadow", shadow, REQUESTS, mirrored)
    for role, model in run.models.items():
        check_headers(run, role, model)
    kept = check_captures(run, captured)
    return f"{REQUESTS} requests over {len(weights)}, {shadow} copies, {kept} captures"


def check_headers(run: Run, role: str, model: Server) -> None:
    """Which headers reach a model: its own host and token, and nothing of the caller's identity."""
    host = run.hosts[role]
    run.expect(model.asked_for <= {host}, f"{role} was asked for a certificate of {model.asked_for}")
    for _, path, headers, body in model.seen:
        asked = urlsplit(path).path
        run.expect(asked == "/predict" and body == BODY, f"{role} was asked {path} with {body!r}")
        run.expect(headers["host"] == host, f"{role} was called by the name {headers['host']}, not {host}")
        run.expect(
            headers.get(TOKEN) == f"Bearer {token(f'https://{host}')}", f"{role} got the token {headers.get(TOKEN)}"
        )
        run.expect("authorization" not in headers, f"{role} got the caller's authorization")
        run.expect(CALLER not in headers.values(), f"{role} got the caller's secret: {headers}")
        run.expect(headers.get("x-trace") == "kept", f"{role} did not get the caller's other headers")
        if run.failures:
            return


def check_captures(run: Run, percent: int) -> int:
    """What is kept: the share that is asked for, whole, without any identity, and without probes."""
    files = sorted(run.taps.glob("*.json"))
    run.share("captures", len(files), REQUESTS, percent)
    for file in files:
        text = file.read_text(encoding="utf-8")
        trace = json.loads(text)["http_buffered_trace"]
        headers = {one["key"].lower(): one.get("value", "") for one in trace["request"]["headers"]}
        run.expect("Bearer" not in text, f"a capture holds a token: {headers}")
        run.expect(not re.search(r"eyJ[\w-]+\.eyJ", text), "a capture holds a JWT")
        held = {"authorization", TOKEN, "proxy-authorization"} & set(headers)
        run.expect(not held, f"a capture holds {held}")
        run.expect(headers[":path"].startswith("/predict"), f"{headers[':path']} was captured")
        for side, body in (("request", BODY), ("response", ANSWER)):
            kept = base64.b64decode(trace[side]["body"]["as_bytes"])
            run.expect(kept == body, f"the {side} was captured as {kept!r}")
        answered = {one["key"].lower(): one.get("value", "") for one in trace["response"]["headers"]}
        run.expect(bool(answered.get(VARIANT)), "a capture does not name the variant that answered")
        timed = all("headers_received_time" in trace[side] for side in ("request", "response"))
        run.expect(timed, "a capture does not say when a request came, and when its answer")
        if run.failures:
            break
    check_redaction(run)
    return len(files)


def planned_shares(config: Json) -> tuple[dict[str, float], str | None, int, int] | None:
    """Shares, the shadow's cluster, the mirrored and the captured share that a configuration promises, in per cent."""
    weights: dict[str, float] = {}
    mirrored, captured = 0, 0
    for place in walk(config):
        if "weighted_clusters" in place:
            split = place["weighted_clusters"]["clusters"]
            total = sum(one["weight"] for one in split)
            weights = {one["name"]: 100 * one["weight"] / total for one in split}
        for policy in place.get("request_mirror_policies", ()):
            mirrored = policy["runtime_fraction"]["default_value"]["numerator"]
        if "sample_percent" in place:
            captured = place["sample_percent"]["default_value"]["numerator"]
    named = [c for c in config["static_resources"].get("clusters", []) if c["name"] not in (KEYS, ADMIN)]
    names = {c["name"] for c in named if "transport_socket" in c or "cluster_type" in c}
    newest = {newest_replicas(name) for name in weights}
    shadow = next(iter(names - set(weights) - newest), None)
    return (weights, shadow, mirrored, captured) if weights else None


def main() -> int:
    """Run every planned configuration; the exit code is not zero if anything is not as it should be."""
    planned = json.loads(Path(os.environ["MLPLATFORM_PLANNED"]).read_text(encoding="utf-8"))
    texts = {
        item["text"]: f"{item['spec']} {item['name']}"
        for item in planned["strings"]
        # the front of the tracking server runs before MLflow itself, in the proof of tracking
        if item["language"] == "Envoy configuration (JSON)" and '"cluster":"mlflow"' not in item["text"]
    }
    scripts = scripts_of([item["text"] for item in planned["strings"]])
    failures: list[str] = []
    told: list[str] = []
    for text, where in texts.items():
        with tempfile.TemporaryDirectory() as folder:
            config = json.loads(text)
            provider = next((place["providers"]["cluster"] for place in walk(config) if "providers" in place), None)
            certificates = Certificates(Path(folder), scripts)
            if provider and f'"{FOLDER}' in text:
                # what the planned containers do before Envoy starts; the last of the names is the public one
                certificates.put(provider["audiences"][-1], scripts[0])
            file = Path(folder) / "planned.json"
            # Envoy starts with no path that is not there
            file.write_text(text.replace(f'"{FOLDER}', f'"{certificates.folder}'), encoding="utf-8")
            done = subprocess.run(["envoy", "--mode", "validate", "-c", str(file)], capture_output=True, text=True)
            if done.returncode:
                failures.append(f"{where}: Envoy refuses it: {done.stderr.strip()[-1500:]}")
                continue
            shares = planned_shares(config)
            run = Run(where, config, Path(folder), certificates)
            process = run.start()
            try:
                if run.only_metrics:
                    told.append(f"{where}: {check_metrics(run)}")
                elif shares is None:
                    told.append(f"{where}: {check_waiting(run)}")
                else:
                    weights, shadow, mirrored, captured = shares
                    if provider:
                        said = check_inside(run, provider, weights, shadow, mirrored, captured)
                    else:
                        said = check_routed(run, shadow, weights, mirrored, captured)
                    told.append(f"{where}: {said}")
            finally:
                process.terminate()
                process.wait()
            warned = (Path(folder) / "envoy.log").read_text(encoding="utf-8")
            if "deprecated" in warned.lower():
                failures.append(f"{where}: Envoy warns: {warned[-1500:]}")
            failures += run.failures
    print("\n".join([*told, *failures]))
    kinds = {
        kind: sum(kind in line for line in told) for kind in ("waits", "requests", "refused", "at the entry", "alone")
    }
    print(
        f"{len(texts)} configurations run: {kinds['requests']} route, {kinds['refused']} of them in the cluster, "
        f"{kinds['waits']} wait, {kinds['at the entry']} have a public entry, {kinds['alone']} lead out metrics alone"
    )
    if not all(kinds.values()):
        print("a kind of configuration was not planned: the specs or the table of languages changed")
        return 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
