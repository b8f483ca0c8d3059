"""Untrusted text in markdown, HTML and mermaid: shown literally, without markup, tags, link, mention or reference.

https://github.github.com/gfm/ and https://docs.gitlab.com/user/markdown/#gitlab-specific-references
"""

from __future__ import annotations

import html
import re

_BREAK = "\u200b"
"""Zero-width space: inside a mention, reference or address it breaks it."""
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&$])")
_STARTS = re.compile(r"^(\d*)([-+=#.)])")
"""Characters that begin a list, a heading or a rule at the start of a line."""
_SIGILS = re.compile(r"([@#!%$~&^]|www\.|://)(?=\S)")
_DROPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """The text, safe in a paragraph, a heading or a table's cell."""
    return _STARTS.sub(r"\1\\\2", _safe(one_line(text)))


def code(text: str) -> str:
    """The text as a code span, also inside a table."""
    line = one_line(text).replace("|", "\u2223")
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if not line or line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{pad}{line or ' '}{pad}{fence}"


def html_text(text: str) -> str:
    """The text inside of HTML, where markdown does not apply: in a `<summary>` or a cell of an HTML table."""
    return html.escape(_SIGILS.sub(rf"\1{_BREAK}", one_line(text)))


def block(text: str, language: str = "") -> list[str]:
    """The text as a fenced block that its content cannot end."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *(_DROPPED.sub(" ", line) for line in text.split("\n")), fence]


def mermaid_label(text: str, limit: int = 40) -> str:
    """The text as a mermaid label, without mermaid syntax or HTML."""
    line = re.sub(r"[^\w .,/:+-]", "?", one_line(text), flags=re.ASCII)
    return line if len(line) <= limit else f"{line[: limit - 3]}..."


def one_line(text: str) -> str:
    """The text without line breaks, control characters and marks that change the writing direction."""
    return " ".join(_DROPPED.sub(" ", text).split())


def sentence(text: str) -> str:
    """A sentence of this project: quoted values, which are untrusted, and commands in backticks become code."""
    parts = re.split(r"('[^']*'|`[^`]*`)", one_line(text))
    return "".join(code(part[1:-1]) if index % 2 else _safe(part) for index, part in enumerate(parts))


def _safe(text: str) -> str:
    return _SIGILS.sub(rf"\1{_BREAK}", _MARKUP.sub(r"\\\1", text))
