"""The commands that a command ends with, as a person types them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_STEP = re.compile(r"^  \d+\. .*?(?=^  \d+\. |\Z)", re.MULTILINE | re.DOTALL)
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b(?!-)")


def next_commands(text: str) -> list[str]:
    """The commands of the steps under the heading *Next*, in their order.

    Args:
        text: what a command printed.
    """
    steps = (" ".join(step.split()) for step in _STEP.findall(text.partition("\nNext\n")[2]))
    return [command for step in steps for command in re.findall(r"(?:^\d+\.|:) `([^`]+)`", step)]


def filled(command: str, words: Mapping[str, str]) -> str:
    """A command of mlplatform with a person's words for those in capitals; another word in capitals is a KeyError."""
    return _CAPITALS.sub(lambda found: words[found[0]], command)
