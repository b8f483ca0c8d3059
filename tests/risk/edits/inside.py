"""Guards inside of documents and of other resources, and of the clouds' other providers."""

from __future__ import annotations

from .edit import REMOVED, Edit, swapped, without

_M = "monitoring-weakened"
_TEMPLATE = "azure-native:resources:Deployment"
_SCRAPES = "global:\n  scrape_interval: 30s\nscrape_configs:\n  - job_name: pods\n  - job_name: gpus\n"
_RULES = "groups:\n- name: g\n  rules:\n  - alert: Down\n    expr: up == 0\n    for: 5m\n  - alert: Slow\n    expr: latency > 1\n"


def _template(*resources: dict[str, object]) -> dict[str, object]:
    return {"properties": {"mode": "Incremental", "template": {"resources": list(resources)}}}


_ALERT: dict[str, object] = {
    "type": "Microsoft.Insights/metricAlerts",
    "name": "a",
    "properties": {"enabled": True, "criteria": {"allOf": [{"threshold": 5, "operator": "GreaterThan"}]}},
}
_STORE: dict[str, object] = {
    "type": "Microsoft.Storage/storageAccounts",
    "name": "s",
    "sku": {"name": "Standard_GRS"},
    "properties": {"publicNetworkAccess": "Disabled"},
}
_NAMED: dict[str, object] = {"properties": {"template": {"languageVersion": "2.0", "resources": {"alert": _ALERT}}}}

EDITS = (
    Edit("an alert less in a template", "azure", _TEMPLATE, "properties.template.resources", without("metricAlerts"), "high", _M, inputs=_template(_STORE, _ALERT)),
    Edit("an alert less by name", "azure", _TEMPLATE, "properties.template.resources.alert", REMOVED, "high", _M, inputs=_NAMED),
    Edit("an alert off in a template", "azure", _TEMPLATE, "properties.template.resources[0].properties.enabled", False, "high", _M, inputs=_template(_ALERT)),
    Edit("a threshold in a template", "azure", _TEMPLATE, "properties.template.resources[0].properties.criteria.allOf[0].threshold", 5000, "high", _M, inputs=_template(_ALERT)),
    Edit("an alert renamed in a template", "azure", _TEMPLATE, "properties.template.resources[0].name", "b", None, inputs=_template(_ALERT)),
    Edit("copies of a store in a template", "azure", _TEMPLATE, "properties.template.resources[0].sku.name", "Standard_LRS", "high", "retention-shortened", inputs=_template(_STORE)),
    Edit("a store in a template", "azure", _TEMPLATE, "properties.template.resources[0].properties.publicNetworkAccess", "Enabled", "high", "made-public", inputs=_template(_STORE)),
    Edit("a lock less in a template", "azure", _TEMPLATE, "properties.template.resources", [], "high", "protection-off", inputs=_template({"type": "Microsoft.Authorization/locks", "name": "l", "properties": {"level": "CanNotDelete"}})),
    Edit("another tag in a template", "azure", _TEMPLATE, "properties.template.resources[0].tags", {"a": "b"}, None, inputs=_template(_STORE)),
    Edit("an alarm of Cloud Control", "aws", "aws:cloudcontrol/resource:Resource", "", REMOVED, "high", _M, inputs={"typeName": "AWS::CloudWatch::Alarm", "desiredState": '{"Threshold": 5}'}),
    Edit("an alarm of Cloud Control is off", "aws", "aws:cloudcontrol/resource:Resource", "desiredState.ActionsEnabled", False, "high", _M, inputs={"typeName": "AWS::CloudWatch::Alarm", "desiredState": '{"Threshold": 5}'}),
    Edit("logs of Cloud Control", "aws", "aws:cloudcontrol/resource:Resource", "desiredState.RetentionInDays", 1, "high", "retention-shortened", inputs={"typeName": "AWS::Logs::LogGroup", "desiredState": '{"RetentionInDays": 365}'}),
    Edit("an alarm of the other provider", "aws", "aws-native:cloudwatch:Alarm", "actionsEnabled", False, "high", _M, inputs={"threshold": 5}),
    Edit("an alarm of the other provider goes", "aws", "aws-native:cloudwatch:Alarm", "", REMOVED, "high", _M, inputs={"threshold": 5}),
    Edit("a bucket of the other provider", "gcp", "google-native:storage/v1:Bucket", "retentionPolicy", REMOVED, "critical", "retention-shortened", inputs={"retentionPolicy": {"retentionPeriod": "86400"}}),
    Edit("an older API version", "azure", "azure-native:insights/v20180301:MetricAlert", "enabled", False, "high", _M, inputs={"enabled": True}),
    Edit("a scrape less", "aws", "aws:amp/scraper:Scraper", "scrapeConfiguration", _SCRAPES.replace("  - job_name: gpus\n", ""), "high", _M, inputs={"scrapeConfiguration": _SCRAPES}),
    Edit("scraped more often", "aws", "aws:amp/scraper:Scraper", "scrapeConfiguration", swapped("30s", "10s"), None, inputs={"scrapeConfiguration": _SCRAPES}),
    Edit("a rule less in YAML", "aws", "aws:amp/ruleGroupNamespace:RuleGroupNamespace", "data", swapped("  - alert: Down\\n    expr: up == 0\\n    for: 5m\\n", ""), "high", _M, inputs={"data": _RULES}),
    Edit("a rule waits in YAML", "aws", "aws:amp/ruleGroupNamespace:RuleGroupNamespace", "data", swapped("5m", "10h"), "high", _M, inputs={"data": _RULES}),
    Edit("no rule at all", "aws", "aws:amp/ruleGroupNamespace:RuleGroupNamespace", "data", "", "high", _M, inputs={"data": _RULES}),
    Edit("JSON instead of YAML", "aws", "aws:amp/ruleGroupNamespace:RuleGroupNamespace", "data", '{"groups": [{"name": "g", "rules": []}]}', "high", _M, inputs={"data": _RULES}),
    Edit("a comment in YAML", "aws", "aws:amp/ruleGroupNamespace:RuleGroupNamespace", "data", f"# reviewed\n{_RULES}", None, inputs={"data": _RULES}),
)  # fmt: skip
