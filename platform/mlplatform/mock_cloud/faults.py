"""Faults between a provider and its cloud; a cloud asks for them before and after each change."""

from __future__ import annotations

from typing import Protocol

from mlplatform.mock_cloud.held import Held


class AnswerLost(Exception):
    """The change was made and the answer got lost: the provider's process or its connection ended."""


class TookTooLong(Exception):
    """The change was made after the provider had stopped waiting for it.

    Args:
        held: the changed resource.
    """

    def __init__(self, held: Held) -> None:
        super().__init__(held.name)
        self.held = held


class Faults(Protocol):
    """Decides which faults happen; called under the cloud's lock, from the provider's threads."""

    def before(self, op: str, token: str, name: str) -> None:
        """Called before a change; raises CloudRefused to refuse it.

        Args:
            op: `create`, `update` or `delete`.
            token: type of the resource.
            name: logical name of the resource.
        """
        ...

    def after(self, op: str, held: Held) -> None:
        """Called after a change; raises AnswerLost to lose the answer, TookTooLong to be late."""
        ...


class NoFaults:
    """No faults at all."""

    def before(self, op: str, token: str, name: str) -> None:
        """Allow the change."""

    def after(self, op: str, held: Held) -> None:
        """Deliver the answer."""
