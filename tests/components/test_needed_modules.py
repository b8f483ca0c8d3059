"""The table of what a plan loads of a backend is what components load."""

from __future__ import annotations

import pytest

from mlplatform import PlatformSpec, discovery
from mlplatform.components.needed_modules import NEEDED, missing_modules
from mlplatform.testing.contracts import known_contracts
from mlplatform.testing.samples import SAMPLES, sample

from ..conftest import CLOUDS

BY_TARGETS = {
    "identity.existing_identity",
    "keys.existing_keys",
    "network.existing_network",
    "training.existing_cluster",
}
"""Modules of what a target names as existing: without them their component refuses in words."""
ASKED = {
    "adoption",
    "as_existing",
    "bootstrap.bootstrap",
    "bootstrap.rights",
    "ci_login",
    "live_account",
    "named_existing",
    "tools",
}
"""Modules that single commands ask for, each of which says itself that a backend has none."""


def test_each_names_its_contract() -> None:
    known = {module: kind.__name__ for module, kind in known_contracts().items()}
    assert {each.module: each.contract for each in NEEDED} == {each.module: known[each.module] for each in NEEDED}


def test_each_contract_of_a_component_is_in_the_table() -> None:
    ours = {
        module for module, kind in known_contracts().items() if kind.__module__.startswith("mlplatform.components.")
    }
    rest = ours - {each.module for each in NEEDED} - BY_TARGETS - ASKED
    # what reads, names or describes something of what another module of the table has made
    assert rest == {
        "artifact_store.record_copy",
        "dashboards.grafana",
        "dashboards.panels",
        "model_monitor.captures",
        "serving.live",
        "serving.pod_secrets",
        "tracking.client",
    }


@pytest.mark.parametrize("cloud", CLOUDS)
def test_our_clouds_have_each_or_refuse_it_themselves(cloud: str) -> None:
    backend = discovery.backend(cloud)
    for each in missing_modules(backend.package):
        assert any(limit.field == each.field for limit in backend.limits), each.module


def test_every_field_of_the_table_has_a_sample() -> None:
    fields = {each.field for each in NEEDED if each.field}
    assert {field for field in fields if field not in SAMPLES} == {"feature_store.fill"}


@pytest.mark.parametrize("field", SAMPLES)
def test_every_sample_is_a_spec(field: str) -> None:
    """A package of another cloud tries each: one that is refused for another reason would show nothing."""
    target = {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"}
    PlatformSpec.model_validate(sample(field, target))
