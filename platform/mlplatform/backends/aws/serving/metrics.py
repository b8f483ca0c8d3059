"""CloudWatch metrics of an endpoint: of its variants, or of the inference component of one that sleeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SAGEMAKER = "AWS/SageMaker"
"""Namespace of requests, failures and latencies."""
MICROSECONDS = 1000
"""SageMaker's latencies are in microseconds, https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSource:
    """One variant or component and its metrics,
    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"""

    label: str
    """Part of alarm names."""

    title: str
    """Its name in descriptions of alarms."""

    dimensions: Mapping[str, str]
    """Dimensions of its metrics."""

    component: bool
    """True for an inference component, which has its own metrics."""

    @property
    def usage_namespace(self) -> str:
        """Namespace of metrics of hardware usage."""
        return f"/aws/sagemaker/{'InferenceComponents' if self.component else 'Endpoints'}"

    def usage_metric(self, name: str) -> str:
        """Name of a usage metric, given that of variants."""
        return f"{name}Normalized" if self.component else name

    def full_usage(self, units: float) -> float:
        """The highest value of a usage metric, in hundreds: variants add up cores and GPUs, components do not."""
        return 1.0 if self.component else units

    def dashboard_row(self, namespace: str, metric: str) -> list[str]:
        """The metric in the form that dashboards take."""
        return [namespace, metric, *(part for pair in self.dimensions.items() for part in pair)]


def variant_sources(endpoint_name: str, variants: Sequence[str]) -> list[MetricSource]:
    """The variants of an endpoint."""
    return [
        MetricSource(
            label=variant,
            title=f"{endpoint_name}/{variant}",
            dimensions={"EndpointName": endpoint_name, "VariantName": variant},
            component=False,
        )
        for variant in variants
    ]


def component_source(component_name: str) -> MetricSource:
    """The single component of an endpoint that sleeps or waits for its model."""
    return MetricSource(
        label="main", title=component_name, dimensions={"InferenceComponentName": component_name}, component=True
    )
