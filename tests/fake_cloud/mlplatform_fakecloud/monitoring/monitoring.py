"""Toy alert rules."""

from mlplatform.components.monitoring import MonitoringParts, Watched
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import MonitoringSpec
from mlplatform_fakecloud.resources import thing


def build(scope: Scope, spec: MonitoringSpec, watched: Watched) -> MonitoringParts:
    thing(scope, "rules")
    return MonitoringParts()
