"""AWS: alarms, their receivers, logs and the audit trail."""

from __future__ import annotations

from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import text
from mlplatform.risk.guards.directions import Appears, Differs, Extra, Fewer, Gone, Less, More, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting

_SILENT = "The alarm tells nobody"
_ALARM_LATE = "The alarm comes later, or not at all"
_OTHER = "The alarm is about something else"
_NO_ALARM = "Nobody is told any more"
_LESS_RECEIVERS = "Somebody is not told any more"
_ELSEWHERE = "Logs go to another place, and are missing in this one"
_NO_LOGS = "Its logs are no longer written"
_NO_AUDIT = "What people do in the account is no longer recorded in full"
_UNSEEN = "Threats in the account are no longer found"
_COSTS = "Costs rise without a word"

_MISSING_DATA = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html"
_TRAIL = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html"
_ALARMS = "aws:cloudwatch/metricAlarm:MetricAlarm aws:cloudwatch/compositeAlarm:CompositeAlarm"
_TRAILS = "aws:cloudtrail/trail:Trail aws:cloudtrail/eventDataStore:EventDataStore"


def _above(step: Step) -> bool:
    return text(step.inputs.get("comparisonOperator")).startswith("Greater")


def _below(step: Step) -> bool:
    return text(step.inputs.get("comparisonOperator")).startswith("Less")


