"""Rollouts of an endpoint: the new replicas beside the former ones, measured, and taken back where they fail.

Argo Rollouts was chosen over steps of `up` because the watch must go on while nobody applies anything, and over a
controller of our own. It reads a small Prometheus in the cluster: the managed ones have three ways to log in, of which
it knows one.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.cluster.objects.rollouts import (
    AnalysisMetric,
    AnalysisProvider,
    AnalysisRef,
    AnalysisStep,
    AnalysisTemplate,
    AnalysisTemplateSpec,
    ArgoRollout,
    BlueGreenStrategy,
    PrometheusQuery,
    RolloutSpec,
    RolloutStrategy,
)
from mlplatform.cluster.objects.workloads import KubeService, ServicePort, ServiceSpec
from mlplatform.cluster.serving.names import model_labels, model_name, preview_name
from mlplatform.cluster.serving.pieces import NO_WAIT, endpoint_item, endpoint_metadata
from mlplatform.cluster.serving.rollout_steps import (
    asked,
    next_step,
    step_selector,
    steps_back,
    told,
)
from mlplatform.cluster.serving.router import DNS_SECONDS
from mlplatform.components.cluster_rollouts import (
    FIRST_SECONDS,
    STEP_SECONDS,
    canary_shares,
    next_upstream,
    preview_upstream,
    step_start,
)
from mlplatform.components.endpoint_metrics import ENDPOINT_TAG, failed_percent, response_time
from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec
from mlplatform.spec.monitoring import AlertsSpec
from mlplatform.spec.rollouts import AllAtOnce

MEASURES_NAME = "mlplatform--measures"
"""Name of the Prometheus of rollouts; no endpoint has two hyphens in its name."""

MEASURES_PORT = 9090
"""Its port."""

_WINDOW = "1m"
SELECTOR = ("spec.selector",)
"""What Argo Rollouts changes of a service."""

MODEL_SERVICE = {
    **NO_WAIT,
    # the selector may be Argo Rollouts' own, also of a rollout that was there before: it gets it back within seconds
    "pulumi.com/patchForce": "true",
}
"""Annotations of the service of a variant, which takes its selector back from a rollout that is no more."""

ROLLED_SERVICE = {
    **MODEL_SERVICE,
    # Flux would set the selector back for ever
    "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent",
}
"""Annotations of a service whose selector Argo Rollouts changes."""


def rolled_replicas(
    endpoint: EndpointSpec, variant: str, template: PodTemplate, replicas: int | None, start_seconds: int
) -> ArgoRollout:
    """The replicas of a variant. `up` waits until they are measured, and fails where they are taken back.

    Args:
        endpoint: the endpoint, which rolls out.
        variant: name of the variant.
        template: its pods.
        replicas: how many. None: an autoscaler decides.
        start_seconds: longest time until another replica is ready.
    """
    name = model_name(endpoint, variant)
    shares = canary_shares(endpoint)
    canary = bool(shares)
    measured = AnalysisStep(templates=(AnalysisRef(template_name=name),), args=told() if len(shares) > 1 else None)
    return ArgoRollout(
        metadata=endpoint_metadata(endpoint, name, {"pulumi.com/waitFor": "jsonpath={.status.phase}=Healthy"}),
        spec=RolloutSpec(
            selector=LabelSelector(match_labels=model_labels(endpoint, variant)),
            template=template,
            replicas=replicas,
            min_ready_seconds=DNS_SECONDS,
            progress_deadline_seconds=start_seconds,
            strategy=RolloutStrategy(
                blue_green=BlueGreenStrategy(
                    active_service=name,
                    preview_service=preview_name(endpoint, variant) if canary else None,
                    pre_promotion_analysis=measured if canary else None,
                    post_promotion_analysis=None if canary else measured,
                    # the router forgets the former replicas first
                    scale_down_delay_seconds=DNS_SECONDS + 15 if canary else None,
                )
            ),
        ),
    )


def rollout_items(endpoint: EndpointSpec, variant: str, alerts: AlertsSpec) -> Iterator[LayerItem]:
    """What is measured of a variant's new replicas, and their name where they get a share of their own."""
    name = model_name(endpoint, variant)
    shares = canary_shares(endpoint)
    spec = AnalysisTemplateSpec(
        metrics=tuple(_metrics(endpoint, variant, alerts)), args=asked() if len(shares) > 1 else None
    )
    yield endpoint_item(
        "access", "analysis", name, AnalysisTemplate(metadata=endpoint_metadata(endpoint, name), spec=spec)
    )
    port = ServicePort(port=endpoint.port, target_port=endpoint.port)
    for share in shares:
        preview = preview_name(endpoint, variant, share.suffix)
        selector = step_selector(endpoint, variant) if share.suffix else model_labels(endpoint, variant)
        service = ServiceSpec(selector=selector, ports=(port,), cluster_ip="None")
        yield endpoint_item(
            "access",
            f"preview{share.suffix}",
            name,
            KubeService(metadata=endpoint_metadata(endpoint, preview, ROLLED_SERVICE), spec=service),
            ignored=SELECTOR,
        )


