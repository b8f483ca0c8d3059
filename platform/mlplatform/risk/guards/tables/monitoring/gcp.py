"""GCP: alert policies, their channels, logs and the audit."""

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
_COSTS = "Costs rise without a word"

_EXCLUSIONS = "https://docs.cloud.google.com/logging/docs/export/configure_export_v2"
_AUDIT = "https://docs.cloud.google.com/logging/docs/audit/configure-data-access"
_POLICIES = "gcp:monitoring/alertPolicy:AlertPolicy"
_SINKS = "gcp:logging/projectSink:ProjectSink gcp:logging/folderSink:FolderSink gcp:logging/organizationSink:OrganizationSink gcp:logging/billingAccountSink:BillingAccountSink"


def _is_about(step: Step, word: str) -> bool:
    return f"COMPARISON_{word}" in str(step.inputs.get("conditions"))


def _above(step: Step) -> bool:
    return _is_about(step, "GT") or not _is_about(step, "LT")


def _below(step: Step) -> bool:
    return _is_about(step, "LT") and not _is_about(step, "GT")


GCP: tuple[Row, ...] = (
    # alerts
    Guard(_POLICIES, "high", _NO_ALERT),
    Setting(_POLICIES, "/enabled", Off(default="true"), "high", _SILENT),
    Setting(_POLICIES, "/notificationChannels", Fewer(), "high", _FEWER),
    Setting(_POLICIES, "/notificationChannels", Gone(), "high", _SILENT),
    Setting(_POLICIES, "/conditions", Fewer(), "high", _NO_ALERT),
    Setting(_POLICIES, "thresholdValue", More(times=1.999), "high", _LATE, where=_above),
    Setting(_POLICIES, "thresholdValue", More(), "medium", _LATE, where=_above),
    Setting(_POLICIES, "thresholdValue", Less(None, share=0.5), "high", _LATE, where=_below),
    Setting(_POLICIES, "thresholdValue", Less(None), "medium", _LATE, where=_below),
    Setting(_POLICIES, "duration trigger.count trigger.percent aggregations.alignmentPeriod", More(times=2.999), "high", _LATE),
    Setting(_POLICIES, "duration trigger.count trigger.percent aggregations.alignmentPeriod", More(), "medium", _LATE),
    Setting(_POLICIES, "/combiner", On(("and", "and_with_matching_resource")), "high", _LATE),
    Setting(_POLICIES, "comparison", Differs(), "high", _OTHER),
    Setting(_POLICIES, "filter query conditionPrometheusQueryLanguage.query", Differs(), "medium", _OTHER),
    Setting(_POLICIES, "evaluationMissingData", Off(("evaluation_missing_data_active",)), "high", "The alert stays quiet where no data comes"),
    Setting(_POLICIES, "conditionAbsent", Gone(), "high", "The alert stays quiet where no data comes"),
    Setting(_POLICIES, "notificationRateLimit.period", More(0), "medium", "Fewer messages are sent"),
    Setting(_POLICIES, "alertStrategy.autoClose", Less(7), "low", "It closes by itself sooner"),
    Setting(_POLICIES, "/severity", Ranked(("warning", "error", "critical")), "medium", "It is taken less seriously"),
    Guard("gcp:monitoring/slo:Slo gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig gcp:logging/metric:Metric gcp:monitoring/metricDescriptor:MetricDescriptor", "high", _UNSEEN),
    Setting("gcp:monitoring/slo:Slo", "/goal", Less(None), "medium", "The objective is lower"),
    Setting("gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig", "/period", More(), "medium", _LATE),
    Setting("gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig", "contentMatchers selectedRegions", Fewer(), "medium", _UNSEEN),
    Setting("gcp:logging/metric:Metric", "/filter /bucketName", Differs(), "medium", "Other lines count than before"),
    Setting("gcp:logging/metric:Metric", "/disabled", On(), "high", _UNSEEN),
    # the way to people
    Guard("gcp:monitoring/notificationChannel:NotificationChannel gcp:essentialcontacts/contact:Contact gcp:cloudasset/*Feed:* gcp:securitycenter/*otificationConfig:*", "high", _FEWER),
    Setting("gcp:monitoring/notificationChannel:NotificationChannel", "/enabled", Off(default="true"), "high", _FEWER),
    Setting("gcp:monitoring/notificationChannel:NotificationChannel", "labels.* /type", Differs(), "high", "Messages go to somebody else"),
    Setting("gcp:securitycenter/*", "streamingConfig.filter pubsubTopic", Differs(), "high", _FEWER),
    Opening("gcp:securitycenter/*MuteConfig:*", "high", "Some findings about threats are put away"),
    Setting("gcp:eventarc/*", "destination.*", Differs(), "medium", "Events go elsewhere"),
    # logs
    Guard(_SINKS, "high", _ELSEWHERE),
    Setting(_SINKS, "/destination", Differs(), "high", _ELSEWHERE),
    Setting(_SINKS, "/filter", Differs(), "medium", "Other logs are exported than before"),
    Setting(_SINKS, "/filter", Appears(), "high", _DROPPED),
    Setting(_SINKS, "/disabled", On(), "high", _ELSEWHERE),
    Setting(_SINKS, "/exclusions", Extra(), "high", _DROPPED, source=_EXCLUSIONS),
    Setting(_SINKS, "includeChildren", Off(), "high", _DROPPED),
    Opening("gcp:logging/*Exclusion:*", "high", _DROPPED, source=_EXCLUSIONS),
    Setting("gcp:logging/*Exclusion:*", "/filter", Differs(), "medium", "Other logs are dropped than before", source=_EXCLUSIONS),
    Setting("gcp:logging/*Exclusion:*", "/disabled", Off(), "high", _DROPPED, source=_EXCLUSIONS),
    Setting("gcp:logging/*", "enableAnalytics", Off(), "medium", "Logs can no longer be searched with SQL"),
    Guard("gcp:*AuditConfig", "high", _NO_AUDIT, source=_AUDIT),
    Setting("gcp:*AuditConfig", "auditLogConfigs", Fewer(), "high", _NO_AUDIT, source=_AUDIT),
    Setting("gcp:*", "exemptedMembers", Extra(), "high", _NO_AUDIT, source=_AUDIT),
    Setting("gcp:container/cluster:Cluster", "loggingConfig.enableComponents monitoringConfig.enableComponents", Fewer(), "high", _NO_LOGS),
    Setting("gcp:container/cluster:Cluster", "/loggingConfig /monitoringConfig", Gone(), "medium", _NO_LOGS),
    Setting("gcp:container/cluster:Cluster", "/loggingService /monitoringService", On(("none",)), "high", _NO_LOGS),
    Setting("gcp:container/cluster:Cluster", "managedPrometheus.enabled", Off(), "high", _UNSEEN),
    Setting("gcp:container/cluster:Cluster", "advancedDatapathObservabilityConfig.enableMetrics costManagementConfig.enabled", Off(), "medium", _UNSEEN),
    Setting("gcp:container/cluster:Cluster", "securityPostureConfig.mode securityPostureConfig.vulnerabilityMode", Ranked(("disabled", "vulnerability_disabled", "basic", "vulnerability_basic", "enterprise", "vulnerability_enterprise")), "medium", "Weaknesses of the cluster are no longer found"),
    Setting("gcp:compute/*", "/logConfig", Gone(), "high", _NO_LOGS),
    Setting("gcp:*", "logConfig.enable logConfig.enabled enableLogging cloudLoggingConfig.enableLogging", Off(), "high", _NO_LOGS),
    Setting("gcp:*", "logConfig.filter", On(("errors_only", "translations_only")), "medium", _DROPPED),
    Setting("gcp:*", "flowSampling logConfig.sampleRate stackdriverLoggingConfig.samplingRatio", Less(1), "high", "Part of the traffic is no longer logged"),
    Setting("gcp:*", "logConfig.metadata", Off(("include_all_metadata",)), "medium", "Its logs say less"),
    Setting("gcp:*", "logConfig.filterExpr", Differs(), "medium", "Other traffic is logged than before"),
    Setting("gcp:storage/bucket:Bucket", "/logging", Gone(), "high", _NO_LOGS),
    Setting("gcp:storage/bucket:Bucket", "logging.logBucket", Differs(), "high", _ELSEWHERE),
    Setting("gcp:*", "callLogLevel", Ranked(("call_log_level_unspecified", "log_none", "log_errors_only", "log_all_calls")), "medium", "Fewer lines are logged"),
    Setting("gcp:vertex/*", "predictRequestResponseLoggingConfig.enabled", Off(), "high", "Requests and answers are no longer kept for monitoring"),
    Setting("gcp:vertex/*", "predictRequestResponseLoggingConfig", Gone(), "high", "Requests and answers are no longer kept for monitoring"),
    Setting("gcp:vertex/*", "predictRequestResponseLoggingConfig.samplingRate", Less(None), "medium", "Fewer requests and answers are kept for monitoring"),
    Setting("gcp:sql/*", "queryInsightsEnabled", Off(), "medium", _UNSEEN),
    Setting("gcp:sql/*", "sqlServerAuditConfig", Gone(), "high", _NO_AUDIT),
    Setting("gcp:networkmanagement/*", "/state", Off(("enabled",)), "high", _NO_LOGS),
    Guard("gcp:networkmanagement/vpcFlowLogsConfig:* gcp:networkmanagement/organizationVpcFlowLogsConfig:* gcp:compute/packetMirroring:*", "high", _NO_LOGS),
    Setting("gcp:*", "detailedAuditLogging enableAuditAgent", Off(), "high", _NO_AUDIT),
    Setting("gcp:*", "enableAccessLogging enableContainerLogging enableStackdriverLogging enableStackdriverMonitoring enableCloudLogging enableApplicationLogs loggingEnabled", Off(), "medium", _NO_LOGS),
    Setting("gcp:*", "disableCloudLogging disableConversationLogging", On(), "medium", _NO_LOGS),
    # costs
    Guard("gcp:billing/budget:Budget", "medium", _COSTS),
    Setting("gcp:billing/budget:Budget", "amount.specifiedAmount.units", More(times=1.999), "medium", "The alert about costs comes later"),
    Setting("gcp:billing/budget:Budget", "amount.specifiedAmount.units", More(), "low", "The alert about costs comes later"),
    Setting("gcp:billing/budget:Budget", "/thresholdRules monitoringNotificationChannels", Fewer(), "medium", _COSTS),
    Setting("gcp:billing/budget:Budget", "thresholdPercent", More(), "medium", "The alert about costs comes later"),
    Setting("gcp:billing/budget:Budget", "disableDefaultIamRecipients", On(), "medium", _COSTS),
    Setting("gcp:billing/budget:Budget", "allUpdatesRule allUpdatesRule.pubsubTopic", Gone(), "medium", _COSTS),
)  # fmt: skip
