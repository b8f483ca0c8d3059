"""Tables that a phone can show: an extension of Python-Markdown.

Each cell of a table with three columns or more says which column it is of (`data-label`): where the screen is narrow,
site.css shows a row as its first cell and a line for each other cell. Names such as `targets.pools.max_nodes` and
`cloudwatch.LogGroup` may break behind their dots and underscores, so that they make no table wider than its page.
"""

# The pages are built in an environment of their own, which has this library.
# pyright: reportMissingModuleSource=false
from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_LONGEST = 14
"""Letters that a word may have before it gets places to break: about what a third of a phone's width holds."""

_LONGEST_PART = 24
"""Letters between two dots that break nowhere: `BucketLifecycleConfiguration` has more."""

_WORD = re.compile(rf"\S{{{_LONGEST},}}")
_PART = re.compile(rf"[A-Za-z]{{{_LONGEST_PART},}}")
_WHOLE = r"(?![^\x02]*\x03)"
"""Not inside what Python-Markdown keeps for a piece of HTML, between two control characters."""
_BREAK = re.compile(rf"(?<=[A-Za-z0-9;][._/:=-])(?=[A-Za-z0-9{{\x02]){_WHOLE}")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


class _Tables(Treeprocessor):
    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            heads = ["".join(cell.itertext()).strip() for cell in table.iter("th")]
            if len(heads) > 2:
                table.set("data-columns", str(len(heads)))
                for row in table.findall("tbody/tr"):
                    for head, cell in zip(heads[1:], row.findall("td")[1:], strict=False):
                        cell.set("data-label", head)
            for cell in table.iter("td"):
                for part in list(cell.iter()):
                    _let_break(part)


def _let_break(part: Element) -> None:
    """Put places to break into the text of an element and behind its children."""
    inside = list(part)
    texts = [part.text, *(each.tail for each in inside)]
    if not any(text and _WORD.search(text) for text in texts):
        return
    for each in inside:
        part.remove(each)
    part.text = None
    for each, text in zip([None, *inside], texts, strict=True):
        if each is not None:
            each.tail = None
            part.append(each)
        for number, piece in enumerate(_pieces(text or "")):
            if number:
                part.append(Element("wbr"))
            if len(part):
                part[-1].tail = piece
            else:
                part.text = piece


def _pieces(text: str) -> list[str]:
    """A text, cut where its long words may break."""
    return _WORD.sub(lambda word: _PART.sub(_at_capitals, _BREAK.sub("\0", word[0])), text).split("\0")


def _at_capitals(part: re.Match[str]) -> str:
    return _CAPITAL.sub("\0", part[0])


class TablesExtension(Extension):
    """What zensical.toml names."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register it behind what makes the code and the links of cells."""
        md.treeprocessors.register(_Tables(md), "readable_tables", 5)


def makeExtension(**_: object) -> Extension:  # noqa: N802
    """What Python-Markdown calls."""
    return TablesExtension()
