"""Service level objectives of an endpoint, and the alerts when its error budget burns too fast.

Multi-window burn rates: fast over an hour and five minutes pages, slow over six hours and thirty minutes warns.
https://sre.google/workbook/alerting-on-slos/
"""

from __future__ import annotations

import pulumi
from pulumi_gcp import monitoring

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.monitoring.parts import GcpRoutes
from mlplatform.backends.gcp.naming import COMPUTE, LONG
from mlplatform.backends.gcp.serving.names import service_name
from mlplatform.backends.gcp.serving.vertex.metrics import filter_of
from mlplatform.backends.gcp.serving.vertex.names import endpoint_id, is_on_vertex
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec, SloSpec
from mlplatform.spec.slo import BurnRate, burn_rates

_MOST_BAD_PERCENT = 99.9
"""The alert is for a rate above the threshold, so the threshold stays below the rate at which all requests are bad."""


def build_objectives(scope: Scope, spec: EndpointSpec) -> None:
    """Build the service, its objectives, and their alerts, if the endpoint has an SLO."""
    if spec.slo is None:
        return
    foundation = native(scope.context.foundation.parts, GcpFoundation)
    service = monitoring.CustomService(
        scope.child("slo-service"),
        project=scope.target(GcpTarget).project,
        service_id=physical_name(scope.spec, spec.name, COMPUTE),
        display_name=physical_name(scope.spec, spec.name, LONG),
        user_labels=scope.tags,
        opts=scope.opts(depends_on=foundation.after("monitoring")),
    )
    objectives = [("availability", spec.slo.availability_percent, _availability(scope, spec))]
    if spec.slo.latency_ms is not None:
        objectives.append(("latency", spec.slo.latency_percent, _latency(scope, spec, spec.slo.latency_ms)))
    for role, percent, indicator in objectives:
        objective = _objective(scope, spec, spec.slo, service, role, percent, indicator)
        for burn in burn_rates(spec.slo.window_days):
            _alert(scope, spec, role, objective, burn, round(burn.reachable(percent, most=_MOST_BAD_PERCENT), 4))


def _metric(scope: Scope, spec: EndpointSpec, metric: str) -> str:
    return (
        f'metric.type="run.googleapis.com/{metric}" resource.type="cloud_run_revision" '
        f'resource.labels.service_name="{service_name(scope.spec, spec.name)}"'
    )


def _vertex_metric(scope: Scope, spec: EndpointSpec, metric: str) -> str:
    return filter_of(metric, endpoint_id(scope.spec, scope.target(GcpTarget), spec))


def _availability(scope: Scope, spec: EndpointSpec) -> monitoring.SloRequestBasedSliArgs:
    if is_on_vertex(spec):
        total = _vertex_metric(scope, spec, "response_count")
        bad = f'{total} metric.labels.response_code=monitoring.regex.full_match("5.*")'
    else:
        total = _metric(scope, spec, "request_count")
        bad = f'{total} metric.labels.response_code_class="5xx"'
    return monitoring.SloRequestBasedSliArgs(
        good_total_ratio=monitoring.SloRequestBasedSliGoodTotalRatioArgs(
            total_service_filter=total, bad_service_filter=bad
        )
    )


def _latency(scope: Scope, spec: EndpointSpec, milliseconds: int) -> monitoring.SloRequestBasedSliArgs:
    of_vertex = f'{_vertex_metric(scope, spec, "prediction_latencies")} metric.labels.latency_type="total"'
    return monitoring.SloRequestBasedSliArgs(
        distribution_cut=monitoring.SloRequestBasedSliDistributionCutArgs(
            distribution_filter=of_vertex if is_on_vertex(spec) else _metric(scope, spec, "request_latencies"),
            range=monitoring.SloRequestBasedSliDistributionCutRangeArgs(max=float(milliseconds)),
        )
    )


def _objective(
    scope: Scope,
    spec: EndpointSpec,
    slo: SloSpec,
    service: monitoring.CustomService,
    role: str,
    percent: float,
    indicator: monitoring.SloRequestBasedSliArgs,
) -> monitoring.Slo:
    return monitoring.Slo(
        scope.child(f"slo-{role}"),
        project=scope.target(GcpTarget).project,
        service=service.service_id,
        slo_id=f"{spec.name}-{role}",
        display_name=f"{spec.name}: {role} {percent:g} % over {slo.window_days} days",
        # a hundredth of 99.9 has no exact float
        goal=round(percent / 100, 6),
        rolling_period_days=slo.window_days,
        request_based_sli=indicator,
        user_labels=scope.tags,
        opts=scope.opts(),
    )


def _alert(scope: Scope, spec: EndpointSpec, role: str, objective: monitoring.Slo, burn: BurnRate, rate: float) -> None:
    routes = native(scope.context.routes.parts, GcpRoutes)
    monitoring.AlertPolicy(
        scope.child(f"slo-{role}-{burn.name}"),
        project=scope.target(GcpTarget).project,
        display_name=physical_name(scope.spec, f"{spec.name}-slo-{role}-{burn.name}", LONG),
        combiner="AND",
        severity=burn.severity.upper(),
        conditions=[
            monitoring.AlertPolicyConditionArgs(
                display_name=f"Error budget burns {rate:g} times too fast over {window // 60} minutes",
                condition_threshold=monitoring.AlertPolicyConditionConditionThresholdArgs(
                    filter=pulumi.Output.concat('select_slo_burn_rate("', objective.name, f'", "{window}s")'),
                    comparison="COMPARISON_GT",
                    threshold_value=rate,
                    duration="0s",
                ),
            )
            for window in (burn.long_seconds, burn.short_seconds)
        ],
        alert_strategy=monitoring.AlertPolicyAlertStrategyArgs(auto_close="3600s"),
        documentation=monitoring.AlertPolicyDocumentationArgs(
            content=f"At this rate endpoint {spec.name} breaks its {role} objective before the window ends.",
            mime_type="text/markdown",
        ),
        notification_channels=list(routes.targets[burn.severity]),
        user_labels=scope.tags,
        opts=scope.opts(depends_on=routes.ready),
    )
