"""Workbooks and their charts."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
from pulumi_azure_native import applicationinsights

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.naming import guid
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.names import platform_name
from mlplatform.components.scope import Scope

_SUM, _AVERAGE = 1, 4
"""A workbook's ways to combine the values of an interval."""

_COUNTED = frozenset({"Requests"})
"""Metrics that count events: their average is always one."""


def metrics_chart(
    title: str, of: pulumi.Input[str], kind: str, names: Sequence[str], category: str = ""
) -> dict[str, object]:
    """A chart of one resource's metrics.

    Args:
        title: above the chart.
        of: resource id.
        kind: the resource's type.
        names: the metrics.
        category: of the metrics, as https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index lists them.
    """
    namespace = kind.lower()
    return {
        "type": 10,
        "name": title,
        "content": {
            "version": "MetricsItem/2.0",
            "chartId": title,
            "title": title,
            "chartType": 2,
            "size": 0,
            "resourceType": namespace,
            "resourceIds": [of],
            "metricScope": 0,
            "timeContext": {"durationMs": 86_400_000},
            "metrics": [
                {
                    "namespace": namespace,
                    "metric": f"{namespace}-{category}-{name}",
                    "aggregation": _SUM if name in _COUNTED else _AVERAGE,
                }
                for name in names
            ],
        },
    }


def log_chart(title: str, of: pulumi.Input[str], kql: str) -> dict[str, object]:
    """A chart of a log query."""
    return {
        "type": 3,
        "name": title,
        "content": {
            "version": "KqlItem/1.0",
            "title": title,
            "query": kql,
            "size": 0,
            "queryType": 0,
            "resourceType": "microsoft.operationalinsights/workspaces",
            "crossComponentResources": [of],
            "timeContext": {"durationMs": 86_400_000},
            "visualization": "timechart",
        },
    }


def promql_chart(title: str, of: pulumi.Input[str], query: str) -> dict[str, object]:
    """A chart of a PromQL query."""
    promql = {"version": "1.0.0", "queryText": query, "resourceId": of}
    return {
        "type": 3,
        "name": title,
        "content": {
            "version": "KqlItem/1.0",
            "title": title,
            "query": pulumi.Output.json_dumps(promql),
            "size": 0,
            "queryType": 16,
            "resourceType": "microsoft.monitor/accounts",
            "crossComponentResources": [of],
            "timeContext": {"durationMs": 86_400_000},
            "visualization": "timechart",
        },
    }


def make_workbook(scope: Scope, title: str, items: Sequence[dict[str, object]]) -> pulumi.Output[str]:
    """Make a workbook of charts; returns its address in the portal."""
    target, name = scope.target(AzureTarget), guid(scope.spec, scope.name, "dashboard")
    content: dict[str, object] = {
        "version": "Notebook/1.0",
        "items": [{"type": 1, "name": "title", "content": {"json": f"# {title}"}}, *items],
        "fallbackResourceIds": ["Azure Monitor"],
        "$schema": "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json",
    }
    created = applicationinsights.Workbook(
        scope.child("dashboard"),
        resource_name_=name,
        resource_group_name=resource_group(scope).group_name,
        location=target.location,
        kind=applicationinsights.WorkbookSharedTypeKind.SHARED,
        category="workbook",
        display_name=f"{platform_name(scope.spec, ' ')} {title}",
        description=json.dumps({"platform": scope.spec.name, "environment": scope.spec.environment}),
        source_id="azure monitor",
        serialized_data=pulumi.Output.json_dumps(content),
        tags=scope.tags,
        opts=scope.opts(),
    )
    return pulumi.Output.concat("https://portal.azure.com/#@", target.tenant_id, "/resource", created.id, "/workbook")
