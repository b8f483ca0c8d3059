"""Finds the installed clouds and capabilities by entry point, without importing a cloud SDK."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from mlplatform.fast.installed import CAPABILITIES, installed_backends, installed_points

if TYPE_CHECKING:
    from mlplatform.components.backend import Backend
    from mlplatform.components.capability import ExternalCapability
    from mlplatform.spec.target import Target


class BrokenExtension(RuntimeError):
    """An installed package that extends mlplatform cannot be loaded; the text names it, and its own error."""


@cache
def _points() -> tuple[dict[str, str], dict[str, str]]:
    return installed_backends()


def clouds() -> tuple[str, ...]:
    """Names of the installed backends, sorted."""
    return tuple(_points()[0])


@cache
def backend(cloud: str) -> Backend:
    """The backend of one cloud.

    Raises:
        LookupError: no installed package provides it.
        BrokenExtension: the package that provides it cannot be loaded.
    """
    entry_point = _points()[0].get(cloud)
    if entry_point is None:
        raise LookupError(f"no backend for cloud '{cloud}': installed are {', '.join(clouds())}")
    return cast("Backend", load_point(f"the cloud '{cloud}'", entry_point))


@cache
def target_type(cloud: str) -> type[Target]:
    """The model of one cloud's targets: from an entry point of its own, else from its backend.

    Raises:
        LookupError, BrokenExtension: as `backend`.
    """
    entry_point = _points()[1].get(cloud)
    if entry_point is None:
        return backend(cloud).target_type
    return cast("type[Target]", load_point(f"the targets of the cloud '{cloud}'", entry_point))


@cache
def _capabilities() -> dict[str, str]:
    return installed_points(CAPABILITIES)


def capabilities() -> tuple[str, ...]:
    """Kinds of the installed capabilities of other packages, sorted."""
    return tuple(_capabilities())


@cache
def capability(kind: str) -> ExternalCapability:
    """A capability of another package.

    Raises:
        LookupError: no installed package provides it.
        BrokenExtension: the package that provides it cannot be loaded.
    """
    entry_point = _capabilities().get(kind)
    if entry_point is None:
        raise LookupError(f"no capability '{kind}': installed are {', '.join(capabilities()) or 'none'}")
    return cast("ExternalCapability", load_point(f"the capability '{kind}'", entry_point))


def load_point(what: str, entry_point: str) -> object:
    """What an entry point names.

    Args:
        what: what it is, for people: `the cloud 'orbit'`.
        entry_point: `module:attribute`.

    Raises:
        BrokenExtension: it is another package's, and cannot be loaded.
    """
    module, _, attribute = entry_point.partition(":")
    try:
        return attrgetter(attribute.strip())(import_module(module.strip()))
    except Exception as error:  # whatever a package raises as it is imported
        if module.startswith("mlplatform."):
            raise
        said = f"{type(error).__name__}: {str(error)[:200]}"
        raise BrokenExtension(
            f"{what} cannot be loaded: {said}; mend or uninstall the package that provides {entry_point}"
        ) from error
