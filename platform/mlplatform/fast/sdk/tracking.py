"""Which outputs Pulumi has to wait for at the end of a program.

It remembers every output, with a callback that forgets it: two calls, a closure and a copied context for each value
that was never pending.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
from typing import Any

from pulumi import Output
from pulumi.runtime.settings import SETTINGS

_OUTPUT: Any = Output
_SETTINGS: Any = SETTINGS
plain_track = _OUTPUT._track


def track(self: Any) -> None:  # noqa: ANN401 - the class is patched
    """Stands in for `Output._track`: what has its value already is not remembered."""
    data: asyncio.Future[object] = self._data
    if data.done() and not data.cancelled() and data.exception() is None:
        return
    with _SETTINGS.lock:
        _SETTINGS.outputs.add(data)
    data.add_done_callback(_forget)


def _forget(data: asyncio.Future[object]) -> None:
    # What failed stays, so that it is raised at the end
    if not data.cancelled() and data.exception() is None:
        with _SETTINGS.lock:
            _SETTINGS.outputs.discard(data)
