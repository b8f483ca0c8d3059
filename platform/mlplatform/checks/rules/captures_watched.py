"""Somebody looks at what production's endpoints capture."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.predicates import production
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_MONITOR = "mlplatform:index:ModelMonitor"
_IN_TEMPLATE = "properties.template.resources[].properties.dataCollector"
_SCHEDULE = "aws:sagemaker/monitoringSchedule:MonitoringSchedule"


def _watched(index: PlanIndex) -> frozenset[str]:
    """Names of the plan's monitors, at whose end the endpoint's stands."""
    return frozenset(monitor.step.name for monitor in (*index.of_type(_MONITOR), *index.of_type(_SCHEDULE)))


def _unwatched(path: str) -> Callable[[Resource], list[CheckFault]]:
    def examine(resource: Resource) -> list[CheckFault]:
        monitors = resource.index.cached(_watched)
        _, found, endpoint = resource.step.parent.rpartition("-endpoint-")
        # of a program without the platform's components, any monitor may be the one
        if any(name.endswith(f"-monitor-{endpoint}") for name in monitors) if found else monitors:
            return []
        return [CheckFault("It captures requests, and no monitor of the plan looks at them.", path)]

    return examine


def _sagemaker(config: Resource) -> bool:
    return production(config) and config.true("dataCaptureConfig.enableCapture")


def _router(service: Resource) -> bool:
    return production(service) and "capture" in service.texts("template.containers[].name")


def _azure(deployment: Resource) -> bool:
    return production(deployment) and deployment.has("properties.dataCollector")


def _template(release: Resource) -> bool:
    """A release that Azure rolls out by a template of its own."""
    return production(release) and release.has(_IN_TEMPLATE)


RULE = CheckRule(
    id="captures-watched",
    level="low",
    topic="monitoring",
    title="Somebody looks at what production's endpoints capture",
    why="A model that gets worse is not noticed, and data of callers are kept for nothing.",
    fix="Set endpoints.monitor, or capture_percent to 0.",
    entries=(
        Entry(
            ("aws:sagemaker/endpointConfiguration:EndpointConfiguration",),
            _unwatched("dataCaptureConfig.enableCapture"),
            link="https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html",
            when=_sagemaker,
            siblings=True,
        ),
        Entry(
            ("gcp:cloudrunv2/service:Service",),
            _unwatched("template.containers"),
            link="https://cloud.google.com/run/docs/deploying#sidecars",
            when=_router,
            siblings=True,
        ),
        Entry(
            ("azure-native:machinelearningservices:OnlineDeployment",),
            _unwatched("properties.dataCollector"),
            link="https://learn.microsoft.com/azure/machine-learning/how-to-collect-production-data",
            when=_azure,
            siblings=True,
        ),
        Entry(
            ("azure-native:resources:Deployment",),
            _unwatched(_IN_TEMPLATE),
            link="https://learn.microsoft.com/azure/machine-learning/how-to-collect-production-data",
            when=_template,
            siblings=True,
        ),
    ),
)
