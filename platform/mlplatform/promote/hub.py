"""Reads a hub of models by its web interface: what a commit has, and its files. Nothing of it is ever run.

https://huggingface.co/docs/hub/api; the fields are those that huggingface_hub reads of the same answers (2026-11).
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, cast
from urllib.parse import quote, urljoin, urlsplit

from mlplatform.json_text import NotJson, parse_json

HUB = "https://huggingface.co"

_SECONDS = 60.0
_MOST_ANSWER = 32 * 2**20
_LOCAL = ("127.0.0.1", "::1", "localhost")
_BLOCK = 2**20


class HubError(Exception):
    """The hub did not answer, or did not say what is needed; the text is for people."""


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a commit."""

    path: str
    """Its path in the repository."""

    size: int
    """Bytes."""

    sha256: str | None
    """SHA-256 of its content, which the hub knows of large files; None of others."""


@dataclass(frozen=True, slots=True)
class HubModel:
    """A commit of a model."""

    id: str
    """Its name."""

    revision: str
    """The whole commit that the hub means."""

    licence: str | None
    """What the hub calls its licence, in lower case; None where nobody says it."""

    files: tuple[HubFile, ...]
    """Its files."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub and who asks it."""

    address: str = HUB
    """Its address, without a slash at its end."""

    token: str | None = None
    """Token of a person, for models that are not for everybody. It is sent to the hub alone."""

    def model(self, name: str, revision: str) -> HubModel:
        """What a commit of a model has.

        Raises:
            HubError: there is no such commit, or the hub does not say what is needed.
        """
        where = f"{self.address}/api/models/{quote(name)}/revision/{quote(revision, safe='')}?blobs=true"
        with closing(self._open(where)) as answer:
            text = answer.read(_MOST_ANSWER + 1)
        try:
            said = parse_json(text.decode()) if len(text) <= _MOST_ANSWER else None
        except (NotJson, UnicodeDecodeError):
            said = None
        if not isinstance(said, dict):
            raise HubError(f"{where} answered with something else than a description of a model")
        given = cast("Mapping[str, object]", said)
        if given.get("sha") != revision:
            raise HubError(f"the hub means {given.get('sha')} by revision {revision} of {name}")
        return HubModel(name, revision, _licence(given), tuple(_files(given)))

    def blocks(self, model: HubModel, file: HubFile) -> Iterator[bytes]:
        """The bytes of a file.

        Raises:
            HubError: it does not come, or is longer than the hub said.
        """
        where = f"{self.address}/{quote(model.id)}/resolve/{model.revision}/{quote(file.path)}"
        come = 0
        try:
            with closing(self._open(where)) as answer:
                while block := answer.read(_BLOCK):
                    come += len(block)
                    if come > file.size:
                        break
                    yield block
        except (OSError, HTTPException) as error:
            raise HubError(f"{file.path}: the connection ended: {error}") from None
        if come != file.size:
            raise HubError(f"{file.path}: {'more' if come > file.size else 'fewer'} than the {file.size} bytes of it")

    def _open(self, where: str) -> HTTPResponse:
        request = urllib.request.Request(where, headers={"User-Agent": "mlplatform"})
        if self.token:
            # unlike headers that are given with the request, it is not sent on to the host that has the bytes
            request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            return cast("HTTPResponse", urllib.request.build_opener(_SafeRedirects).open(request, timeout=_SECONDS))
        except urllib.error.HTTPError as error:
            with closing(error):
                raise HubError(f"{where}: {_words(error.code, token=bool(self.token))}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            raise HubError(f"{where}: no answer: {reason}") from None


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows the hub to the host that has the bytes, and never from https to http."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """The next request, or a refusal."""
        target = urljoin(req.full_url, newurl)
        if not is_safe(target):
            raise HubError(f"{req.full_url} leads to {target}: only https addresses are followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def is_safe(address: str) -> bool:
    """Whether nobody on the way can change what comes: https, or this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)


def _words(code: int, *, token: bool) -> str:
    match code:
        case 401 | 403 if token:
            return f"{code}: HF_TOKEN may not read it; accept its terms at the hub with the token's account"
        case 401 | 403:
            return f"{code}: it is not for everybody, or not there; accept its terms at the hub and set HF_TOKEN"
        case 404:
            return "404: there is no such model, commit or file"
        case _:
            return f"the hub answered {code}"


def _licence(said: Mapping[str, object]) -> str | None:
    card = said.get("cardData")
    given = cast("Mapping[str, object]", card).get("license") if isinstance(card, dict) else None
    if given == "other" and isinstance(card, dict):
        given = cast("Mapping[str, object]", card).get("license_name") or given
    if given is None:
        tags = said.get("tags")
        words = cast("list[object]", tags) if isinstance(tags, list) else []
        given = next((str(word).partition(":")[2] for word in words if str(word).startswith("license:")), None)
    return given.strip().lower().replace(" ", "-") or None if isinstance(given, str) else None


def _files(said: Mapping[str, object]) -> Iterator[HubFile]:
    listed = said.get("siblings")
    for each in cast("list[object]", listed) if isinstance(listed, list) else []:
        entry = cast("Mapping[str, object]", each if isinstance(each, dict) else {})
        path, size = entry.get("rfilename"), entry.get("size")
        large = entry.get("lfs")
        if isinstance(large, dict):
            said_large = cast("Mapping[str, object]", large)
            digest, size = said_large.get("sha256"), said_large.get("size", size)
        else:
            digest = None
        if not isinstance(path, str) or not isinstance(size, int) or not (digest is None or isinstance(digest, str)):
            raise HubError("the hub does not say path, size and digest of each file")
        yield HubFile(path, size, digest)
