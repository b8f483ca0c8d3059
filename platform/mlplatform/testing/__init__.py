"""Strict mocked providers: they refuse what the real ones would, and answer with realistic outputs.

    def test_store(strict_mocks):
        run(lambda: ArtifactStore("store", ...))
        assert strict_mocks.of_type("aws:s3/bucket:Bucket")

The names below are loaded when they are first used: the pytest plugin lives in this package and must not
import Pulumi into test runs that do not need it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.providers.accounts import Account
    from mlplatform.providers.check import check_invoke, check_resource
    from mlplatform.providers.invokes import answer_invoke
    from mlplatform.providers.outputs import provider_outputs
    from mlplatform.providers.providers import ProviderRules, register_provider, unregister_provider
    from mlplatform.providers.refusal import ProviderRefused, Refusal
    from mlplatform.providers.schema import resource_schema
    from mlplatform.providers.unique import UniqueNames
    from mlplatform.testing.mocks import RecordedResource, StrictMocks
    from mlplatform.testing.running import installed, run

__all__ = [
    "Account",
    "ProviderRefused",
    "ProviderRules",
    "RecordedResource",
    "Refusal",
    "StrictMocks",
    "UniqueNames",
    "answer_invoke",
    "check_invoke",
    "check_resource",
    "installed",
    "provider_outputs",
    "register_provider",
    "resource_schema",
    "run",
    "unregister_provider",
]

_HOMES = {
    "Account": "providers.accounts",
    "ProviderRefused": "providers.refusal",
    "ProviderRules": "providers.providers",
    "RecordedResource": "testing.mocks",
    "Refusal": "providers.refusal",
    "StrictMocks": "testing.mocks",
    "UniqueNames": "providers.unique",
    "answer_invoke": "providers.invokes",
    "check_invoke": "providers.check",
    "check_resource": "providers.check",
    "installed": "testing.running",
    "provider_outputs": "providers.outputs",
    "register_provider": "providers.providers",
    "resource_schema": "providers.schema",
    "run": "testing.running",
    "unregister_provider": "providers.providers",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"mlplatform.{home}"), name)
