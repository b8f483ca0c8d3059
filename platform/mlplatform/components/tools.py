"""Programs of others that commands run, and where the login to a cloud lies, by a backend's `tools`. Imports no SDK."""

from __future__ import annotations

from typing import Protocol

from mlplatform.components.contract import contract
from mlplatform.fast.record import record


@record(kw_only=True)
class Tool:
    """A program of others that some command runs."""

    name: str
    """Its name on PATH."""

    version: tuple[str, ...]
    """Arguments that print its version."""

    least: tuple[int, ...] = ()
    """Least version; empty where any serves."""

    use: str
    """What needs it."""

    needed: bool = False
    """Whether `up` or `preview` stops without it."""

    get: str
    """The page that says how to install it."""


@record(kw_only=True)
class LoginPlaces:
    """Where the provider of a cloud finds a login; only the presence of any is ever said."""

    variables: tuple[str, ...]
    """Variables of the environment."""

    files: tuple[str, ...]
    """Files below the home folder."""

    command: str
    """How a person logs in."""


@record(kw_only=True)
class CloudTools:
    """What a cloud needs on the machine of whoever works with it."""

    command_line: Tool
    """The cloud's own command line."""

    cluster_login: Tool | None
    """What logs in to its clusters; None where the command line does."""

    login: LoginPlaces
    """Where its login lies."""


@contract("tools")
class NamesTools(Protocol):
    """What one cloud needs there."""

    def __call__(self) -> CloudTools: ...
