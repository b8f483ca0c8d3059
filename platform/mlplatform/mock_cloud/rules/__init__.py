"""Refusals, leftovers and durations, one table per cloud."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from mlplatform.mock_cloud.rules.base import CloudRules
from mlplatform.providers.accounts import CLOUD_OF_PACKAGE
from mlplatform.providers.schema import package_of


@cache
def rules_of(token: str) -> CloudRules:
    """The tables of the cloud of a type or a package; empty ones for an unknown package."""
    package = package_of(token)
    cloud = "kubernetes" if package == "kubernetes" else CLOUD_OF_PACKAGE.get(package)
    return import_module(f"{__name__}.{cloud}").RULES if cloud else CloudRules()
