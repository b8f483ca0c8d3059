"""Documents and queries inside GCP properties."""

from __future__ import annotations

from mlplatform.providers.rules.base import ValueRule

_REF = "https://docs.cloud.google.com/"
_POLICY = "gcp:monitoring/alertPolicy:AlertPolicy"

DOCUMENTS = (
    ValueRule(
        _POLICY,
        "conditions[].conditionPrometheusQueryLanguage.query",
        _REF + "monitoring/promql",
        document="promql",
    ),
    ValueRule(
        "gcp:monitoring/dashboard:Dashboard",
        "dashboardJson",
        _REF + "monitoring/api/ref_v3/rest/v1/projects.dashboards",
        document="json",
    ),
    ValueRule(
        "gcp:workflows/workflow:Workflow",
        "sourceContents",
        _REF + "workflows/docs/reference/syntax",
        document="yaml",
    ),
)
