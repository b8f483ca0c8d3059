"""Limits and values that the SDK types as plain strings and numbers: AWS logs, alarms, topics and budgets."""

from __future__ import annotations

from mlplatform.providers.rules.base import ValueRule

_REF = "https://docs.aws.amazon.com/"
_LOGS = _REF + "AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"
_ALARM = _REF + "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
_BUDGET = _REF + "aws-cost-management/latest/APIReference/API_budgets_Budget.html"
_RETENTION_DAYS = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
VALUES = (
    ValueRule("aws:cloudwatch/logGroup:LogGroup", "retentionInDays", _LOGS, allowed=_RETENTION_DAYS),
    ValueRule(
        "aws:cloudwatch/logGroup:LogGroup",
        "logGroupClass",
        _LOGS,
        allowed=("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
    ),
    ValueRule(_METRIC_ALARM, "alarmActions", _ALARM, most=5),
    ValueRule(
        _METRIC_ALARM,
        "comparisonOperator",
        _ALARM,
        allowed=(
            "GreaterThanOrEqualToThreshold",
            "GreaterThanThreshold",
            "LessThanThreshold",
            "LessThanOrEqualToThreshold",
            "LessThanLowerOrGreaterThanUpperThreshold",
            "LessThanLowerThreshold",
            "GreaterThanUpperThreshold",
        ),
    ),
    ValueRule(_METRIC_ALARM, "treatMissingData", _ALARM, allowed=("breaching", "notBreaching", "ignore", "missing")),
    ValueRule(
        _METRIC_ALARM, "extendedStatistic", _ALARM, pattern=r"p(\d{1,2}(\.\d{1,10})?|100)|(TM|WM|TC|TS|PR|IQM).*"
    ),
    ValueRule("aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmRule", _ALARM, shortest=1, longest=10240),
    ValueRule(
        "aws:budgets/budget:Budget",
        "timeUnit",
        _BUDGET,
        allowed=("DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY", "CUSTOM"),
    ),
    ValueRule("aws:budgets/budget:Budget", "notifications", _BUDGET, most=10),
    ValueRule("aws:budgets/budget:Budget", "notifications[].subscriberEmailAddresses", _BUDGET, most=10),
    ValueRule("aws:budgets/budget:Budget", "notifications[].subscriberSnsTopicArns", _BUDGET, most=1),
    ValueRule(
        "aws:amp/workspaceConfiguration:WorkspaceConfiguration",
        "retentionPeriodInDays",
        _REF + "prometheus/",
        low=1,
        high=1095,
    ),
    ValueRule(
        "aws:sns/topicSubscription:TopicSubscription",
        "protocol",
        _REF + "sns/latest/api/API_Subscribe.html",
        allowed=("http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"),
    ),
)
