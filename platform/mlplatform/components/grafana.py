"""Where the platform's Grafana is, and how dashboards come there. Imports no SDK.

Addresses and tokens are asked of the cloud's own command line with the rights of whoever runs it: nothing of it is in a
state, and no token outlives the command by more than its few minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mlplatform.components.contract import contract
from mlplatform.components.live_traffic import Ask
from mlplatform.spec.platform import PlatformSpec

TOKEN_SECONDS = 900
"""Seconds that a token made for the command is valid."""


@dataclass(frozen=True, kw_only=True)
class GrafanaSource:
    """A data source that must be there."""

    uid: str
    """Its identifier."""

    name: str
    """Its name for people."""

    type: str
    """Its kind: `prometheus`."""

    url: str
    """Address that it asks; empty where its kind knows it."""

    settings: Mapping[str, object]
    """What Grafana calls `jsonData`: no secret."""


@dataclass(frozen=True, kw_only=True)
class GrafanaServer:
    """A Grafana that keeps dashboards, with the right to change them."""

    url: str
    """Its address, without a slash at its end."""

    token: str = field(repr=False)
    """The right, for a few minutes. It is shown nowhere."""

    sources: tuple[GrafanaSource, ...]
    """Data sources that the cloud does not bring."""

    close: Callable[[], None] = field(repr=False)
    """Takes back what was made for this login."""


@dataclass(frozen=True, kw_only=True)
class GrafanaFiles:
    """A Grafana without a memory of its own, which reads files of a bucket."""

    address: str
    """The folder of the files, as the cloud's command line spells it, without a slash at its end."""

    names: Callable[[Ask], frozenset[str]] = field(repr=False)
    """Asks for the names of the files that are there now; NotAnswered where the bucket may not be read."""

    read: Callable[[str], tuple[str, ...]] = field(repr=False)
    """The command that prints the file at an address."""

    copy: Callable[[str, str], tuple[str, ...]] = field(repr=False)
    """The command that copies a local file to an address."""

    remove: Callable[[str], tuple[str, ...]] = field(repr=False)
    """The command that removes what is at an address."""


GrafanaPlace = GrafanaServer | GrafanaFiles


@contract("dashboards.grafana")
class OpensGrafana(Protocol):
    """Finds the Grafana of a platform that is narrowed to one target.

    Raises:
        mlplatform.components.live_traffic.NotAnswered: there is none, or the cloud's command line does not say.
    """

    def __call__(self, spec: PlatformSpec, ask: Ask, /) -> GrafanaPlace: ...
