"""A change of tags or owners replaces nothing that runs: no node, no serving instance, on any cloud."""

from __future__ import annotations

import pytest

from mlplatform.mock_cloud import links
from mlplatform.mock_cloud.building import build_held
from mlplatform.mock_cloud.names import NameTable
from mlplatform.mock_cloud.rollouts import rollouts_of
from mlplatform.plan.diff import diff
from mlplatform.plan.record import record
from mlplatform.providers.accounts import Account
from mlplatform.risk.engine import assess
from mlplatform.risk.evidence import Evidence
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS
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
    account = Account.sample(cloud)
    rollouts = rollouts_of(cloud, lambda: ())
    for change in found.changes:
        if change.before is None or change.after is None or not change.step.custom:
            continue
        held = build_held(change.step.type, change.step.name, change.before.inputs, 0, account, NameTable(account))
        replaced = links.recycled(held, change.after.inputs) or rollouts.recycled(held, change.after.inputs)
        assert not replaced or change.step.type.endswith(":LaunchTemplate"), f"{change.step.name}: {replaced}"
    report = assess(Evidence(found, checks=()))
    assert [finding for finding in report.findings if finding.rule in ("nodes-recycled", "replicas-set-back")] == []
