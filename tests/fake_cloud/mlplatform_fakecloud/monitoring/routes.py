"""Toy alert routes."""

from mlplatform.components.keys import Keys
from mlplatform.components.routes import RoutesParts
from mlplatform.components.scope import Scope
from mlplatform.spec.monitoring import SEVERITIES, MonitoringSpec
from mlplatform_fakecloud.resources import thing


def build(scope: Scope, spec: MonitoringSpec, keys: Keys) -> RoutesParts:
    return RoutesParts(targets={severity: (thing(scope, severity),) for severity in SEVERITIES})
