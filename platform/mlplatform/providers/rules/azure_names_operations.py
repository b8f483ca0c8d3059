"""Names of Azure logs, alerts, events, dashboards and budgets.

Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from __future__ import annotations

from mlplatform.providers.rules.azure_names import name
from mlplatform.providers.rules.base import NameRule

_ALNUM_HYPHEN = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_HYPHEN_WORDS = "letters, digits and inner hyphens"


def _alerts(kind: str, prop: str) -> NameRule:
    return name(f"monitor:{kind}", prop, 1, 260, r"[^*#&+:<>?@%{}\\/|]*[^*#&+:<>?@%{}\\/|. ]", "no *#&+:<>?@%{}\\/|")


NAMES = (
    name("operationalinsights:Workspace", "workspaceName", 4, 63, _ALNUM_HYPHEN, _HYPHEN_WORDS),
    name(
        "applicationinsights:Component",
        "resourceName",
        1,
        260,
        r"[^%&\\?/]*[^%&\\?/. ]",
        "no % & \\ ? /, no space or dot last",
    ),
    name("monitor:AzureMonitorWorkspace", "azureMonitorWorkspaceName", 3, 44, _ALNUM_HYPHEN, _HYPHEN_WORDS),
    name(
        "monitor:DataCollectionRule",
        "dataCollectionRuleName",
        1,
        64,
        r"[A-Za-z0-9][\w.-]*",
        "letters, digits and _ . -",
    ),
    name(
        "monitor:DataCollectionEndpoint",
        "dataCollectionEndpointName",
        3,
        44,
        r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]",
        _HYPHEN_WORDS,
    ),
    _alerts("ActionGroup", "actionGroupName"),
    _alerts("MetricAlert", "ruleName"),
    _alerts("ScheduledQueryRule", "ruleName"),
    _alerts("ActivityLogAlert", "activityLogAlertName"),
    name(
        "monitor:AutoscaleSetting", "autoscaleSettingName", 1, 260, r"[^<>%&#.,?/:\\ ]+", "no <>%&#.,?/:\\ and spaces"
    ),
    name("monitor:DiagnosticSetting", "name", 1, 260, r"[^<>*%&:\\?+/]+", "no <>*%&:\\?+/", ("resourceUri",)),
    name(
        "dashboard:Grafana",
        "workspaceName",
        2,
        23,
        r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
        "letters, digits and inner hyphens, a letter first",
        "global",
    ),
    name("alertsmanagement:PrometheusRuleGroup", "ruleGroupName", 1, 260, r"[^:@/#{}%&+*<>?]+", "no :@/#{}%&+*<>?"),
    name(
        "servicebus:Namespace",
        "namespaceName",
        6,
        50,
        r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9](?<!-sb)(?<!-mgmt)",
        "letters, digits and inner hyphens, a letter first, no -sb or -mgmt last",
        "global",
    ),
    name("eventgrid:SystemTopic", "systemTopicName", 3, 50, r"[A-Za-z0-9-]+", "letters, digits and hyphens"),
    name("logic:Workflow", "workflowName", 1, 43, r"[A-Za-z0-9_().-]+", "letters, digits and - ( ) _ ."),
    name("consumption:Budget", "budgetName", 1, 63, r"[A-Za-z0-9_-]+", "letters, digits, - and _", ("scope",)),
)
