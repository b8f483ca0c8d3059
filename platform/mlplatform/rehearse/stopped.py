"""What stops a rehearsal before its result: the project, the engine or the machine, but no phase of the platform."""

from __future__ import annotations


class RehearsalStopped(Exception):
    """A rehearsal without a result; the text says what is wrong and what to do."""


class NoEngine(RehearsalStopped):
    """No `pulumi` is on PATH; the text says where to get it."""


class EngineBroken(RehearsalStopped):
    """The `pulumi` on PATH does not start, does not end, or does not do what it says."""


class StateUnreadable(RehearsalStopped):
    """The stack's state cannot be read; the text is the engine's."""


class NotPrepared(RehearsalStopped):
    """The engine did not create the throwaway stack; the text is its own."""


class ProjectRefused(RehearsalStopped):
    """The user's Pulumi project cannot be copied; the text says where, what was found, and how to fix it."""
