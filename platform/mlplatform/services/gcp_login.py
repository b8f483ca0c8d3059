"""A token of Google for a job that has one of its CI system: workload identity federation, without an SDK.

https://docs.cloud.google.com/iam/docs/workload-identity-federation-with-other-providers; the document is that of
https://google.aip.dev/auth/4117
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

from mlplatform.services.gcp_api import GoogleRefused
from mlplatform.services.rest import Transport, ask, send

DOCUMENT = "GOOGLE_APPLICATION_CREDENTIALS"
"""Variable with the file of the document, as Google's own libraries read it."""

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def is_federated(environment: Mapping[str, str]) -> bool:
    """Whether a job's variables name a document that exchanges a token from a file for one of a service account."""
    try:
        document = json.loads(Path(environment[DOCUMENT]).read_text("utf-8"))
        return document["type"] == "external_account" and "file" in document["credential_source"]
    except (KeyError, TypeError, OSError, ValueError):
        return False


def federated_token(
    environment: Mapping[str, str], transport: Transport | None = None, sleep: Callable[[float], None] = time.sleep
) -> str:
    """The token of the service account that trusts the job.

    Args:
        environment: variables of the job.
        transport: how requests are sent.
        sleep: waits between attempts.

    Raises:
        GoogleRefused: it does not trust the job.
        KeyError: the document lacks a field.
        OSError: a file cannot be read.
    """
    document = cast("dict[str, object]", json.loads(Path(environment[DOCUMENT]).read_text("utf-8")))
    source = cast("dict[str, str]", document["credential_source"])

    def post(url: str, body: str, headers: Mapping[str, str]) -> dict[str, object]:
        answer, good = ask(transport or send, sleep, "POST", url, body.encode(), headers)
        if not good:
            raise GoogleRefused("POST", url, answer)
        return answer.json()

    # as google-auth sends it: google/oauth2/sts.py
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": document["audience"],
        "scope": _SCOPE,
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "subject_token": Path(source["file"]).read_text("utf-8").strip(),
        "subject_token_type": document["subject_token_type"],
    }
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    token = str(post(str(document["token_url"]), urlencode(asked), form)["access_token"])
    account = document.get("service_account_impersonation_url")
    if account is None:
        return token
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    return str(post(str(account), json.dumps({"scope": [_SCOPE]}), headers)["accessToken"])
