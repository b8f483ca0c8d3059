"""What CloudWatch calls the things an endpoint serves with: variants, or the component of one that sleeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One variant or component and its metrics,
    https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"""

    label: str
    """Part of alarms' names."""

    title: str
    """For people."""

    dimensions: Mapping[str, str]
    """What its metrics are filtered by."""

    component: bool
    """Whether it is an inference component, which has metrics of its own."""

    @property
    def use_namespace(self) -> str:
        """Namespace of how much of the hardware is used."""
        return f"/aws/sagemaker/{'InferenceComponents' if self.component else 'Endpoints'}"

    def use(self, name: str) -> str:
        """Name of a metric of use, given the one that variants have."""
        return f"{name}Normalized" if self.component else name

    def full(self, units: float) -> float:
        """What a metric of use reads at most, in hundreds: variants add up cores and GPUs, components do not."""
        return 1.0 if self.component else units

    def row(self, namespace: str, metric: str) -> list[str]:
        """The metric as a dashboard names it."""
        return [namespace, metric, *(part for pair in self.dimensions.items() for part in pair)]


def watches(endpoint_name: str, variants: Sequence[str]) -> list[Watch]:
    """The variants of an endpoint."""
    return [
        Watch(
            label=variant,
            title=f"{endpoint_name}/{variant}",
            dimensions={"EndpointName": endpoint_name, "VariantName": variant},
            component=False,
        )
        for variant in variants
    ]


def component_watch(component_name: str) -> Watch:
    """The one component of an endpoint that sleeps or waits for its model."""
    return Watch(
        label="main", title=component_name, dimensions={"InferenceComponentName": component_name}, component=True
    )
