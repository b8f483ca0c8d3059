"""The router of an endpoint on the cluster: who may call, where requests go, and what it counts of them."""

from __future__ import annotations

import base64
import http.client
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from entry import check_entry
from redacted import check_redaction

if TYPE_CHECKING:
    from prove import Run

REQUESTS = 400
BODY = b'{"card": "4111-1111"}'
VARIANT = "x-mlplatform-variant"
KEYS, ADMIN = "_keys", "_admin"
NEXT, PREVIEW = "_next", "_preview"
GONE_SECONDS = 20
"""Three checks of a replica's health, one every five seconds."""
HEALTH_CHECK = "Envoy/HC"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FOREIGN = rsa.generate_private_key(public_exponent=65537, key_size=2048)

Json = dict[str, Any]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def keys() -> bytes:
    """The cluster's keys, as its issuer shows them."""
    numbers = KEY.public_key().public_numbers()
    n, e = (_text(number.to_bytes((number.bit_length() + 7) // 8)) for number in (numbers.n, numbers.e))
    return json.dumps({"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": n, "e": e}]}).encode()


def token(key: rsa.RSAPrivateKey, **claims: object) -> str:
    """A signed token of a service account."""
    parts = [_text(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1", "typ": "JWT"}, claims)]
    signed = ".".join(parts)
    return f"Bearer {signed}.{_text(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def newest_replicas(upstream: str) -> str:
    """The models that the requests to an upstream reach: of a canary those that have another name."""
    return upstream.replace(NEXT, PREVIEW)


def check_inside(
    run: Run, provider: Json, weights: dict[str, float], shadow: str | None, mirrored: int, captured: int
) -> str:
    """Tokens, shares, copies, headers, captures and metrics of many requests, and the end of a canary."""
    audience = provider["audiences"][0]
    account = re.sub(r"\((.*?)[|)].*", r"\1", provider["subjects"]["safe_regex"]["regex"])
    good: Json = {"aud": [audience], "sub": account, "exp": 4_000_000_000, "iss": "https://issuer.example"}
    caller = token(KEY, **good)
    _until(run, lambda: run.ask("/predict", BODY, caller)[0] == 200, "the first answer")
    before = {role: _reached(run, role) for role in run.models}
    refused = {
        "no token": "",
        "a token for another endpoint": token(KEY, **{**good, "aud": ["other.endpoints.svc.cluster.local"]}),
        "a token of another account": token(KEY, **{**good, "sub": f"{account}-2"}),
        "a token of another cluster": token(FOREIGN, **good),
        "a token that has ended": token(KEY, **{**good, "exp": 1_000_000_000}),
        "a token without an end": token(KEY, **{name: value for name, value in good.items() if name != "exp"}),
    }
    for what, sent in refused.items():
        status = run.ask("/predict", BODY, sent)[0]
        run.expect(status in (401, 403), f"{what} was answered with {status}")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda index: run.ask(f"/predict?request={index}", BODY, caller), range(REQUESTS)))
    time.sleep(2)
    run.expect({status for status, _, _ in answers} == {200}, f"answers {Counter(s for s, _, _ in answers)}")
    named = Counter(headers.get(VARIANT, "none") for _, headers, _ in answers)
    reached = {role: _reached(run, role) - before[role] for role in run.models}
    for upstream, weight in weights.items():
        run.share(f"requests to {upstream}", reached[newest_replicas(upstream)], REQUESTS, weight)
    for variant in {upstream.partition(NEXT)[0] for upstream in weights}:
        came = sum(count for role, count in reached.items() if role.partition(PREVIEW)[0] == variant)
        run.expect(named[variant] == came, f"{named[variant]} answers name {variant}: {came} came")
    files = list(run.taps.iterdir())
    run.share("captures", len(files), REQUESTS, captured)
    secret = caller.removeprefix("Bearer ")
    run.expect(not any(secret in file.read_text("utf-8") for file in files), "a caller's token is captured")
    check_redaction(run)
    if shadow:
        run.share("copies to the shadow", reached[shadow], REQUESTS, mirrored)
    for role, model in run.models.items():
        for _, path, headers, body in model.seen:
            if headers.get("user-agent") != HEALTH_CHECK:
                run.expect("authorization" not in headers, f"{role} got the caller's token")
                run.expect(path.startswith("/predict") and body == BODY, f"{role} was asked {path} with {body!r}")
    told = check_metrics(run, len(refused))
    outside = ""
    if run.entry_port:
        outside = f", {check_entry(run, provider['audiences'][-1], caller, refused['a token of another account'])}"
    if any(NEXT in upstream for upstream in weights):
        check_taken_back(run, caller)
    copies = reached[shadow] if shadow else 0
    return f"{REQUESTS} requests over {len(weights)}, {copies} copies, {told} series, {len(refused)} refused{outside}"


def check_taken_back(run: Run, caller: str) -> None:
    """Once the newest replicas are gone, those that serve answer their share too."""
    for role, model in run.models.items():
        if PREVIEW in role:
            model.server.shutdown()
            model.server.server_close()
    time.sleep(GONE_SECONDS)
    answers = Counter(run.ask("/predict", BODY, caller)[0] for _ in range(100))
    run.expect(set(answers) == {200}, f"after the canary answers are {dict(answers)}")


def check_metrics(run: Run, refused: int) -> int:
    """The metrics are those that alerts read, and nothing else of the administration is led out."""
    for path in ("/", "/quitquitquit", "/config_dump", "/stats", "/stats/prometheus/../../quitquitquit"):
        run.expect(_get(run.metrics_port, path)[0] == 404, f"the port of metrics answers {path}")
    status, text = _get(run.metrics_port, "/stats/prometheus")
    run.expect(status == 200, f"metrics are answered with {status}")
    series = dict(re.findall(r"^(\w+\{.*?\}) (\S+)$", text, re.MULTILINE))
    for role in run.models:
        # answers of the newest replicas are counted where requests were sent, the replicas where they are
        names = [f'envoy_cluster_name="{name}"' for name in {role, role.replace(PREVIEW, NEXT)}]
        found = {
            name: value
            for name, value in series.items()
            if any(each in name for each in names) and "mlplatform_endpoint" in name
        }
        answered = sum(int(v) for n, v in found.items() if n.startswith("envoy_cluster_upstream_rq_xx"))
        run.expect(
            answered == _reached(run, role), f"{role}: {answered} requests are counted, {_reached(run, role)} came"
        )
        for metric in ("membership_healthy", "membership_total", "upstream_rq_active", "upstream_rq_time_count"):
            run.expect(any(n.startswith(f"envoy_cluster_{metric}{{") for n in found), f"{role} has no {metric}")
    denied = sum(int(v) for n, v in series.items() if n.startswith("envoy_http_jwt_authn_denied"))
    run.expect(denied >= refused, f"{denied} refusals are counted of {refused}")
    for end in ("success", "failed"):
        run.expect(any(n.startswith(f"envoy_http_jwt_authn_jwks_fetch_{end}{{") for n in series), f"no fetches: {end}")
    return len(series)


def _reached(run: Run, role: str) -> int:
    return sum(headers.get("user-agent") != HEALTH_CHECK for _, _, headers, _ in run.models[role].seen)


def _get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def _until(run: Run, holds: Callable[[], bool], what: str) -> None:
    for _ in range(100):
        if holds():
            return
        time.sleep(0.2)
    run.expect(False, f"{what} did not come")
