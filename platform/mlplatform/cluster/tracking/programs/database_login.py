"""Logs in to the tracking server's database: each new connection gets a password or token that is valid now.

Python imports this file as `sitecustomize` in every process of the server, because MLflow itself takes a password once
and keeps it. It has nothing but Python's own library and what the server's image has.
"""

from __future__ import annotations

import json
import os
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

SECONDS = 10
"""Longest wait for a password or token."""


def password() -> str:
    """What the database takes now."""
    return LOGINS[os.environ["TRACKING_LOGIN"]]()


def _aws_secret() -> str:
    """The password that Secrets Manager has; it makes another one every seven days."""
    client = cast("Any", import_module("boto3")).client("secretsmanager")
    found = client.get_secret_value(SecretId=os.environ["TRACKING_SECRET"])
    return json.loads(found["SecretString"])["password"]


def _google_token() -> str:
    """A token of the pod's service account, https://docs.cloud.google.com/sql/docs/postgres/iam-logins"""
    host = os.environ.get("GCE_METADATA_HOST", "metadata.google.internal")
    url = f"http://{host}/computeMetadata/v1/instance/service-accounts/default/token"
    return _ask(urllib.request.Request(url, headers={"Metadata-Flavor": "Google"}))


def _entra_token() -> str:
    """A token of the pod's managed identity, for the token of its service account, which AKS puts into the pod.

    https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-configure-sign-in-azure-ad-authentication
    """
    authority = os.environ["AZURE_AUTHORITY_HOST"].rstrip("/")
    form = {
        "grant_type": "client_credentials",
        "client_id": os.environ["AZURE_CLIENT_ID"],
        "scope": "https://ossrdbms-aad.database.windows.net/.default",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": Path(os.environ["AZURE_FEDERATED_TOKEN_FILE"]).read_text(encoding="utf-8"),
    }
    url = f"{authority}/{os.environ['AZURE_TENANT_ID']}/oauth2/v2.0/token"
    return _ask(urllib.request.Request(url, data=urllib.parse.urlencode(form).encode()))


def _entra_identity() -> str:
    """A token of the app's managed identity, which Container Apps hands out.

    https://learn.microsoft.com/azure/container-apps/managed-identity#rest-endpoint-reference
    """
    asked = {
        "resource": "https://ossrdbms-aad.database.windows.net",
        "api-version": "2019-08-01",
        "client_id": os.environ["AZURE_CLIENT_ID"],
    }
    url = f"{os.environ['IDENTITY_ENDPOINT']}?{urllib.parse.urlencode(asked)}"
    return _ask(urllib.request.Request(url, headers={"X-IDENTITY-HEADER": os.environ["IDENTITY_HEADER"]}))


def _token_url() -> str:
    """A token from an address that answers as OAuth's do, `{"access_token": …}`, and knows who asks.

    Headers that it wants are lines of `TRACKING_TOKEN_HEADERS`, as `Name: value`.
    """
    lines = os.environ.get("TRACKING_TOKEN_HEADERS", "").splitlines()
    headers = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines) if value}
    return _ask(urllib.request.Request(os.environ["TRACKING_TOKEN_URL"], headers=headers))


LOGINS: Mapping[str, Callable[[], str]] = {
    "aws-secret": _aws_secret,
    "google-token": _google_token,
    "entra-token": _entra_token,
    "entra-identity": _entra_identity,
    "token-url": _token_url,
}
"""Where the password comes from, by the value of TRACKING_LOGIN."""


def _ask(request: urllib.request.Request) -> str:
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.load(answer)["access_token"]


def _trust_authority() -> None:
    """The database's certificate is checked with the authorities that the cloud's stack names, or that are where it
    says."""
    named, place = os.environ.get("TRACKING_AUTHORITY"), os.environ.get("TRACKING_AUTHORITY_FROM")
    file = Path(os.environ.get("TMPDIR", "/tmp")) / "database-authority.pem"
    if place and not file.is_file():
        named = _fetched(place)
    if named:
        # whole or not there: the server's processes start beside each other
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(named, encoding="utf-8")
        part.replace(file)
    if named or place:
        os.environ["PGSSLROOTCERT"] = str(file)


def _fetched(place: str) -> str:
    """What is at an address of the web, whose host the system's authorities know, or of S3."""
    if place.startswith("s3://"):
        bucket, _, key = place.removeprefix("s3://").partition("/")
        client = cast("Any", import_module("boto3")).client("s3")
        return client.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    with urllib.request.urlopen(place, timeout=SECONDS) as answer:
        return answer.read().decode()


def register() -> None:
    """Give every connection that SQLAlchemy makes the password of that moment."""
    _trust_authority()
    engine = cast("Any", import_module("sqlalchemy.engine")).Engine

    def log_in(_dialect: object, _record: object, _arguments: object, parameters: dict[str, object]) -> None:
        parameters["password"] = password()

    cast("Any", import_module("sqlalchemy.event")).listen(engine, "do_connect", log_in)


if __name__ == "sitecustomize":
    register()
