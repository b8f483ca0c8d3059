"""The public test kit: strict mocks, a mock cloud, and what both are made of.

    def test_store(strict_mocks):
        run(lambda: ArtifactStore("store", ...))
        assert strict_mocks.of_type("aws:s3/bucket:Bucket")

Strict mocks refuse what the real providers would, and answer with realistic outputs. `Cloud` is a small cloud in
memory, and `serving` attaches Pulumi's engine to it. For packages that extend mlplatform: `check_status` and
`risk_findings` try a rule, `backend_modules` and what stands beside it hold a backend against its contracts.

Each name below is loaded when it is first used: the pytest plugin lives in this package and must not import Pulumi into
test runs that do not need it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.mock_cloud import Cloud, CloudRefused
    from mlplatform.mock_cloud.serve import serving
    from mlplatform.providers.accounts import Account
    from mlplatform.providers.check import check_invoke, check_resource
    from mlplatform.providers.invokes import answer_invoke
    from mlplatform.providers.outputs import provider_outputs
    from mlplatform.providers.refusal import ProviderRefused, Refusal
    from mlplatform.providers.registry import ProviderRules, register_provider, unregister_provider
    from mlplatform.providers.schema import resource_schema
    from mlplatform.providers.unique import UniqueNames
    from mlplatform.testing.contracts import (
        BackendModule,
        backend_modules,
        capability_faults,
        field_gaps,
        limit_faults,
    )
    from mlplatform.testing.extensions import ExtensionOnCloud, extension_clouds, extension_faults
    from mlplatform.testing.filling import left_to_fill_in
    from mlplatform.testing.mocks import RecordedResource, StrictMocks
    from mlplatform.testing.rules import check_status, planned_resource, risk_findings
    from mlplatform.testing.running import installed, run
    from mlplatform.testing.samples import capability_samples

__all__ = [
    "Account",
    "BackendModule",
    "Cloud",
    "CloudRefused",
    "ExtensionOnCloud",
    "ProviderRefused",
    "ProviderRules",
    "RecordedResource",
    "Refusal",
    "StrictMocks",
    "UniqueNames",
    "answer_invoke",
    "backend_modules",
    "capability_faults",
    "capability_samples",
    "check_invoke",
    "check_resource",
    "check_status",
    "extension_clouds",
    "extension_faults",
    "field_gaps",
    "installed",
    "left_to_fill_in",
    "limit_faults",
    "planned_resource",
    "provider_outputs",
    "register_provider",
    "resource_schema",
    "risk_findings",
    "run",
    "serving",
    "unregister_provider",
]

_MODULES = {
    "Account": "providers.accounts",
    "BackendModule": "testing.contracts",
    "Cloud": "mock_cloud",
    "CloudRefused": "mock_cloud",
    "ExtensionOnCloud": "testing.extensions",
    "ProviderRefused": "providers.refusal",
    "ProviderRules": "providers.registry",
    "RecordedResource": "testing.mocks",
    "Refusal": "providers.refusal",
    "StrictMocks": "testing.mocks",
    "UniqueNames": "providers.unique",
    "answer_invoke": "providers.invokes",
    "backend_modules": "testing.contracts",
    "capability_faults": "testing.contracts",
    "capability_samples": "testing.samples",
    "check_invoke": "providers.check",
    "check_resource": "providers.check",
    "check_status": "testing.rules",
    "extension_clouds": "testing.extensions",
    "extension_faults": "testing.extensions",
    "field_gaps": "testing.contracts",
    "installed": "testing.running",
    "left_to_fill_in": "testing.filling",
    "limit_faults": "testing.contracts",
    "planned_resource": "testing.rules",
    "provider_outputs": "providers.outputs",
    "register_provider": "providers.registry",
    "resource_schema": "providers.schema",
    "risk_findings": "testing.rules",
    "run": "testing.running",
    "serving": "mock_cloud.serve",
    "unregister_provider": "providers.registry",
}


def __getattr__(name: str) -> object:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"mlplatform.{module}"), name)
