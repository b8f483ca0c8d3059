"""Azure: alert rules, their receivers, logs and the audit."""

from __future__ import annotations

from mlplatform.plan.model import Step
from mlplatform.risk.guards.directions import Appears, Differs, Extra, Fewer, Gone, Less, More, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting

_SILENT = "The alert tells nobody"
_LATE = "The alert comes later, or not at all"
_OTHER = "The alert is about something else"
_NO_ALERT = "Nobody is told any more"
_FEWER = "Somebody is not told any more"
_ELSEWHERE = "Logs go to another place, and are missing in this one"
_NO_LOGS = "Its logs are no longer written"
_DROPPED = "Some logs are dropped"
_NO_AUDIT = "What people do is no longer recorded in full"
_UNSEEN = "What it measures is no longer seen"
_THREATS = "Threats are no longer found"
_COSTS = "Costs rise without a word"

_CAP = "https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap"
_PROCESSING = "https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-processing-rules"
_M = "azure-native:*:"
_ALERTS = f"{_M}MetricAlert {_M}ScheduledQueryRule {_M}ActivityLogAlert azure-native:alertsmanagement:SmartDetectorAlertRule azure-native:alertsmanagement:PrometheusRuleGroup"
_DIAGNOSTICS = f"{_M}DiagnosticSetting {_M}SubscriptionDiagnosticSetting {_M}ManagementGroupDiagnosticSetting"


def _below(step: Step) -> bool:
    return "'LessThan" in str(step.inputs.get("criteria"))


def _above(step: Step) -> bool:
    return not _below(step)


def _mutes(step: Step) -> bool:
    return "RemoveAllActionGroups" in str(step.inputs) or "Suppression" in str(step.inputs)