AWS: tuple[Row, ...] = (
    # alarms
    Guard(f"{_ALARMS}", "high", _NO_ALARM),
    Setting(_ALARMS, "actionsEnabled", Off(default="true"), "high", _SILENT),
    Setting(_ALARMS, "/alarmActions", Fewer(), "high", _LESS_RECEIVERS),
    Setting(_ALARMS, "/okActions /insufficientDataActions", Fewer(), "medium", _LESS_RECEIVERS),
    Setting(_ALARMS, "/threshold", More(times=1.999), "high", _ALARM_LATE, where=_above),
    Setting(_ALARMS, "/threshold", More(), "medium", _ALARM_LATE, where=_above),
    Setting(_ALARMS, "/threshold", Less(None, share=0.5), "high", _ALARM_LATE, where=_below),
    Setting(_ALARMS, "/threshold", Less(None), "medium", _ALARM_LATE, where=_below),
    Setting(_ALARMS, "/evaluationPeriods /datapointsToAlarm /period", More(times=2.999), "high", _ALARM_LATE),
    Setting(_ALARMS, "/evaluationPeriods /datapointsToAlarm /period", More(), "medium", _ALARM_LATE),
    Setting(_ALARMS, "/treatMissingData", Ranked(("ignore", "notbreaching", "missing", "breaching"), default="missing"), "high", "The alarm stays quiet where no data comes", source=_MISSING_DATA),
    Setting(_ALARMS, "/comparisonOperator", Differs(), "high", _OTHER),
    Setting(_ALARMS, "/metricName /namespace /statistic /extendedStatistic dimensions.* metricQueries.expression metricQueries.metric.metricName", Differs(), "medium", _OTHER),
    Setting(_ALARMS, "/alarmRule", On(("false", "false()")), "high", _SILENT),
    Setting(_ALARMS, "/alarmRule", Differs(), "medium", _OTHER),
    Setting(_ALARMS, "/actionsSuppressor", Appears(()), "high", _SILENT),
    Opening("aws:cloudwatch/alarmMuteRule:AlarmMuteRule", "high", "Alarms are muted for a time"),
    Setting("aws:cloudwatch/alarmMuteRule:AlarmMuteRule", "schedule.duration schedule.expression expireDate", Differs(), "medium", "Alarms are muted at other times"),
    # the way to people
    Guard("aws:sns/topicSubscription:TopicSubscription aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration aws:cloudwatch/eventRule:EventRule aws:cloudwatch/eventTarget:EventTarget aws:cloudwatch/eventApiDestination:EventApiDestination aws:pipes/pipe:Pipe aws:ssmcontacts/* aws:ssmincidents/*", "high", _LESS_RECEIVERS),
    Setting("aws:sns/topicSubscription:TopicSubscription", "/endpoint /protocol /topic", Differs(), "high", "Messages go to somebody else"),
    Setting("aws:sns/topicSubscription:TopicSubscription", "/filterPolicy", Appears(), "high", "Some messages are left out"),
    Setting("aws:sns/topicSubscription:TopicSubscription", "/redrivePolicy", Gone(), "medium", "Messages that are not delivered are lost"),
    Setting("aws:sqs/queue:Queue", "/redrivePolicy", Gone(), "medium", "Messages that are not delivered are lost"),
    Setting("aws:chatbot/*", "snsTopicArns", Fewer(), "high", _LESS_RECEIVERS),
    Setting("aws:chatbot/*", "slackChannelId channelId", Differs(), "high", "Messages go to somebody else"),
    Setting("aws:cloudwatch/eventRule:EventRule aws:scheduler/*", "/state", Off(("enabled", "enabled_with_all_cloudtrail_management_events"), default="enabled"), "high", _LESS_RECEIVERS),
    Setting("aws:cloudwatch/eventRule:EventRule", "/isEnabled", Off(default="true"), "high", _LESS_RECEIVERS),
    Setting("aws:cloudwatch/eventRule:EventRule", "eventPattern.*", Fewer(), "medium", "Some events are left out"),
    Setting("aws:cloudwatch/eventTarget:EventTarget", "/arn", Differs(), "high", "Events go elsewhere"),
    Setting("aws:cloudwatch/eventApiDestination:EventApiDestination", "invocationEndpoint", Differs(), "high", "Messages go to somebody else"),
    Setting("aws:pipes/pipe:Pipe", "/desiredState", On(("stopped",)), "high", _LESS_RECEIVERS),
    # metrics
    Guard("aws:amp/ruleGroupNamespace:RuleGroupNamespace aws:amp/alertManagerDefinition:AlertManagerDefinition", "high", _NO_ALARM),
    Guard("aws:amp/scraper:Scraper aws:amp/workspace:Workspace aws:cloudwatch/metricStream:MetricStream aws:synthetics/canary:Canary aws:route53/healthCheck:HealthCheck aws:sagemaker/monitoringSchedule:MonitoringSchedule aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector", "high", "What it measures is no longer seen"),
    Setting("aws:route53/healthCheck:HealthCheck", "/disabled /invertHealthcheck", On(), "high", "What it measures is no longer seen"),
    Setting("aws:synthetics/canary:Canary", "startCanary", Off(), "high", "What it measures is no longer seen"),
    Setting("aws:*", "monitoringInterval", Less(0), "medium", "It is measured less often"),
    Setting("aws:*", "performanceInsightsEnabled enablePerformanceInsights", Off(("true", "enabled", "enhanced")), "medium", "It is measured less closely"),
    Setting("aws:ecs/*", "settings.value", Off(("enabled", "enhanced")), "medium", "It is measured less closely"),
    Setting("aws:ec2/*", "monitoring.enabled /monitoring", Off(), "low", "It is measured less often"),
    Setting("aws:*", "enhancedMonitoring", Ranked(("default", "per_broker", "per_topic_per_broker", "per_topic_per_partition")), "medium", "It is measured less closely"),
    Setting("aws:*", "tracingConfig.mode tracingConfiguration.enabled xrayTracingEnabled xrayEnabled", Off(("active", "true")), "medium", "Its calls are no longer traced"),
    Setting("aws:sagemaker/*", "enableCapture dataCaptureConfig.enableCapture", Off(), "high", "Requests and answers are no longer kept for monitoring"),
    Setting("aws:sagemaker/*", "dataCaptureConfig", Gone(), "high", "Requests and answers are no longer kept for monitoring"),
    Setting("aws:sagemaker/*", "initialSamplingPercentage", Less(None), "medium", "Fewer requests and answers are kept for monitoring"),
    Setting("aws:sagemaker/*", "dataCaptureConfig.captureOptions captureOptions", Fewer(), "medium", "Requests or answers are no longer kept for monitoring"),
    Setting("aws:sagemaker/*", "dataCaptureConfig.destinationS3Uri", Differs(), "high", "Captured requests go to another place"),
    # logs
    Guard("aws:ec2/flowLog:FlowLog aws:s3/bucketLogging:* aws:s3/bucketLoggingV2:* aws:wafv2/webAclLoggingConfiguration:* aws:networkfirewall/loggingConfiguration:* aws:route53/queryLog:QueryLog aws:route53/resolverQueryLogConfigAssociation:* aws:route53/resolverQueryLogConfig:* aws:cloudwatch/logMetricFilter:LogMetricFilter aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter aws:cloudwatch/logDelivery*:* aws:cloudwatch/logAccountPolicy:* aws:bedrockmodel/invocationLoggingConfiguration:* aws:redshift/logging:Logging aws:amp/queryLoggingConfiguration:* aws:cloudwatch/eventArchive:EventArchive", "high", _NO_LOGS),
    Setting("aws:ec2/flowLog:FlowLog", "/trafficType", Off(("all",)), "high", "Part of the traffic is no longer logged"),
    Setting("aws:ec2/flowLog:FlowLog", "/maxAggregationInterval", More(600), "low", "Traffic is logged less closely"),
    Setting("aws:ec2/flowLog:FlowLog", "/logDestination", Differs(), "high", _ELSEWHERE),
    Setting("aws:eks/cluster:Cluster", "/enabledClusterLogTypes", Fewer(("audit", "authenticator")), "high", _NO_AUDIT),
    Setting("aws:eks/cluster:Cluster", "/enabledClusterLogTypes", Fewer(), "medium", _NO_LOGS),
    Setting("aws:*", "enabledCloudwatchLogsExports", Fewer(("audit",)), "high", _NO_AUDIT),
    Setting("aws:*", "enabledCloudwatchLogsExports", Fewer(), "medium", _NO_LOGS),
    Setting("aws:*", "accessLogs accessLogSettings accessLogConfiguration loggingConfig loggingConfiguration loggingInfo auditLogConfiguration logConfig logPublishingOptions", Gone(), "high", _NO_LOGS),
    Setting("aws:*", "accessLogs.enabled connectionLogs.enabled auditLogs.enabled cloudwatchLogs.enabled s3.enabled firehose.enabled flowLogsEnabled logPublishingOptions.enabled isLoggingEnabled", Off(), "high", _NO_LOGS),
    Setting("aws:*", "disableAllLogs", On(), "high", _NO_LOGS),
    Setting("aws:s3/*", "/targetBucket logging.targetBucket", Differs(), "high", _ELSEWHERE),
    Setting("aws:*", "accessLogs.bucket loggingConfiguration.logGroupArn accessLogSettings.destinationArn auditLogDestination", Differs(), "high", _ELSEWHERE),
    Setting("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "/destinationArn", Differs(), "high", _ELSEWHERE),
    Setting("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter aws:cloudwatch/logMetricFilter:LogMetricFilter", "/filterPattern /pattern /logGroup", Differs(), "medium", "Other lines count than before"),
    Setting("aws:cloudwatch/logGroup:LogGroup", "/logGroupClass", Off(("standard",), default="standard"), "high", "Its lines raise no alarms any more: this class has no metric filters and subscriptions"),
    Setting("aws:*", "loggingLevel logLevel defaultLogLevel loggingConfiguration.level systemLogLevel applicationLogLevel", Ranked(("off", "none", "disabled", "fatal", "error", "warn", "warning", "info", "debug", "trace", "all")), "medium", "Fewer lines are logged"),
    Setting("aws:xray/*", "fixedRate reservoirSize", Less(None), "medium", "Fewer calls are traced"),
    Setting("aws:*", "logs.audit engineNativeAuditFieldsIncluded", Off(), "high", _NO_AUDIT),
    Setting("aws:*", "metricsEnabled cloudwatchMetricsEnabled publishCloudwatchMetricsEnabled detailedMetricsEnabled sampledRequestsEnabled", Off(), "medium", "It is measured less closely"),
    # the audit trail, threats
    Guard(_TRAILS, "high", _NO_AUDIT, source=_TRAIL),
    Setting(_TRAILS, "enableLogging includeGlobalServiceEvents", Off(default="true"), "high", _NO_AUDIT, source=_TRAIL),
    Setting(_TRAILS, "isMultiRegionTrail isOrganizationTrail multiRegionEnabled organizationEnabled", Off(), "high", _NO_AUDIT, source=_TRAIL),
    Setting(_TRAILS, "enableLogFileValidation", Off(), "high", "Nobody would notice that its records were changed", source=_TRAIL),
    Setting(_TRAILS, "readWriteType", Off(("all",), default="all"), "high", _NO_AUDIT, source=_TRAIL),
    Setting(_TRAILS, "eventSelectors advancedEventSelectors insightSelectors dataResources dataResources.values", Fewer(), "high", _NO_AUDIT, source=_TRAIL),
    Setting(_TRAILS, "excludeManagementEventSources notEquals notStartsWith", Extra(), "high", _NO_AUDIT, source=_TRAIL),
    Setting(_TRAILS, "includeManagementEvents", Off(default="true"), "high", _NO_AUDIT, source=_TRAIL),
    Setting(_TRAILS, "s3BucketName cloudWatchLogsGroupArn", Differs(), "high", _ELSEWHERE, source=_TRAIL),
    Setting(_TRAILS, "cloudWatchLogsGroupArn snsTopicName", Gone(), "medium", _LESS_RECEIVERS, source=_TRAIL),
    Guard("aws:cfg/recorder:Recorder aws:cfg/recorderStatus:RecorderStatus aws:cfg/deliveryChannel:DeliveryChannel aws:cfg/rule:Rule aws:guardduty/* aws:securityhub/* aws:inspector2/enabler:Enabler aws:macie2/account:Account aws:accessanalyzer/analyzer:Analyzer aws:detective/graph:Graph aws:securitylake/*", "high", _UNSEEN),
    Setting("aws:cfg/*", "/isEnabled recordingGroup.allSupported recordingGroup.includeGlobalResourceTypes", Off(), "high", _UNSEEN),
    Setting("aws:cfg/*", "exclusionByResourceTypes.resourceTypes exclusionByResourceTypes", Extra(), "high", _UNSEEN),
    Setting("aws:guardduty/*", "enable /status s3Logs.enable autoEnable", Off(default="true"), "high", _UNSEEN),
    Setting("aws:guardduty/*", "/action", On(("archive",)), "high", _UNSEEN),
    Opening("aws:guardduty/filter:Filter aws:guardduty/iPSet:IPSet aws:securityhub/automationRule:AutomationRule aws:accessanalyzer/archiveRule:ArchiveRule aws:inspector2/filter:Filter aws:macie2/*", "high", "Some findings about threats are put away"),
    # costs
    Guard("aws:budgets/budget:Budget aws:budgets/budgetAction:BudgetAction aws:costexplorer/anomalySubscription:AnomalySubscription aws:costexplorer/anomalyMonitor:AnomalyMonitor", "medium", _COSTS),
    Setting("aws:budgets/*", "limitAmount", More(times=1.999), "medium", "The alarm about costs comes later"),
    Setting("aws:budgets/*", "limitAmount", More(), "low", "The alarm about costs comes later"),
    Setting("aws:budgets/*", "/notifications subscriberEmailAddresses subscriberSnsTopicArns", Fewer(), "medium", _COSTS),
    Setting("aws:budgets/*", "notifications.threshold", More(), "medium", "The alarm about costs comes later"),
)  # fmt: skip
