"""Makes Airflow's keys inside of the cluster, once: they are in no state, no plan and no values of a chart.

Also the login of the platform's starter, in the starter's namespace, where that is named. It has nothing but Python's
own library.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import ssl
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import cast

KEYS = "keys"
"""Secret with the keys; the chart is told of it."""

STARTER = "starter"
"""Airflow's user of the starter."""

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""What a pod has of its service account."""

SECONDS = 20


def new_keys() -> dict[str, str]:
    """Values by the names that Airflow's chart has for them, and the starter's password."""
    return {
        # 32 bytes in the alphabet of addresses, https://cryptography.io/en/latest/fernet/
        "fernet-key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "api-secret-key": secrets.token_hex(32),
        "jwt-secret": secrets.token_hex(64),
        "starter-password": secrets.token_urlsafe(32),
    }


def main(namespace: str, starter: str) -> None:
    """Make what is not there.

    Args:
        namespace: of Airflow.
        starter: namespace of the starter; empty where it starts nothing in Airflow.
    """
    keys = new_keys()
    if not _create(namespace, KEYS, keys):
        keys = _read(namespace, KEYS)
    login = {"username": STARTER, "password": keys["starter-password"]}
    if starter and not _create(starter, "airflow-login", login):
        _ask("PATCH", f"{starter}/secrets/airflow-login", {"data": _encoded(login)})


def _create(namespace: str, name: str, values: dict[str, str]) -> bool:
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": _encoded(values)}
    try:
        _ask("POST", f"{namespace}/secrets", body)
    except urllib.error.HTTPError as refused:
        if refused.code != 409:
            raise
        return False
    return True


def _read(namespace: str, name: str) -> dict[str, str]:
    found = cast("dict[str, dict[str, str]]", _ask("GET", f"{namespace}/secrets/{name}"))["data"]
    return {key: base64.b64decode(value).decode() for key, value in found.items()}


def _encoded(values: dict[str, str]) -> dict[str, str]:
    return {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}


def _ask(method: str, path: str, body: object = None) -> object:
    host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ["KUBERNETES_SERVICE_PORT"]
    kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
    request = urllib.request.Request(
        f"{os.environ.get('KUBERNETES_SCHEME', 'https')}://{host}:{port}/api/v1/namespaces/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {(ACCOUNT / 'token').read_text().strip()}", "Content-Type": kind},
        method=method,
    )
    authority = ACCOUNT / "ca.crt"
    trusted = ssl.create_default_context(cafile=str(authority)) if authority.is_file() else None
    with urllib.request.urlopen(request, timeout=SECONDS, context=trusted) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
