"""What a model monitor judges, and with which image, of an endpoint or of a spec narrowed to one target."""

from typing import TYPE_CHECKING

from mlplatform.spec.model_monitor import ModelMonitorSpec
from mlplatform.spec.pipelines import PipelineSpec

if TYPE_CHECKING:
    from mlplatform.spec.endpoints import EndpointSpec
    from mlplatform.spec.platform import PlatformSpec
    from mlplatform.spec.variants import VariantSpec


def watched_variant(endpoint: "EndpointSpec") -> "VariantSpec | None":
    """The variant whose answers the monitor of an endpoint judges; None where it has no traffic.

    Args:
        endpoint: the endpoint, with what is released.
    """
    name = endpoint.monitor.variant if endpoint.monitor else None
    served = (each for each in endpoint.all_variants() if each.traffic_percent)
    return next((each for each in served if name in (None, each.name)), None)


def shares_captures(endpoint: "EndpointSpec") -> bool:
    """Whether answers of several variants are captured."""
    return sum(1 for each in endpoint.all_variants() if each.traffic_percent) > 1


def monitor_image(monitor: ModelMonitorSpec, spec: "PlatformSpec") -> str:
    """The image with the program, of a spec that is narrowed to one target.

    Raises:
        LookupError: nothing names one; validation refuses that first.
    """
    pipeline = asked_pipeline(monitor, spec)
    image = monitor.image or (pipeline.programs_image if pipeline else None)
    if image is None:
        raise LookupError("monitor.image: nothing names the image with mlplatform-monitor")
    return image


def asked_pipeline(monitor: ModelMonitorSpec, spec: "PlatformSpec") -> PipelineSpec | None:
    """The pipeline that a monitor asks, of a spec that is narrowed to one target; None where there is none."""
    return next((each for each in spec.pipelines if each.name in monitor.retrain), None)
