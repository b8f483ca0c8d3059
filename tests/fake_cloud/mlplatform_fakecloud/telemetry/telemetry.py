"""Toy logs."""

from mlplatform.components.keys import Keys
from mlplatform.components.scope import Scope
from mlplatform.components.telemetry import TelemetryParts
from mlplatform.spec.monitoring import MonitoringSpec
from mlplatform_fakecloud.resources import thing


def build(scope: Scope, spec: MonitoringSpec, keys: Keys) -> TelemetryParts:
    thing(scope, "logs")
    return TelemetryParts()
