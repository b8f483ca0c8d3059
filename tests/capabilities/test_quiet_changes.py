"""A change of tags or owners replaces nothing that runs: no node, no serving instance, on any cloud."""

from __future__ import annotations

import pytest

from mlplatform.plan.diff import diff
from mlplatform.plan.record import record
from mlplatform.risk.engine import assess
from mlplatform.risk.evidence import Evidence
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS
from ..planned import recycled
from .siblings import TARGETS


def _spec(cloud: str, **changes: object) -> PlatformSpec:
    return PlatformSpec.model_validate(
        {
            "name": "acme-ml",
            "environment": "prod",
            "owner": "ml",
            "cost_center": "1",
            "targets": (TARGETS[cloud],),
            "training": {"pools": [{"name": "vision", "accelerator": "T4:1", "max_nodes": 4, "min_nodes": 1}]},
            "endpoints": [
                {"name": "fraud", "model": "fraud/7", "replicas": (1, 4)},
                {"name": "asleep", "model": "fraud/7", "replicas": (0, 2)},
            ],
            **changes,
        }
    )


@pytest.mark.parametrize("cloud", CLOUDS)
def test_tags_and_owners_replace_nothing_that_runs(cloud: str) -> None:
    before = record(_spec(cloud), cloud, resolve=True)
    changed = _spec(cloud, tags={"team": "vision"}, owner="other", cost_center="2", data_class="restricted")
    found = diff(before, record(changed, cloud, resolve=True))
    assert {change.kind for change in found.changes} <= {"update", "create"}
    for change in found.changes:
        if change.kind == "update" and change.step.custom:
            replaced = recycled(cloud, change)
            assert not replaced or change.step.type.endswith(":LaunchTemplate"), f"{change.step.name}: {replaced}"
    report = assess(Evidence(found, checks=()))
    assert [finding for finding in report.findings if finding.rule in ("nodes-recycled", "replicas-set-back")] == []
