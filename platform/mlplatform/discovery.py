"""Finds the installed cloud backends by entry point, without importing a cloud SDK."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from mlplatform.fast.installed import installed_backends

if TYPE_CHECKING:
    from mlplatform.components.backend import Backend


@cache
def _points() -> dict[str, str]:
    return installed_backends()


def clouds() -> tuple[str, ...]:
    """Names of the installed backends, sorted."""
    return tuple(_points())


@cache
def backend(cloud: str) -> Backend:
    """The backend of one cloud.

    Raises:
        LookupError: no installed package provides it.
    """
    entry_point = _points().get(cloud)
    if entry_point is None:
        raise LookupError(f"no backend for cloud '{cloud}': installed are {', '.join(clouds())}")
    module, _, attribute = entry_point.partition(":")
    return cast("Backend", attrgetter(attribute.strip())(import_module(module.strip())))
