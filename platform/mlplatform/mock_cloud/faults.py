"""What can go wrong between a provider and its cloud; a cloud asks before and after each change."""

from __future__ import annotations

from typing import Protocol

from mlplatform.mock_cloud.held import Held


class AnswerLost(Exception):
    """The change was made and nobody heard of it: the provider's process died, or its connection did."""


class TookTooLong(Exception):
    """The change was made, after the provider had given up waiting for it; held is what is there."""

    def __init__(self, held: Held) -> None:
        super().__init__(held.name)
        self.held = held


class Faults(Protocol):
    """Decides what goes wrong; called under the cloud's lock, from the provider's threads."""

    def before(self, op: str, token: str, name: str) -> None:
        """Called before a change; raises CloudRefused to refuse it.

        op: `create`, `update` or `delete`. token, name: what it is about.
        """
        ...

    def after(self, op: str, held: Held) -> None:
        """Called once a change is made; raises AnswerLost to lose the answer, TookTooLong to be late."""
        ...


class NoFaults:
    """Nothing goes wrong."""

    def before(self, op: str, token: str, name: str) -> None:
        """Let it happen."""

    def after(self, op: str, held: Held) -> None:
        """Let the answer through."""
