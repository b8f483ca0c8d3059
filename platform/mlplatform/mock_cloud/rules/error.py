"""The form of a cloud's error."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CloudError:
    """An error of a cloud. `{id}`, `{name}`, `{kind}`, `{words}` and `{user}` in the message are filled in."""

    code: str
    """The cloud's error code."""

    message: str
    """The cloud's words."""

    source: str
    """Page or thread with this error."""

    cause: str = ""
    """Usual cause and what to do."""
