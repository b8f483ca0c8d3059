"""How text is drawn: colour or none, box characters or ASCII, and how wide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Hue = Literal["red", "green", "yellow", "blue", "cyan", "dim", "bold"]

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
    """What the reader's screen can show."""

    color: bool = False
    """Use ANSI colours."""

    unicode: bool = True
    """Use box-drawing characters."""

    width: int = 100
    """Columns."""

    def paint(self, text: str, hue: Hue) -> str:
        """The text in a colour, or as it is."""
        return f"\x1b[{_CODES[hue]}m{text}\x1b[0m" if self.color and text else text

    def plain(self, text: str) -> str:
        """The text in characters that the screen has."""
        return text if self.unicode else text.translate(_ASCII)

    def wrap(self, text: str, first: str, rest: str) -> list[str]:
        """The text in lines of at most `width`, the first and the other lines with their own indents."""
        from textwrap import TextWrapper

        wrapper = TextWrapper(
            width=self.width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return wrapper.wrap(text) or [first.rstrip()]
