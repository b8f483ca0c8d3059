"""What providers refuse beyond the types that their SDKs publish: names, limits, documents, uniqueness."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from mlplatform.providers.accounts import CLOUD_OF_PACKAGE
from mlplatform.providers.rules.base import Rules


@cache
def rules_of(package: str) -> Rules:
    """The tables of a provider package; empty for a package without tables."""
    cloud = CLOUD_OF_PACKAGE.get(package)
    if cloud is None:
        return Rules()
    return import_module(f"{__name__}.{cloud}").RULES
