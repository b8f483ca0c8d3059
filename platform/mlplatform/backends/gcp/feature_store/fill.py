"""The job that fills the online store: a job of Cloud Run that a clock starts."""

from __future__ import annotations

from mlplatform.backends.gcp.monitoring.alarms import build_alert_policy
from mlplatform.backends.gcp.pipelines.hourly import build_hourly
from mlplatform.backends.gcp.pipelines.silence import silence_rule
from mlplatform.components.feature_fill import (
    FeatureFillNeeds,
    FeatureFillParts,
    fill_program,
    silence_words,
    silent_hours,
)
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureFillSpec


def build(scope: Scope, spec: FeatureFillSpec, needs: FeatureFillNeeds) -> FeatureFillParts:
    """Build the job, its clock and its alert."""
    name = build_hourly(scope, needs.identity, fill_program(scope, spec, needs), needs.models)
    hours = silent_hours(spec)
    rule = silence_rule(
        name,
        title=f"features: the online store was not filled for {hours} hours",
        hours=hours,
        every_hours=spec.every_hours,
        severity=spec.severity,
        advice=silence_words(spec),
    )
    build_alert_policy(scope, rule, "fill")
    return FeatureFillParts()
