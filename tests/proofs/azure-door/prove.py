"""The door's own requests to queues and blobs, against Azurite, with tokens as a managed identity gets them.

Azurite reads a token's audience, issuer and times, not its signature: rights are not proven. Azure ML has no emulator.
"""

from __future__ import annotations

import base64
import json
import os
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "platform"))
sys.path.insert(0, str(Path(__file__).parents[1] / "dvc"))

from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: E402
from repository import free_port, server  # noqa: E402

from mlplatform.services.azure_api import STORAGE_API, AzureApi  # noqa: E402
from mlplatform.services.azure_texts import BlobTexts  # noqa: E402
from mlplatform.services.rest import HttpAnswer  # noqa: E402
from mlplatform.services.stored_text import WrittenMeanwhile  # noqa: E402
from mlplatform.steps.door import azure_inbox  # noqa: E402

ACCOUNT = "acmedoor"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The key that Azurite's own documentation names; it opens nothing else."""
IDENTITY = "http://localhost/msi/token"


def certificate(folder: Path) -> tuple[Path, Path]:
    """One for this run: Azurite takes tokens by TLS alone."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    return files


def token() -> str:
    """A token as Azure's directory writes one, without a signature that anybody could check."""
    now = int(time.time())
    claims = {
        "aud": "https://storage.azure.com",
        "iss": "https://sts.windows.net/55555555-6666-4777-8888-999999999999/",
        "iat": now - 60,
        "nbf": now - 60,
        "exp": now + 3600,
    }
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    words = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in parts]
    return ".".join([*words, "c2lnbmF0dXJl"])


def transport(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
    """As the door's own, but for the certificate, and with the identity's endpoint."""
    if url.startswith(IDENTITY):
        until = str(int(time.time()) + 3600)
        return HttpAnswer(200, json.dumps({"access_token": token(), "expires_on": until}).encode())
    request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(request, timeout=30, context=context) as found:
            return HttpAnswer(found.status, found.read(), {k.lower(): v for k, v in found.headers.items()})
    except urllib.error.HTTPError as refused:
        return HttpAnswer(refused.code, refused.read(), {k.lower(): v for k, v in refused.headers.items()})


def check(true: bool, words: str) -> None:
    """Stop where something does not hold."""
    if not true:
        raise SystemExit(f"not proven: {words}")


def make(api: AzureApi, queues: str, blobs: str) -> None:
    """What `up` makes: the queues and the container."""
    for url in (f"{queues}/door", f"{queues}/door-dead", f"{blobs}/pipelines?restype=container"):
        api.call("storage", "PUT", url)


def prove_queue(api: AzureApi, queues: str) -> None:
    """Messages come, are hidden, are deleted, and are put away."""
    queue = azure_inbox.StorageQueue(api, f"{queues}/door", f"{queues}/door-dead")
    check(not queue.receive(), "an empty queue gives nothing")
    for text in ('{"pipeline": "fraud"}', base64.b64encode(b'{"pipeline": "risk"}').decode(), "nobody <reads> & this"):
        body = f"<QueueMessage><MessageText>{azure_inbox.escape(text)}</MessageText></QueueMessage>".encode()
        api.call("storage", "POST", f"{queues}/door/messages", body, headers={"Content-Type": "application/xml"})
    found = queue.receive()
    bodies = [each.body for each in found]
    check(bodies == ['{"pipeline": "fraud"}', '{"pipeline": "risk"}', "nobody <reads> & this"], f"{bodies}")
    check(not queue.receive(), "what is received is hidden")
    for each in found[:2]:
        queue.done(each)
        queue.done(each)
    queue.bury(found[2], "not JSON")
    dead = azure_inbox.StorageQueue(api, f"{queues}/door-dead", f"{queues}/door-dead").receive()
    kept = json.loads(dead[0].body)
    check(kept == {"reason": "not JSON", "message": "nobody <reads> & this"}, f"dead letters: {kept}")


def prove_ledgers(api: AzureApi, blobs: str) -> None:
    """A ledger has one writer at a time."""
    ledgers = BlobTexts(api, f"{blobs}/pipelines/door")
    check(ledgers.read("fraud").text is None, "there is none at first")
    first = ledgers.write("fraud", '{"a": 1}', "")
    read = ledgers.read("fraud")
    check((read.text, read.version) == ('{"a": 1}', first), f"{read}")
    second = ledgers.write("fraud", '{"a": 2}', first)
    check(second != first, "each write has a version of its own")
    for version in (first, "", '"0x0"'):
        try:
            ledgers.write("fraud", "{}", version)
        except WrittenMeanwhile:
            continue
        raise SystemExit(f"not proven: a second writer with version {version!r} is refused")
    ledgers.append("fraud", "2026-11-03T081000Z-start-1", "{}")
    ledgers.append("fraud", "2026-11-03T081000Z-start-1", "{}")
    check(ledgers.read("fraud").text == '{"a": 2}', "the ledger is as the second writer left it")


def main() -> int:
    """Prove it; the exit code is not zero if anything fails."""
    programs = Path(os.environ["MLPLATFORM_PROOF_ENVIRONMENT"]) / "node_modules" / "azurite" / "dist" / "src"
    os.environ["AZURITE_ACCOUNTS"] = f"{ACCOUNT}:{KEY}"
    environment = {"IDENTITY_ENDPOINT": IDENTITY, "IDENTITY_HEADER": "s", "AZURE_CLIENT_ID": "c"}
    with tempfile.TemporaryDirectory() as scratch:
        cert, key = certificate(Path(scratch))
        api = AzureApi(environment, transport)
        at, queue = free_port(), free_port()
        both = ["--location", scratch, "--silent", "--oauth", "basic", "--cert", str(cert), "--key", str(key)]
        blob_words = ["node", str(programs / "blob" / "main.js"), "--blobHost", "127.0.0.1", "--blobPort", str(at)]
        queue_words = [
            "node",
            str(programs / "queue" / "main.js"),
            "--queueHost",
            "127.0.0.1",
            "--queuePort",
            str(queue),
        ]
        with server([*blob_words, *both], at), server([*queue_words, *both], queue):
            queues, blobs = f"https://127.0.0.1:{queue}/{ACCOUNT}", f"https://127.0.0.1:{at}/{ACCOUNT}"
            make(api, queues, blobs)
            prove_queue(api, queues)
            prove_ledgers(api, blobs)
            wrong = transport("GET", f"{queues}/door/messages", None, {"x-ms-version": STORAGE_API})
            check(wrong.status in (401, 403), f"a request without a token is refused: {wrong.status}")
    print("Azure queues and blobs: messages, dead letters, one writer of a ledger; rights and Azure ML are not proven")
    return 0


if __name__ == "__main__":
    sys.exit(main())
