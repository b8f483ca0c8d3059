"""A value that nobody can tell: the gate does not pass."""

from __future__ import annotations


class CannotJudge(Exception):
    """What is missing, as a whole sentence without its full stop."""
