"""The table of what a plan loads of a backend is what components load."""

from __future__ import annotations

import pytest

from mlplatform import PlatformSpec, discovery
from mlplatform.components.backend import Backend
from mlplatform.components.contract import module_of
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.needed_modules import NEEDED, missing_modules
from mlplatform.plan.record import record
from mlplatform.testing.contracts import known_contracts
from mlplatform.testing.samples import SAMPLES, sample

from ..conftest import CLOUDS, ROOT

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
    # what a single command asks for of something that another module of the table has made
    assert rest == {
        "artifact_store.record_copy",
        "dashboards.grafana",
        "dashboards.panels",
        "serving.live",
        "tracking.client",
    }


def test_each_contract_of_the_layer_is_in_the_table() -> None:
    """Without it a package would pass its tests, and `up` of the layer would end with a module that is not there."""
    layer = {module for module, kind in known_contracts().items() if kind.__module__.startswith("mlplatform.cluster.")}
    assert layer <= {each.module for each in NEEDED}


def test_the_page_of_backends_lists_each() -> None:
    page = (ROOT / "docs" / "backends.md").read_text(encoding="utf-8")
    assert not [each.module for each in NEEDED if f"| `{each.contract}` | `{each.module}` | " not in page]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_our_clouds_have_each_or_refuse_it_themselves(cloud: str) -> None:
    backend = discovery.backend(cloud)
    for each in missing_modules(backend.package):
        assert any(limit.field == each.field for limit in backend.limits), each.module


def test_every_field_of_the_table_has_a_sample() -> None:
    fields = {each.field for each in NEEDED if each.field}
    assert fields <= set(SAMPLES)


@pytest.mark.thorough
@pytest.mark.parametrize("field", SAMPLES)
def test_the_table_says_when_a_module_is_loaded(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that a plan loads without a word in the table would end the plan of a package that lacks it."""
    target = {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1", "replica_region": "us-west-2"}
    spec = PlatformSpec.model_validate(sample(field, target))
    asked: set[str] = set()
    load = Backend.load

    def noted(self: Backend, kind: type[object]) -> object:
        asked.add(module_of(kind))
        return load(self, kind)

    monkeypatch.setattr(Backend, "load", noted)
    record(as_released(spec), "aws")
    narrowed = spec.on("aws")
    told = {each.module for each in NEEDED if any(True for _ in each.places(narrowed))}
    assert asked - told <= {"named_existing"}


@pytest.mark.parametrize("field", SAMPLES)
def test_every_sample_is_a_spec(field: str) -> None:
    """A package of another cloud tries each: one that is refused for another reason would show nothing."""
    target = {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"}
    PlatformSpec.model_validate(sample(field, target))
