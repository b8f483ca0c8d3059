"""What the door needs of a cloud. Each cloud's module has one class for each protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from mlplatform.services.stored_text import StoredText
from mlplatform.steps.door.events import NewObject
from mlplatform.steps.door.rules import DoorRules, PipelineRules, Value

RunState = Literal["going", "succeeded", "failed", "stopped"]
"""`stopped`: by a person or by the door. Whatever has not ended is `going`, queued and stopping runs too."""


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message of the queue. It comes again unless it is done or buried."""

    handle: str
    """What the queue knows it by."""

    body: str = ""
    """Its text, of a message of the platform's own form."""

    objects: tuple[NewObject, ...] = ()
    """The objects that it tells of, where it is the store's own event; `body` is not read then."""

    ignored: bool = False
    """Whether it says nothing: what a store sends to try a queue out."""

    sender: str = ""
    """Who sent it, as the cloud says; empty where the cloud does not say."""


class DoorInbox(Protocol):
    """The queue. A message that is received often and never done goes to the dead letters: by the queue itself, or by
    this class."""

    def receive(self) -> Sequence[Received]:
        """Some of its messages, hidden from others for longer than a tick takes; none when it is empty."""
        ...

    def done(self, message: Received) -> None:
        """Delete a message that was acted upon; nothing where it is gone."""
        ...

    def bury(self, message: Received, reason: str) -> None:
        """Put a message that nobody can act upon into the dead letters, with the reason where they can have one, and
        delete it."""
        ...


class Ledgers(Protocol):
    """The store's folder `door/`."""

    def read(self, pipeline: str, /) -> StoredText:
        """The ledger of a pipeline."""
        ...

    def write(self, pipeline: str, text: str, version: str, /) -> str:
        """Replace the ledger that has a version, or make it where the version is empty.

        Returns:
            Its new version.

        Raises:
            WrittenMeanwhile: it has another version, or is there already.
        """
        ...

    def append(self, pipeline: str, name: str, text: str, /) -> None:
        """Add a line to the record, an object of its own: the same name a second time has the same text."""
        ...


class StartRefused(Exception):
    """The service refuses a run for good: another attempt gives the same answer. Any other exception is tried again."""


class StartPending(Exception):
    """The run is asked for, and nothing has taken it yet: the next look asks again, and no attempt is counted."""


@dataclass(frozen=True, kw_only=True)
class FoundRun:
    """A run as the service tells of it."""

    run: str
    """The id that the door gave it, or the service's own name of it where somebody else started it."""

    handle: str
    """The service's name of it."""

    state: RunState
    """How it is."""

    started: datetime
    """Since when."""


class Runner(Protocol):
    """The service that runs pipelines."""

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        """The pipeline's runs: all that are going, whoever started them, and those that ended lately."""
        ...

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        """Start a run by its id; nothing where there is one of that id already.

        Args:
            rules: the pipeline's.
            run: id of the run: letters, digits and hyphens, at most 64.
            parameters: values that are not the defaults, each of its declared type.

        Raises:
            StartRefused: the service refuses it for good.
            StartPending: the next look asks again.
        """
        ...

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        """Stop a run; nothing where it has ended."""
        ...


@dataclass(frozen=True, kw_only=True)
class Ports:
    """A cloud, as the door sees it."""

    inbox: DoorInbox
    """The queue."""

    ledgers: Ledgers
    """The ledgers."""

    runner: Runner
    """The service that runs pipelines."""

    silent: Callable[[PipelineRules, datetime], str] = lambda _rules, _now: ""
    """What must be told of whoever starts a pipeline's runs and has not been heard of for too long; empty: nothing."""


@dataclass(frozen=True, kw_only=True)
class OrderExchange:
    """Where the door orders runs that something else starts, and is told what became of them. Each side writes one of
    the two folders and reads the other."""

    orders: Ledgers
    """What the door orders, a document per pipeline."""

    reports: Ledgers
    """What the starter reports, a document per pipeline."""


ORDERS, REPORTS = "MLPLATFORM_DOOR_ORDERS", "MLPLATFORM_DOOR_REPORTS"
"""Variables: addresses of the two folders."""


PLACE = "MLPLATFORM_DOOR_REGION"
"""Variable of the starter: the region of the store."""


class CloudModule(Protocol):
    """What the module with a cloud's name has: `mlplatform.steps.door.aws`, or the module that another cloud's package
    names by an entry point of the group `mlplatform.doors`."""

    def open_door(self, rules: DoorRules, settings: Mapping[str, str], /) -> Ports:
        """The cloud, as the variables of the process name it.

        Args:
            rules: what the door is told.
            settings: the variables.

        Raises:
            KeyError: a variable is not set; its argument is the name.
        """
        ...

    def open_exchange(self, settings: Mapping[str, str], /) -> OrderExchange:
        """Orders and reports, as the variables of the process name them.

        Raises:
            KeyError: a variable is not set; its argument is the name.
        """
        ...


class SendsMessages(Protocol):
    """What the module of another cloud's package has beside, for monitors that ask for a run."""

    def takes(self, inbox: str, /) -> bool:
        """Whether an address is that of a queue of this cloud."""
        ...

    def send(self, inbox: str, text: str, environment: Mapping[str, str], /) -> None:
        """Put a message into the queue.

        Raises:
            OSError: the queue does not take it.
        """
        ...


class KeepsRules(Protocol):
    """What a cloud's module has beside where the rules are an object of the store."""

    def read_text(self, address: str, /) -> str:
        """A text of the store: the rules, where the variable has their address and not the document.

        Raises:
            OSError: there is none, or it may not be read.
        """
        ...
