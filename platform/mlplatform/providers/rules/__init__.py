"""Refusals beyond the types that SDKs publish: names, limits, documents, uniqueness.

A folder per cloud holds its tables; `evaluate` applies them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from mlplatform.providers.accounts import CLOUD_OF_PACKAGE
from mlplatform.providers.rules.base import RuleTables


@cache
def rules_of(package: str) -> RuleTables:
    """The tables of a provider package; empty for a package without tables."""
    cloud = CLOUD_OF_PACKAGE.get(package)
    if cloud is None:
        return RuleTables()
    return import_module(f"{__name__}.{cloud}").RULES
