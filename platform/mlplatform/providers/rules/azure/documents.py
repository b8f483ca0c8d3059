"""Documents and queries inside Azure properties."""

from __future__ import annotations

from mlplatform.providers.rules.base import ValueRule

_REF = "https://learn.microsoft.com/azure/azure-monitor/"
_GROUP = "azure-native:alertsmanagement:PrometheusRuleGroup"

DOCUMENTS = (
    ValueRule(_GROUP, "rules[].expression", _REF + "metrics/prometheus-rule-groups", document="promql"),
    ValueRule(
        "azure-native:applicationinsights:Workbook",
        "serializedData",
        _REF + "visualize/workbooks-overview",
        document="json",
    ),
)
