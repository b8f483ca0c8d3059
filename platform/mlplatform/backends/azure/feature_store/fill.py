"""The job that fills the online store: a job of Container Apps with a schedule."""

from __future__ import annotations

from mlplatform.backends.azure.pipelines.hourly import make_hourly
from mlplatform.backends.azure.pipelines.silence import watch_silence
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

_LINES = f"ContainerAppConsoleLogs | extend said = parse_json(Log) | where tostring(said.features) == '{FILLED}'"


def build(scope: Scope, spec: FeatureFillSpec, needs: FeatureFillNeeds) -> FeatureFillParts:
    """Make the job and its alert."""
    job = make_hourly(scope, needs.identity, fill_program(scope, spec, needs), needs.models)
    hours, words = silent_hours(spec), silence_words(spec)
    watch_silence(scope, job, _LINES, hours=hours, severity=spec.severity, words=words)
    return FeatureFillParts()
