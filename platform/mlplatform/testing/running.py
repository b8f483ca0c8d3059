"""Runs a program under the strict mocks and waits for everything it registers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import pulumi
from pulumi.runtime import mocks as pulumi_mocks
from pulumi.runtime import settings

from mlplatform.testing.mocks import StrictMocks

_T = TypeVar("_T")


class StrictMonitor(pulumi_mocks.MockMonitor):
    """Pulumi's mock monitor, which also reports each resource's parent to the mocks."""

    def __init__(self, mocks: StrictMocks) -> None:
        super().__init__(mocks)
        self.strict = mocks
        """The mocks that answer its requests."""

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802, ANN401 - the engine's own protocol
        """Registers a resource; requests may come from several threads at once."""
        with self.strict.child_of(cast("str", request.parent)):
            return super().RegisterResource(request)  # pyright: ignore[reportUnknownMemberType]


@contextmanager
def installed(
    mocks: StrictMocks | None = None, *, project: str = "project", stack: str = "stack", preview: bool = False
) -> Generator[StrictMocks]:
    """Strict mocks in place of the engine and its providers; the former settings of the runtime are restored after it.

    Args:
        mocks: the mocks to use. Omitted: new ones.
        project: the project's name, as the program sees it.
        stack: the stack's name, as the program sees it.
        preview: True to make the program see a preview.
    """
    mocks = mocks if mocks is not None else StrictMocks()
    before = {name: getattr(settings.SETTINGS, name) for name in _settings()}
    root = settings.ROOT.get()
    settings.ROOT.set(None)
    # outputs that a failed program left in this process would be awaited for ever
    settings.SETTINGS.outputs = set()  # pyright: ignore[reportAttributeAccessIssue]
    _ensure_loop()
    try:
        pulumi.runtime.set_mocks(mocks, project=project, stack=stack, preview=preview, monitor=StrictMonitor(mocks))
        yield mocks
    finally:
        for name, value in before.items():
            setattr(settings.SETTINGS, name, value)
        settings.ROOT.set(root)


def _ensure_loop() -> None:
    """Pulumi needs an event loop before it runs; an earlier asyncio.run leaves the thread without one."""
    try:
        usable = not asyncio.get_event_loop().is_closed()
    except RuntimeError:
        usable = False
    if not usable:
        asyncio.set_event_loop(asyncio.new_event_loop())


def _settings() -> list[str]:
    # Each is a descriptor over a context variable, so that none is in the instance's own dict.
    members = vars(settings.Settings).items()
    return [name for name, member in members if type(member).__name__ == "ContextProperty"]


def run(program: Callable[[], _T]) -> _T:
    """Runs a program under the installed mocks, and returns its result once all its resources are registered.

    An exception of the program is raised here. If strict mocks refused something, ProviderRefused is raised in place of
    errors that follow from it; further refused resources are added to it as notes.
    """
    results: list[_T] = []
    monitor = cast("object", getattr(settings.SETTINGS, "monitor"))  # noqa: B009 - declared as a function

    def body() -> None:
        results.append(program())

    try:
        pulumi_mocks.test(body)()  # pyright: ignore[reportUnknownMemberType]
    except Exception as error:
        refused = monitor.strict.refused if isinstance(monitor, StrictMonitor) else []
        if not refused:
            raise
        first, *others = refused
        for other in others:
            first.add_note(str(other))
        raise first from error
    return results[0]