AZURE: tuple[Row, ...] = (
    # alerts
    Guard(_ALERTS, "high", _NO_ALERT),
    Setting(_ALERTS, "/enabled rules.enabled /state", Off(default="true"), "high", _SILENT),
    Setting(_ALERTS, "/actions actions.actionGroups rules.actions actionGroups.groupIds", Fewer(), "high", _FEWER),
    Setting(_ALERTS, "/actions", Gone(), "high", _SILENT),
    Setting(_ALERTS, "/rules criteria.allOf", Fewer(), "high", _NO_ALERT),
    Setting(_ALERTS, "/scopes", Fewer(number=True), "high", _OTHER),
    Setting(_ALERTS, "threshold", More(times=1.999), "high", _LATE, where=_above),
    Setting(_ALERTS, "threshold", More(), "medium", _LATE, where=_above),
    Setting(_ALERTS, "threshold", Less(None, share=0.5), "high", _LATE, where=_below),
    Setting(_ALERTS, "threshold", Less(None), "medium", _LATE, where=_below),
    Setting(_ALERTS, "windowSize evaluationFrequency rules.for /interval minFailingPeriodsToAlert numberOfEvaluationPeriods frequency", More(times=2.999), "high", _LATE),
    Setting(_ALERTS, "windowSize evaluationFrequency rules.for /interval minFailingPeriodsToAlert numberOfEvaluationPeriods frequency", More(), "medium", _LATE),
    Setting(_ALERTS, "alertSensitivity", Ranked(("low", "medium", "high")), "medium", _LATE),
    Setting(_ALERTS, "operator", Differs(), "high", _OTHER),
    Setting(_ALERTS, "criteria.allOf.query query expression metricName metricNamespace timeAggregation", Differs(), "medium", _OTHER),
    Setting(_ALERTS, "severity", More(), "medium", "It is taken less seriously"),
    Setting(_ALERTS, "muteActionsDuration throttling.duration", Appears(), "high", "It is quiet for a time after each alert"),
    Opening("azure-native:alertsmanagement:AlertProcessingRule* azure-native:alertsmanagement:ActionRule*", "high", "Alerts are muted", source=_PROCESSING, where=_mutes),
    Setting("azure-native:alertsmanagement:AlertProcessingRule* azure-native:alertsmanagement:ActionRule*", "/enabled /status", On(), "high", "Alerts are muted", source=_PROCESSING, where=_mutes),
    Setting("azure-native:alertsmanagement:AlertProcessingRule* azure-native:alertsmanagement:ActionRule*", "scopes scope.values", Extra(), "high", "More alerts are muted", source=_PROCESSING, where=_mutes),
    Setting("azure-native:alertsmanagement:AlertProcessingRule* azure-native:alertsmanagement:ActionRule*", "conditions schedule", Gone(), "high", "More alerts are muted", source=_PROCESSING, where=_mutes),
    # the way to people
    Guard(f"{_M}ActionGroup azure-native:logic:Workflow azure-native:eventgrid:*EventSubscription azure-native:security:SecurityContact azure-native:logic:IntegrationAccount*", "high", _FEWER),
    Setting(f"{_M}ActionGroup", "/enabled", Off(default="true"), "high", _FEWER),
    Setting(f"{_M}ActionGroup", "*receivers", Fewer(), "high", _FEWER),
    Setting(f"{_M}ActionGroup", "*receivers", Gone(), "high", _FEWER),
    Setting(f"{_M}ActionGroup", "emailAddress serviceUri callbackUrl phoneNumber eventHubName", Differs(), "high", "Messages go to somebody else"),
    Setting("azure-native:logic:Workflow", "/state", Off(("enabled",), default="enabled"), "high", _FEWER),
    Setting("azure-native:eventgrid:*", "destination.*", Differs(), "high", "Events go elsewhere"),
    Setting("azure-native:eventgrid:*", "filter.includedEventTypes", Fewer(), "medium", "Some events are left out"),
    Setting("azure-native:security:SecurityContact", "isEnabled notificationsByRole.state", Off(), "high", _FEWER),
    # logs
    Guard(f"{_DIAGNOSTICS} azure-native:*:LogProfile", "high", _NO_LOGS),
    Setting(_DIAGNOSTICS, "logs.enabled", Off(), "high", _NO_LOGS),
    Setting(_DIAGNOSTICS, "/logs", Fewer(), "high", _NO_LOGS),
    Setting(_DIAGNOSTICS, "/logs", Gone(), "high", _NO_LOGS),
    Setting(_DIAGNOSTICS, "logs.categoryGroup logs.category", Differs(), "high", _NO_LOGS),
    Setting(_DIAGNOSTICS, "metrics.enabled", Off(), "medium", _UNSEEN),
    Setting(_DIAGNOSTICS, "/metrics", Fewer(), "medium", _UNSEEN),
    Setting(_DIAGNOSTICS, "/workspaceId /storageAccountId /eventHubAuthorizationRuleId /eventHubName /marketplacePartnerId", Differs(), "high", _ELSEWHERE),
    Setting(_DIAGNOSTICS, "/workspaceId /storageAccountId /eventHubAuthorizationRuleId", Gone(), "high", _ELSEWHERE),
    Guard("azure-native:network:FlowLog azure-native:operationalinsights:DataExport azure-native:operationalinsights:DataSource azure-native:operationalinsights:LinkedService azure-native:monitor:DataCollectionRule azure-native:monitor:DataCollectionRuleAssociation azure-native:monitor:DataCollectionEndpoint azure-native:applicationinsights:WebTest azure-native:machinelearningservices:Schedule", "high", _NO_LOGS),
    Setting("azure-native:network:FlowLog", "/enabled", Off(), "high", _NO_LOGS),
    Setting("azure-native:network:FlowLog", "/storageId", Differs(), "high", _ELSEWHERE),
    Setting("azure-native:network:FlowLog", "flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration.enabled", Off(), "medium", _UNSEEN),
    Setting("azure-native:network:FlowLog", "trafficAnalyticsInterval", More(), "low", _LATE),
    Setting("azure-native:network:FlowLog", "enabledFilteringCriteria", Appears(), "high", _DROPPED),
    Setting("azure-native:operationalinsights:Workspace", "dailyQuotaGb", Less(-1, forever=(-1,)), "high", "Logs of the rest of the day are dropped at a limit", source=_CAP),
    Setting("azure-native:operationalinsights:Table", "/plan", Ranked(("auxiliary", "basic", "analytics"), default="analytics"), "high", "Its logs raise no alerts any more"),
    Setting("azure-native:operationalinsights:DataExport", "/enable", Off(), "high", _ELSEWHERE),
    Setting("azure-native:operationalinsights:DataExport", "/tableNames", Fewer(), "high", _ELSEWHERE),
    Setting("azure-native:operationalinsights:DataExport", "resourceId", Differs(), "high", _ELSEWHERE),
    Setting("azure-native:monitor:DataCollectionRule", "dataFlows dataFlows.streams dataSources.* dataSources.*.streams destinations.* namespaces", Fewer(), "high", _NO_LOGS),
    Setting("azure-native:monitor:DataCollectionRule", "transformKql", Appears(("", "source")), "high", _DROPPED),
    Setting("azure-native:monitor:DataCollectionRule", "transformKql", Differs(), "medium", "Other logs are kept than before"),
    Setting("azure-native:monitor:DataCollectionRule", "workspaceResourceId accountResourceId", Differs(), "high", _ELSEWHERE),
    Setting("azure-native:monitor:DataCollectionRule", "namespaceFilteringMode", Off(("off",), default="off"), "high", _DROPPED),
    Setting("azure-native:monitor:DataCollectionRuleAssociation", "dataCollectionRuleId", Differs(), "medium", _ELSEWHERE),
    Setting("azure-native:applicationinsights:*", "samplingPercentage", Less(100), "high", _DROPPED),
    Setting("azure-native:applicationinsights:*", "dataVolumeCap.cap", Less(None), "high", _DROPPED, source=_CAP),
    Setting("azure-native:applicationinsights:WebTest", "/enabled webTestEnabled", Off(default="true"), "high", _UNSEEN),
    Setting("azure-native:applicationinsights:Component", "workspaceResourceId", Differs(), "high", _ELSEWHERE),
    Setting("azure-native:containerservice:ManagedCluster", "azureMonitorProfile.metrics.enabled omsagent.enabled containerInsights.enabled omsAgent.enabled", Off(), "high", _UNSEEN),
    Setting("azure-native:containerservice:ManagedCluster", "azureMonitorProfile addonProfiles.omsagent", Gone(), "high", _UNSEEN),
    Setting("azure-native:containerservice:ManagedCluster", "defender.securityMonitoring.enabled securityMonitoring.enabled", Off(), "high", _THREATS),
    Setting("azure-native:containerservice:ManagedCluster", "logAnalyticsWorkspaceResourceID", Differs(), "high", _ELSEWHERE),
    Setting("azure-native:machinelearningservices:*", "appInsightsEnabled", Off(), "medium", _NO_LOGS),
    Setting("azure-native:machinelearningservices:*", "dataCollectionMode", Off(), "high", "Requests and answers are no longer kept for monitoring"),
    Setting("azure-native:machinelearningservices:*", "dataCollector", Gone(), "high", "Requests and answers are no longer kept for monitoring"),
    Setting("azure-native:machinelearningservices:*", "samplingRate", Less(1), "medium", "Fewer requests and answers are kept for monitoring"),
    Setting("azure-native:machinelearningservices:Workspace", "applicationInsights", Gone(), "high", _NO_LOGS),
    Setting("azure-native:app:*", "appLogsConfiguration.destination", Off(("log-analytics", "azure-monitor")), "high", _NO_LOGS),
    Setting("azure-native:app:*", "appLogsConfiguration", Gone(), "high", _NO_LOGS),
    Setting("azure-native:app:*", "logAnalyticsConfiguration.customerId", Differs(), "high", _ELSEWHERE),
    Setting("azure-native:web:*", "httpLoggingEnabled detailedErrorLoggingEnabled requestTracingEnabled", Off(), "medium", _NO_LOGS),
    Setting("azure-native:*", "isAzureMonitorTargetEnabled isDevopsAuditEnabled cassandraAuditLoggingEnabled", Off(), "high", _NO_AUDIT),
    Setting("azure-native:*", "enableDiagnostics enableDiagnosticSettings enableNetworkMonitor", Off(), "medium", _NO_LOGS),
    Setting("azure-native:*", "stopSendNotificationWhenHitCap stopSendNotificationWhenHitThreshold", On(), "high", _FEWER),
    # the audit, threats
    Setting("azure-native:sql:* azure-native:dbfor* azure-native:synapse:*", "/state", Off(("enabled",)), "high", _NO_AUDIT, where=lambda step: "Audit" in step.type or "Alert" in step.type or "ThreatProtection" in step.type),
    Setting("azure-native:sql:*", "auditActionsAndGroups", Fewer(), "high", _NO_AUDIT),
    Setting("azure-native:sql:*", "disabledAlerts", Extra(), "high", _THREATS),
    Guard("azure-native:sql:*AuditingPolicy azure-native:sql:*SecurityAlertPolicy azure-native:*:*ThreatProtection* azure-native:sql:*VulnerabilityAssessment* azure-native:sql:*VulnerabilityAssessment", "high", _NO_AUDIT),
    Guard("azure-native:security:Pricing azure-native:security:*DefenderForStorage* azure-native:security:Automation azure-native:security:*Setting azure-native:securityinsights:*AlertRule* azure-native:securityinsights:*Connector* azure-native:securityinsights:SentinelOnboardingState azure-native:network:NetworkWatcher", "high", _THREATS),
    Setting("azure-native:security:*", "pricingTier", Off(("standard",)), "high", _THREATS),
    Setting("azure-native:security:* azure-native:securityinsights:*", "/isEnabled /enabled autoProvision extensions.isEnabled malwareScanning.onUpload.isEnabled", Off(), "high", _THREATS),
    Opening("azure-native:security:AlertsSuppressionRule azure-native:securityinsights:AutomationRule azure-native:security:GovernanceAssignment", "high", "Some findings about threats are put away"),
    Setting("azure-native:containerregistry:*", "auditLogStatus", Off(), "medium", _NO_AUDIT),
    # costs
    Guard("azure-native:consumption:Budget azure-native:costmanagement:Budget azure-native:costmanagement:ScheduledAction*", "medium", _COSTS),
    Setting("azure-native:consumption:Budget azure-native:costmanagement:Budget", "/amount", More(times=1.999), "medium", "The alert about costs comes later"),
    Setting("azure-native:consumption:Budget azure-native:costmanagement:Budget", "/amount", More(), "low", "The alert about costs comes later"),
    Setting("azure-native:consumption:Budget azure-native:costmanagement:Budget", "notifications.*", Gone(), "medium", _COSTS),
    Setting("azure-native:consumption:Budget azure-native:costmanagement:Budget", "notifications.*.enabled", Off(), "medium", _COSTS),
    Setting("azure-native:consumption:Budget azure-native:costmanagement:Budget", "contactEmails contactGroups contactRoles", Fewer(), "medium", _COSTS),
    Setting("azure-native:consumption:Budget azure-native:costmanagement:Budget", "notifications.*.threshold", More(), "medium", "The alert about costs comes later"),
)  # fmt: skip
