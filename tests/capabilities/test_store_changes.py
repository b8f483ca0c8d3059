"""What changes of a place of the store do to what is in it: nothing in place, or the review says that it is lost."""

from __future__ import annotations

from itertools import product

import pytest

from mlplatform.plan.diff import diff
from mlplatform.risk.catalogue import built_in_rules
from mlplatform.risk.engine import assess
from mlplatform.risk.evidence import Evidence
from mlplatform.spec.artifact_store import WormSpec

from ..conftest import CLOUDS
from ..planned import record_released
from .siblings import platform

MOVED = {("azure", "worm"), ("azure", "worm again")}
"""Changes for which a place needs another storage account: Azure sets it at creation."""
PLACES = {
    "worm": ({}, {"worm": WormSpec(days=30)}),
    "worm again": ({"worm": WormSpec(days=30)}, {}),
    "longer": ({"worm": WormSpec(days=30)}, {"worm": WormSpec(days=60)}),
    "locked": ({"worm": WormSpec(days=30)}, {"worm": WormSpec(days=30, locked=True)}),
    "held": ({}, {"legal_hold": True}),
    "not held": ({"legal_hold": True}, {}),
    "no versions": ({}, {"versioned": False}),
    "versions": ({"versioned": False}, {}),
    "kept longer": ({"retention": "standard"}, {"retention": "long-term"}),
    "thrown away": ({"retention": "standard"}, {"retention": "ephemeral"}),
}
"""Fields of a place before and after."""


# Azure refuses `locked`: a person locks a policy there
@pytest.mark.parametrize(("cloud", "change"), [each for each in product(CLOUDS, PLACES) if each != ("azure", "locked")])
def test_a_change_of_a_place_keeps_what_is_in_it_or_says_that_it_does_not(cloud: str, change: str) -> None:
    spec = platform(cloud, "base")
    plans = [
        record_released(
            spec.overlay(
                artifact_store=spec.artifact_store.overlay(models=spec.artifact_store.models.overlay(**fields))
            ),
            cloud,
        )
        for fields in PLACES[change]
    ]
    found = diff(*plans)
    assert found.changes
    lost = [
        f"{each.kind} {each.step.name}"
        for each in found.changes
        if each.kind in ("replace", "delete")
        and each.step.type.endswith((":Bucket", ":BlobContainer", ":StorageAccount"))
    ]
    if (cloud, change) in MOVED:
        report = assess(Evidence(found, checks=()), built_in_rules())
        said = {finding.rule for finding in report.findings if finding.level == "critical"}
        assert lost
        assert said & {"stateful-deleted", "stateful-replaced"}
    else:
        assert not lost


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_lock_that_ends_is_said(cloud: str) -> None:
    spec = platform(cloud, "base")
    locked, free = (
        record_released(
            spec.overlay(
                artifact_store=spec.artifact_store.overlay(models=spec.artifact_store.models.overlay(worm=worm))
            ),
            cloud,
        )
        for worm in (WormSpec(days=30), None)
    )
    report = assess(Evidence(diff(locked, free), checks=()), built_in_rules())
    assert {
        finding.level for finding in report.findings if finding.rule in ("retention-shortened", "stateful-deleted")
    } & {
        "critical",
        "high",
    }
