"""Asks registries for the digest behind a tag: by `crane` where it is on PATH, which knows the user's logins, else by
the registries' own protocol, without a login.

https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from mlplatform.cluster.images.address import DOCKER_HUB, ImageAddress

_SECONDS = 30
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_ACCEPT = ", ".join(
    (
        # a list of images by machine first: its digest fits nodes of every kind
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_API_HOSTS: Mapping[str, str] = {DOCKER_HUB: "registry-1.docker.io"}
"""Hosts that answer for a registry under another name."""


class NotResolved(Exception):
    """A registry gave no digest; the text says which image and why."""


def read_digest(image: ImageAddress, *, scheme: str = "https") -> str:
    """The digest of an image with a tag.

    Args:
        image: the image.
        scheme: of the registry's address. Omitted: `https`.

    Raises:
        NotResolved: the registry does not have it, refuses, or cannot be reached.
    """
    if shutil.which("crane"):
        return _by_crane(image)
    try:
        return _by_protocol(image, scheme)
    except HTTPError as error:
        login = ", or asks for a login: put `crane` on PATH, which knows yours" if error.code in (401, 403, 404) else ""
        raise NotResolved(
            f"{image}: the registry answered {error.code} {error.reason}; it does not have it{login}"
        ) from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise NotResolved(f"{image}: the registry was not reached: {' '.join(str(reason).split())[:200]}") from None


def _by_crane(image: ImageAddress) -> str:
    words = ["crane", "digest", str(image)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=4 * _SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotResolved(f"{image}: crane did not answer: {' '.join(str(error).split())[:200]}") from None
    digest = done.stdout.strip()
    if done.returncode or not _DIGEST.fullmatch(digest):
        said = " ".join((done.stderr or done.stdout).split())[-200:]
        raise NotResolved(f"{image}: crane found no digest: {said or 'it said nothing'}")
    return digest


def _by_protocol(image: ImageAddress, scheme: str) -> str:
    host = _API_HOSTS.get(image.host, image.host)
    address = f"{scheme}://{host}/v2/{image.path}/manifests/{image.tag}"
    headers = {"Accept": _ACCEPT}
    try:
        answer = _ask(address, headers)
    except HTTPError as error:
        challenge = error.headers.get("WWW-Authenticate") or ""
        if error.code != 401 or not challenge.lower().startswith("bearer "):
            raise
        token = _token(challenge, image, scheme)
        answer = _ask(address, {**headers, "Authorization": f"Bearer {token}"})
    digest = answer.headers.get("Docker-Content-Digest") or ""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"it sent the digest '{digest[:80]}'")
    return digest


def _token(challenge: str, image: ImageAddress, scheme: str) -> str:
    """A token for everybody, from where the registry says."""
    told = dict(_CHALLENGE.findall(challenge))
    realm = told.get("realm", "")
    if not realm.startswith(f"{scheme}://"):
        raise ValueError(f"it sends for a token to '{realm[:80]}'")
    asked = {"scope": told.get("scope") or f"repository:{image.path}:pull"}
    asked |= {"service": told["service"]} if "service" in told else {}
    with urlopen(Request(f"{realm}?{urlencode(asked)}"), timeout=_SECONDS) as answer:
        body = cast("object", json.load(answer))
    values = cast("Mapping[str, object]", body if isinstance(body, dict) else {})
    token = values.get("token") or values.get("access_token")
    if not isinstance(token, str):
        raise ValueError("it gave no token")
    return token


def _ask(address: str, headers: Mapping[str, str]) -> HTTPResponse:
    with urlopen(Request(address, headers=dict(headers), method="HEAD"), timeout=_SECONDS) as answer:
        return cast("HTTPResponse", answer)
