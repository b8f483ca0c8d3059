"""Figures of a platform on AWS: managed Prometheus for the cluster, CloudWatch for SageMaker and monitors."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.backends.aws.model_monitor.signals import METRIC_NAME, PART, SIGNAL, signal_namespace
from mlplatform.backends.aws.naming import SAGEMAKER
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import typed_target
from mlplatform.components.panels import (
    CloudWatchQuery,
    Figures,
    Panel,
    Signal,
    TargetPanels,
    Unit,
    arrange_panels,
    look_hours,
    prometheus_panel,
    watches_cluster,
)
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

_NODE = "node"
"""Label of the node of a GPU, the scraper's."""

_POOL = "mlplatform_dev_pool"
"""The nodes' label with their pool, which the scraper puts on what the kubelets tell."""


def build(spec: PlatformSpec) -> TargetPanels:
    """Say where the figures are."""
    target, watched = typed_target(spec.targets[0], AwsTarget), watches_cluster(spec)
    return arrange_panels(
        spec,
        Figures(
            system=_system(),
            has_system=watched,
            exports=watched,
            records=watched,
            node=_NODE,
            endpoint=lambda endpoint: _endpoint(spec, target, endpoint),
            signal=lambda endpoint, signal: _signal(spec, target, endpoint, signal),
        ),
    )


def _system() -> Iterator[Panel]:
    """cAdvisor, through the kubelets: the root of its groups is the node."""
    panel = prometheus_panel
    yield panel("Nodes by pool", "number", f"count by ({_POOL}) (machine_cpu_cores)", f"{{{{{_POOL}}}}}")
    cpu = 'sum by (instance) (rate(container_cpu_usage_seconds_total{id="/"}[5m]))'
    yield panel("CPU by node", "percent", f"100 * {cpu} / sum by (instance) (machine_cpu_cores)", "{{instance}}")
    memory = 'sum by (instance) (container_memory_working_set_bytes{id="/"})'
    yield panel(
        "Memory by node", "percent", f"100 * {memory} / sum by (instance) (machine_memory_bytes)", "{{instance}}"
    )
    killed = "sum by (namespace, pod) (increase(container_oom_events_total[15m])) > 0"
    yield panel("Containers out of memory in 15 minutes", "number", killed, "{{namespace}} {{pod}}")


def _endpoint(spec: PlatformSpec, target: AwsTarget, endpoint: EndpointSpec) -> Iterator[Panel]:
    """SageMaker's metrics, of each variant, or of the component of an endpoint that sleeps or waits."""
    name, component = physical_name(spec, endpoint.name, SAGEMAKER), endpoint.sleeps or endpoint.awaits_model
    owners = (
        [{"InferenceComponentName": name}]
        if component
        else [{"EndpointName": name, "VariantName": variant.name} for variant in endpoint.all_variants()]
    )
    usage = f"/aws/sagemaker/{'InferenceComponents' if component else 'Endpoints'}"
    end = "Normalized" if component else ""

    def panel(title: str, unit: Unit, namespace: str, metrics: tuple[str, ...], *stats: str) -> Panel:
        queries = tuple(
            CloudWatchQuery(
                region=target.region, namespace=namespace, metric=metric, statistic=stat, dimensions=dimensions
            )
            for metric in metrics
            for stat in stats
            for dimensions in owners
        )
        return Panel(title=title, unit=unit, queries=queries)

    yield panel("Requests in five minutes", "number", "AWS/SageMaker", ("Invocations",), "Sum")
    failures = ("Invocation5XXErrors", "Invocation4XXErrors")
    yield panel("Failures in five minutes", "number", "AWS/SageMaker", failures, "Sum")
    yield panel("Time in the model", "microseconds", "AWS/SageMaker", ("ModelLatency",), "p50", "p95", "p99")
    both = (f"CPUUtilization{end}", f"MemoryUtilization{end}")
    yield panel("CPU and memory", "percent", usage, both, "Average")
    if endpoint.accelerator:
        both = (f"GPUUtilization{end}", f"GPUMemoryUtilization{end}")
        yield panel("GPU", "percent", usage, both, "Average")


def _signal(spec: PlatformSpec, target: AwsTarget, endpoint: EndpointSpec, signal: Signal) -> CloudWatchQuery:
    return CloudWatchQuery(
        region=target.region,
        namespace=signal_namespace(spec, endpoint),
        metric=METRIC_NAME,
        statistic="Average",
        dimensions={SIGNAL: signal, PART: "*"},
        seconds=look_hours(endpoint) * 3600,
    )
