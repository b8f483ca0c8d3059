"""Updates that must fail: one that an alarm takes back while it runs, and one that the cloud refuses."""

from __future__ import annotations

from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.diff import diff
from mlplatform.plan.record import record
from mlplatform.rehearse.model import RehearsalFailure, RehearsalPhase
from mlplatform.rehearse.outcome import run_up
from mlplatform.rehearse.releasing import release_all
from mlplatform.rehearse.stage import RehearsalStage
from mlplatform.risk.engine import assess
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rules import update_refused
from mlplatform.spec.platform import PlatformSpec

TAKEN_BACK = "took the rollout back"
"""Words of the program about a rollout that the cloud took back within the update."""


def foresee_refusal(before: PlatformSpec, after: PlatformSpec, cloud: str) -> str:
    """What `mlplatform risk` says that the cloud refuses in a change; empty for nothing."""
    # both as they serve: the models of the change are released before it
    served = [as_released(spec.with_record(None), (cloud,)) for spec in (before, after)]
    plans = [record(spec, cloud, resolve=True) for spec in served]
    report = assess(Evidence(diff(plans[0], plans[1]), checks=()), (update_refused.RULE,))
    return "; ".join(finding.reason for finding in report.findings)


def refused_update(stage: RehearsalStage, changed: PlatformSpec, title: str, foreseen: str) -> RehearsalPhase:
    """Make a change that the cloud must refuse, and return to the spec before it, which must succeed."""
    before = stage.spec
    stage.use_spec(changed)
    release_all(stage)
    refused = run_up(stage, title)
    by_cloud = bool(stage.cloud.refusals)
    stage.use_spec(before)
    release_all(stage)
    back = run_up(stage, title)
    failures = back.failures
    if refused.ok or not by_cloud:
        failures += (RehearsalFailure(title, "the cloud did not refuse it", f"risk foresaw: {foreseen}"),)
    return RehearsalPhase(
        title,
        "the cloud refuses it, as the risks say; the spec before it is made again",
        back.ok and not failures,
        refused.seconds + back.seconds,
        refused.simulated + back.simulated,
        back.changes,
        failures,
        tuple(f"refused: {failure.answer}" for failure in refused.failures[:1]),
    )


def taken_back(stage: RehearsalStage, title: str) -> RehearsalPhase:
    """Make a change that an alarm takes back while it runs: the run must fail and leave what serves complete."""
    phase = run_up(stage, title)
    stage.cloud.fire_alarms(firing=False)
    said = any(TAKEN_BACK in failure.answer for failure in phase.failures)
    failures = tuple(RehearsalFailure(broken.subject, broken.words) for broken in stage.cloud.broken())
    if not said:
        failures += (*phase.failures, RehearsalFailure(title, "the run did not say that the rollout was taken back"))
    return RehearsalPhase(
        title,
        "the run fails and says why; what served before is complete and serves",
        not failures,
        phase.seconds,
        phase.simulated,
        phase.changes,
        failures,
    )
