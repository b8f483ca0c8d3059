"""The cloud that `mlplatform new backend` writes honours each field, and carries our own production."""

from __future__ import annotations

import json

import pytest

from ..conftest import ROOT
from ..packages import Package, installed_package

pytestmark = pytest.mark.thorough

NAME = "as-long-as-names-are"
"""The longest name that a cloud may have: it is a part of addresses."""

PRODUCTION = """
import json, re, sys
from collections import Counter
from pathlib import Path
from mlplatform import discovery
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.record import record
from mlplatform.reading.load import load
root, cloud = Path(sys.argv[1]), sys.argv[2]
own = load(root / "stacks" / "prod.py").spec
roles = ("data-scientist", "ml-engineer", "operator", "data-engineer", "auditor", "domain-expert")
target = discovery.backend(cloud).target_type(
    account="acme", region="north", replica_region="south",
    reservations={"h100-q4": {"id": "rv-1", "zone": "north-a"}},
    people={role: (f"ml-{role}",) for role in roles},
    members={"fraud": ("ml-fraud",), "vision": ("ml-vision",)},
)
retrain = own.pipelines[0].overlay(name="fraud-retrain", on=cloud)
moved = own.overlay(
    targets=(target,),
    pipelines=(retrain,),
    endpoints=tuple(
        each.overlay(monitor=each.monitor.overlay(retrain=("fraud-retrain",)))
        if each.monitor and each.monitor.retrain else each
        for each in own.endpoints
    ),
    tracking=own.tracking.overlay(on=cloud),
)
problems = [str(problem) for problem in discovery.backend(cloud).problems(moved.on(cloud))]
plan = record(as_released(moved), cloud, resolve=True)
names = [
    (step.type, step.inputs["settings"]["name"])
    for step in plan.steps if step.package == cloud and "name" in step.inputs.get("settings", {})
]
print(json.dumps({
    "problems": problems,
    "steps": sum(step.custom for step in plan.steps),
    "packages": sorted({step.package for step in plan.steps if step.custom}),
    "illegal": [name for _, name in names if not re.fullmatch("[a-z][a-z0-9-]{0,62}", name)],
    "repeated": [name for name, count in Counter(names).items() if count > 1],
    "labels": [name for name, count in Counter(step.urn for step in plan.steps).items() if count > 1],
}))
"""

FIELDS = """
import json, sys
sys.path.insert(0, sys.argv[1])
from mlplatform import discovery
from tests.capabilities import test_nothing_is_ignored as plain
cloud = sys.argv[2]
backend = discovery.backend(cloud)
target = backend.target_type(account="acme", region="north", replica_region="south")
plain.BASE = whole = plain.BASE.overlay(targets=(*plain.BASE.targets, target))
plain.BASES = {
    "training": whole.overlay(endpoints=()), "endpoints": whole.overlay(training=None), "all": whole,
    "ground": whole.overlay(endpoints=(), training=None),
}
from tests.capabilities import test_every_cell_is_proven as cells
from tests.capabilities.field_cases import PerCloud
cells.BASE = whole
limits = {limit.reason for limit in (*backend.limits, *backend.lacking)}
answers = {}

def answer(path, base, changed, one, support):
    refused = list(cells.refusals(changed, cloud))
    if any(problem.expected in limits for problem in refused):
        return "limited"
    if refused or list(cells.refusals(base, cloud)):
        return "refused: " + " ".join(each.path + " " + each.expected for each in refused)
    told = cells.is_only_told(path, cloud)
    return "honoured" if told or any(one(base, way) != one(changed, way) for way in (False, True)) else "ignored"

for path in plain.CHANGES:
    base, changed = plain.BASES[plain.base_of(path)], plain.changed_by(plain.BASES[plain.base_of(path)], path)
    def planned(spec, whole, path=path):
        part = None if whole else plain.PARTS.get(path) or plain.PARTS.get(path.partition(".")[0])
        return plain.part_of(part, spec, cloud) if part else plain.plan_of(spec, cloud)
    answers[path] = answer(path.replace(".0", ""), base, changed, planned, None)
for path, case in cells.CASES.items():
    cell = cells.leaves().get(path, {}).get(cloud)
    values = (case.to, *case.given.values(), *case.also.values())
    foreign = any(isinstance(value, PerCloud) and cloud not in value.values for value in values)
    if cell is None or cell.support == "other" or foreign or path in cells.SECRETS:
        continue
    base, changed = cells.specs(case, cloud)
    def printed(spec, whole, path=path):
        return cells.fingerprint(path, spec, cloud, whole)
    answers[path] = answer(path, base, changed, printed, cell.support)
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return installed_package("backend", NAME, tmp_path_factory.mktemp("fourth"))


def test_our_production_plans_on_it(cloud: Package) -> None:
    done = cloud.run(PRODUCTION, ROOT, NAME, module="-c")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["problems"] == []
    assert told["steps"] > 300
    assert told["packages"] == sorted({NAME, "pulumi", "kubernetes"})
    assert (told["illegal"], told["repeated"], told["labels"]) == ([], [], [])


def test_each_field_is_honoured_or_refused_by_a_limit(cloud: Package) -> None:
    """A second value of each field that is the same on every cloud makes another plan."""
    done = cloud.run(FIELDS, ROOT, NAME, module="-c")
    assert done.returncode == 0, done.stderr
    answers: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    assert len(answers) > 250
    hidden = {f"monitoring.routes.{field}" for field in ("url_secret", "token_secret", "key_secret")}
    assert {path for path, answer in answers.items() if answer == "ignored"} <= hidden
    # its toy machines have no fabric with the accelerator of the case
    refused = {path: answer for path, answer in answers.items() if answer.startswith("refused")}
    assert set(refused) <= {"training.pools.0.fabric"}, refused
