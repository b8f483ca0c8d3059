"""The job that fills the online store: a task of Fargate that a schedule starts."""

from __future__ import annotations

from mlplatform.backends.aws.monitoring.alarms import count_lines
from mlplatform.backends.aws.pipelines.hourly import make_hourly
from mlplatform.backends.aws.pipelines.silence import watch_silence
from mlplatform.components.feature_fill import (
    FILLED,
    FeatureFillNeeds,
    FeatureFillParts,
    fill_program,
    silence_words,
    silent_hours,
)
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureFillSpec


def build(scope: Scope, spec: FeatureFillSpec, needs: FeatureFillNeeds) -> FeatureFillParts:
    """Create log, task, schedule and alarm."""
    logs = make_hourly(scope, needs.identity, fill_program(scope, spec, needs))
    ends = count_lines(scope, "fill", FILLED, logs, f'{{ $.features = "{FILLED}" }}')
    watch_silence(scope, ends, hours=silent_hours(spec), severity=spec.severity, words=silence_words(spec))
    return FeatureFillParts()
