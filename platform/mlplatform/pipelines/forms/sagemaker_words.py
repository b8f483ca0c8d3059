"""The words of a command as jobs of SageMaker take them: at most 256 characters each, some known only in a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlplatform.pipelines.forms import sagemaker_spec as sm
from mlplatform.pipelines.meaning import Slot, Word

LONGEST_WORD = 256
"""ContainerArgument and ContainerEntrypointString,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AppSpecification.html"""

_PIECE = 240

JOINING = (
    'w=;f=;for a do shift;case $a in =*)[ "$f" ]&&set -- "$@" "$w";f=1;w=${a#=};;*)w=$w${a#+};;esac;done;'
    'set -- "$@" "$w";exec "$@"'
)
"""A script whose arguments are pieces of words: `=` begins a word, `+` goes on with it. Then it runs the words."""

JOINED = ("/bin/sh", "-c", JOINING, "sh")


def text_of(word: Word, known: Callable[[Slot], str | sm.Get]) -> sm.Text:
    """A word with its placeholders in SageMaker's terms.

    Args:
        word: text and placeholders.
        known: what stands for a placeholder.
    """
    parts: list[str | sm.Get] = []
    for part in word:
        value = part if isinstance(part, str) else known(part)
        if isinstance(value, str) and parts and isinstance(parts[-1], str):
            parts[-1] += value
        else:
            parts.append(value)
    match parts:
        case []:
            return ""
        case [str() as alone]:
            return alone
        case _:
            # a number is a text only inside a join
            return sm.Join(tuple(parts))


def arguments(words: Sequence[sm.Text]) -> tuple[tuple[sm.Text, ...], tuple[sm.Text, ...] | None]:
    """Entry point and arguments of a container.

    A word that is too long, such as a gate with many bounds, comes in pieces, which a line of shell joins.
    """
    if all(_length(word) <= LONGEST_WORD for word in words):
        return (words[0],), tuple(words[1:]) or None
    return JOINED, tuple(piece for word in words for piece in _pieces(word))


def _length(word: sm.Text) -> int:
    parts = word.values if isinstance(word, sm.Join) else (word,)
    return sum(len(part) for part in parts if isinstance(part, str))


def _pieces(word: sm.Text) -> list[sm.Text]:
    parts = word.values if isinstance(word, sm.Join) else (word,)
    found: list[sm.Text] = []
    for part in parts:
        if isinstance(part, str):
            for at in range(0, max(len(part), 1), _PIECE):
                found.append(f"{'+' if found else '='}{part[at : at + _PIECE]}")
        else:
            found.append(sm.Join(("+" if found else "=", part)))
    return found
