"""Writes the digests of built images into the files of a spec, where it names these images by digest already.

A text is replaced and nothing else, so that comments and layout stay, in YAML and in Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mlplatform.fast.record import record

_LINE = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)=(\S+)@(sha256:[0-9a-f]{64})$")
_SUFFIXES = (".py", ".yaml", ".yml")
_MOST_BYTES = 1_000_000


@record()
class BuiltImage:
    """An image that CI built and pushed."""

    repository: str
    """Name of its repository in the spec."""

    address: str
    """Its address, without tag and digest."""

    digest: str
    """`sha256:…`."""


@record()
class NamedImages:
    """What changes in the files."""

    texts: Mapping[Path, str]
    """New text of each file that changes."""

    changed: tuple[str, ...]
    """Repositories whose digest changes."""

    unnamed: tuple[BuiltImage, ...]
    """Images that no file names by a digest."""


def read_built(text: str) -> tuple[BuiltImage, ...]:
    """The images that CI hands on, a line `REPOSITORY=ADDRESS@DIGEST` each.

    Raises:
        ValueError: a line has another form; the text names it.
    """
    found: list[BuiltImage] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.match(line.strip())
        if match is None:
            raise ValueError(f"line {number} is no line of CI: REPOSITORY=ADDRESS@DIGEST")
        found.append(BuiltImage(match[1], match[2], match[3]))
    return tuple(found)


def name_images(folder: Path, built: Sequence[BuiltImage]) -> NamedImages:
    """The files of specs with the digests of these images.

    Args:
        folder: where the specs are, with what they import.
        built: the images.
    """
    texts: dict[Path, str] = {}
    changed: dict[str, None] = {}
    named: set[str] = set()
    for file in _files(folder):
        before = after = file.read_text(encoding="utf-8", errors="surrogateescape")
        for image in built:
            # an address that only ends alike is of another registry
            pattern = re.compile(rf"(?<![\w./-])({re.escape(image.address)})@sha256:[0-9a-f]{{64}}(?![0-9a-f])")
            if not pattern.search(after):
                continue
            named.add(image.repository)
            replaced = pattern.sub(rf"\g<1>@{image.digest}", after)
            if replaced != after:
                changed[image.repository] = None
                after = replaced
        if after != before:
            texts[file] = after
    return NamedImages(texts, tuple(changed), tuple(each for each in built if each.repository not in named))


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.suffix in _SUFFIXES and not hidden and file.is_file() and file.stat().st_size <= _MOST_BYTES:
            yield file