def _metrics(endpoint: EndpointSpec, variant: str, alerts: AlertsSpec) -> Iterator[AnalysisMetric]:
    """The thresholds of the endpoint's alarms, over the answers of the new replicas alone, step by step."""
    if isinstance(endpoint.rollout, AllAtOnce):
        return
    bake = endpoint.rollout.bake_minutes
    shares = canary_shares(endpoint)
    if not shares:
        yield from _watched(endpoint, (variant,), variant, "", FIRST_SECONDS, alerts)
    yield from steps_back(endpoint, variant)
    for position, share in enumerate(shares):
        start = step_start(position, bake)
        if position:
            yield next_step(endpoint, variant, share.suffix, start)
        # what came with former steps goes to the new replicas too
        counted = tuple(next_upstream(variant, each.suffix) for each in shares[: position + 1])
        first = start + (STEP_SECONDS if position else FIRST_SECONDS)
        newest = preview_upstream(variant, share.suffix)
        yield from _watched(endpoint, counted, newest, share.suffix, first, alerts)


def _watched(
    endpoint: EndpointSpec, counted: tuple[str, ...], newest: str, suffix: str, first: int, alerts: AlertsSpec
) -> Iterator[AnalysisMetric]:
    """The watch of a step.

    Args:
        endpoint: the endpoint, which is measured.
        counted: what the router counts the new replicas' requests under.
        newest: what it calls these replicas.
        suffix: what the names of the step end with.
        first: seconds from the start of the measurements to the first of these.
        alerts: the platform's thresholds.
    """
    if isinstance(endpoint.rollout, AllAtOnce):
        return
    answers = _series(endpoint, *counted)
    measured = (
        ("failed", failed_percent(answers, _WINDOW), f"<= {alerts.error_rate_percent:g}"),
        ("slow", response_time(answers, 0.99, _WINDOW), f"<= {alerts.latency_p99_ms}"),
    )
    # no answers, or none that failed, are no failure; Envoy divides nothing by nothing then
    conditions = [
        (name, query, f"len(result) == 0 || isNaN(result[0]) || result[0] {bound}") for name, query, bound in measured
    ]
    # also where nothing is measured any more: what is not known does not pass
    healthy = f"min(envoy_cluster_membership_healthy{{{_series(endpoint, newest)}}})"
    conditions.append(("replicas", healthy, "len(result) > 0 && result[0] >= 1"))
    address = f"http://{MEASURES_NAME}.{SERVING_NAMESPACE}.svc.cluster.local:{MEASURES_PORT}"
    for name, query, condition in conditions:
        yield AnalysisMetric(
            name=f"{name}-{suffix}" if suffix else name,
            provider=AnalysisProvider(prometheus=PrometheusQuery(address=address, query=query)),
            success_condition=condition,
            initial_delay=f"{first}s",
            interval="60s",
            count=endpoint.rollout.bake_minutes,
        )


def _series(endpoint: EndpointSpec, *upstreams: str) -> str:
    compared = "=" if len(upstreams) == 1 else "=~"
    return f'{ENDPOINT_TAG}="{endpoint.name}",envoy_cluster_name{compared}"{"|".join(upstreams)}"'
