"""Calls of a recorder without OpenTelemetry's context: nothing traces a plan, and no other thread calls."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, cast

from pulumi.runtime import _context

from mlplatform.fast.sdk.replacements.answers import only_recorded
from mlplatform.fast.sdk.replacements.proof import same_parameters

plain_wrap: Callable[[Callable[..., Any]], Callable[..., Any]] = cast("Any", _context).wrap_with_context
_CALLERS: tuple[Any, ...] = tuple(
    sys.modules[f"pulumi.runtime.{name}"] for name in ("invoke", "resource", "settings", "stack")
)
"""Modules that took the function; `pulumi.runtime.invoke` as a name is a function."""


def wrap_with_context(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Replaces `pulumi.runtime._context.wrap_with_context`: a recorder is called by the thread that asks."""
    return fn if only_recorded() else plain_wrap(fn)


def replace_context() -> bool:
    """Replace the function where it is called, if it takes the same parameters and is called there."""
    same = same_parameters(plain_wrap, wrap_with_context) and all(
        caller.wrap_with_context in (plain_wrap, wrap_with_context) for caller in _CALLERS
    )
    if same:
        for caller in _CALLERS:
            caller.wrap_with_context = wrap_with_context
    return same
