"""The style of text: colour or none, box characters or ASCII, and its width."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mlplatform.plan.finding import Level

Hue = Literal["red", "green", "yellow", "blue", "cyan", "dim", "bold"]

LEVEL_HUES: Mapping[Level, Hue] = {"critical": "red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}
"""Colours of findings."""

_CODES: dict[Hue, str] = {
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
    "dim": "2",
    "bold": "1",
}
_ASCII = str.maketrans({"├": "|", "└": "`", "─": "-", "│": "|", "●": "*", "…": "...", "→": "->", "·": "-", "±": "!"})


@dataclass(frozen=True, slots=True)
class Style:
    """The abilities of the reader's screen."""

    color: bool = False
    """Use ANSI colours."""

    unicode: bool = True
    """Use box-drawing characters."""

    width: int = 100
    """Columns of the terminal."""

    def paint(self, text: str, hue: Hue) -> str:
        """The text in a colour, or unchanged where the style has none."""
        return f"\x1b[{_CODES[hue]}m{text}\x1b[0m" if self.color and text else text

    def plain(self, text: str) -> str:
        """The text in characters that the screen can show."""
        return text if self.unicode else text.translate(_ASCII)

    def wrap(self, text: str, first: str, rest: str) -> list[str]:
        """The text in lines of at most `width`, with one indent for the first line and one for the rest."""
        from textwrap import TextWrapper

        wrapper = TextWrapper(
            width=self.width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return wrapper.wrap(text) or [first.rstrip()]
