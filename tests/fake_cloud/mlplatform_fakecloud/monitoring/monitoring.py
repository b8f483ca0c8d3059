"""Toy alert rules."""

from mlplatform.components.context import Scope
from mlplatform.components.monitoring import MonitoringParts, Watched
from mlplatform.spec.monitoring import MonitoringSpec
from mlplatform_fakecloud.resources import thing


def build(scope: Scope, spec: MonitoringSpec, watched: Watched) -> MonitoringParts:
    thing(scope, "rules")
    return MonitoringParts()
