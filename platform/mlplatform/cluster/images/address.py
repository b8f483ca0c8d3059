"""Addresses of images: registry, path, tag and digest."""

from __future__ import annotations

import re

from mlplatform.fast.record import record

DOCKER_HUB = "docker.io"

_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?P<name>(?:{_PART}(?::[0-9]+)?/)?{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?"
)
"""https://github.com/distribution/reference/blob/v0.6.0/regexp.go"""


@record(kw_only=True)
class ImageAddress:
    """An image, as a container names it."""

    host: str
    """Its registry, for example `registry.k8s.io`."""

    path: str
    """Its repository in the registry; official images of Docker Hub are in `library/`."""

    tag: str | None = None
    """Its tag. Omitted: it is named by its digest alone."""

    digest: str | None = None
    """Its digest, `sha256:…`. Omitted: the tag decides, and can be moved to another image."""

    @property
    def repository(self) -> str:
        """Registry and path."""
        return f"{self.host}/{self.path}"

    @property
    def version(self) -> str:
        """What follows the colon after the repository: `v1`, or `v1@sha256:…`."""
        return f"{self.tag}@{self.digest}" if self.digest else self.tag or "latest"

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.repository}{tag}{f'@{self.digest}' if self.digest else ''}"


def parse_image(text: str) -> ImageAddress:
    """Read an address as a container's `image` has it.

    Raises:
        ValueError: it is no address of an image.
    """
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise ValueError(f"got '{text[:120]}', expected REGISTRY/REPOSITORY:TAG or …@sha256:DIGEST")
    first, slash, rest = match["name"].partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        host, path = first, rest
    else:
        host, path = DOCKER_HUB, match["name"] if slash else f"library/{match['name']}"
    if host == DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    tag = match["tag"] or (None if match["digest"] else "latest")
    return ImageAddress(host=host, path=path, tag=tag, digest=match["digest"])
