"""What a built site links to is in it: every page, picture and anchor.

The builder itself looks at links of Markdown only, and not at pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_UNREAD = (
    re.compile(r"^\|? ?:?---+:? ?\|", re.M),
    re.compile(r"^```", re.M),
    re.compile(r"\]\([^)\s]+\.(?:md|py|ya?ml)\b"),
)
"""Marks of Markdown that the builder did not understand, and left in the text."""


@dataclass(slots=True)
class _Page:
    links: list[str] = field(default_factory=list[str])
    loads: list[str] = field(default_factory=list[str])
    anchors: set[str] = field(default_factory=set[str])
    text: list[str] = field(default_factory=list[str])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = _Page()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "code", "pre"):
            self._silent += 1
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.page.anchors.add(value)
            elif value and (name == "src" or (name == "href" and tag == "link")):
                self.page.loads.append(value)
            elif value and name == "href":
                self.page.links.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "code", "pre"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.page.text.append(data)


def broken_links(site: Path) -> Iterator[str]:
    """Each link without a target, each file that is loaded from another host, and each mark of Markdown that is left.

    Args:
        site: the folder with the built site.
    """
    pages = {file: _read(file) for file in sorted(site.rglob("*.html"))}
    for file, page in pages.items():
        at = file.relative_to(site).as_posix()
        for link in [*page.links, *page.loads]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.loads and parts.scheme != "data":
                    yield f"{at}: loads {link} from another host"
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            if at == "404.html":
                continue  # it is shown at any address, and has links from the root
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                yield f"{at}: {link} leads nowhere"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{at}: {link}: no such heading"
        text = "".join(page.text)
        yield from (f"{at}: Markdown is left: {found[0]!r}" for mark in _UNREAD for found in mark.finditer(text))


def _read(file: Path) -> _Page:
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    return reader.page
