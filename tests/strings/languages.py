"""Every property that holds a program or a query, and its language; every language, and who reads it.

`test_strings.py` walks all strings of all plans: one that looks like a program stands in `PATHS`, or the test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """A language of strings."""

    PLAIN = "plain text"
    """Looks like a program, and is none: a name, a pattern's star, a sentence."""

    JSON = "JSON"
    YAML = "YAML"
    BASE64 = "base64"
    """These three are opened, and what is in them is looked at in turn."""

    ALERTMANAGER = "Alertmanager configuration"
    ARM = "ARM template expressions"
    AZURE_CONDITION = "Azure role conditions"
    AZURE_ML_RUN = "Azure ML runs (JSON)"
    BOTTLEROCKET = "Bottlerocket settings (TOML)"
    CEL = "CEL"
    CLAIMS = "Grafana's expected JWT claims (JSON)"
    CLOUDCONTROL = "CloudFormation resource model (JSON)"
    CRON = "cron expressions"
    CW_ALARM_RULE = "CloudWatch composite alarm rules"
    CW_LOG_FILTER = "CloudWatch Logs filter patterns"
    CW_DASHBOARD = "CloudWatch dashboards (JSON)"
    CW_MATH = "CloudWatch metric maths"
    CW_STATISTIC = "CloudWatch extended statistics"
    DOOR_RULES = "rules of the pipelines' door (JSON)"
    ECR_LIFECYCLE = "ECR lifecycle policies (JSON)"
    ENVOY = "Envoy configuration (JSON)"
    EVENT_PATTERN = "EventBridge event patterns (JSON)"
    GCP_DASHBOARD = "Cloud Monitoring dashboards (JSON)"
    GCP_LOG_FILTER = "Cloud Logging query language"
    GCP_METRIC_FILTER = "Cloud Monitoring filters"
    IAM = "IAM policies (JSON)"
    ISO_DURATION = "ISO 8601 durations"
    KQL = "KQL"
    LOGIC_APPS = "Logic Apps workflow expressions"
    PIPES_TEMPLATE = "EventBridge input templates"
    PROMQL = "PromQL"
    PYTHON = "Python"
    PROMETHEUS_RULES = "Prometheus rule files"
    PROMETHEUS_SCRAPE = "Prometheus scrape configuration"
    PROMETHEUS_TEMPLATE = "Prometheus annotation templates"
    RRULE = "iCalendar recurrences"
    SAGEMAKER_PIPELINE = "SageMaker pipeline definitions (JSON)"
    SHELL = "shell"
    ACR_TASK = "ACR task files (YAML)"
    WORKBOOK = "Azure workbooks (JSON)"
    WORKFLOWS = "Google Workflows (YAML)"


class Reader(NamedTuple):
    """Who reads a language."""

    language: Language
    who: str
    """The tool, in words."""

    package: str = ""
    """Distribution, Go module or Node package whose version the documents show; empty: none."""

    proof: str = ""
    """Folder of `tests/proofs` whose lock has the package; empty: the project's own lock, in `make test`."""

    instead: str = ""
    """What is checked where the language has no published reader, or what the reader cannot see."""


Choice = Language | Callable[[str], Language]


def _container_words(text: str) -> Language:
    """Arguments of containers: a configuration of Envoy, a program, a script for `sh -c`, or words."""
    if text.startswith("{") and '"static_resources":' in text:
        return Language.ENVOY
    if text.lstrip().startswith(("from ", "import ")):
        return Language.PYTHON
    return Language.SHELL if "\n" in text or " && " in text else Language.PLAIN


def _arm_or_plain(text: str) -> Language:
    return Language.ARM if text.startswith("[") else Language.PLAIN


def _logic_or_plain(text: str) -> Language:
    return Language.LOGIC_APPS if "@" in text else Language.PLAIN


def _data_of_secret(text: str) -> Language:
    return Language.JSON if text.startswith(("{", "[")) else Language.PLAIN


def _door_words(text: str) -> Language:
    """What the door's program is given: its rules, and the requests that it sends."""
    if text.startswith('{"pipelines":'):
        return Language.DOOR_RULES
    return Language.AZURE_ML_RUN if text.startswith('{"properties":') else _data_of_secret(text)


def _rate_or_cron(text: str) -> Language:
    return Language.PLAIN if text.startswith("rate(") else Language.CRON


def _statistic(text: str) -> Language:
    return Language.CW_STATISTIC if "(" in text else Language.PLAIN


def _plugin_config(text: str) -> Language:
    """A configuration of NVIDIA's device plugin, or a name in it."""
    return Language.YAML if "\n" in text else Language.PLAIN


def _pod_words(text: str) -> Language:
    """Annotations for GKE's device injection (YAML) and interfaces (JSON), or a field's path."""
    if text.startswith("- path:"):
        return Language.YAML
    return Language.JSON if text.startswith("[{") else Language.PLAIN


def _claims_or_plain(text: str) -> Language:
    return Language.CLAIMS if text.startswith("{") else Language.PLAIN


PATHS: dict[tuple[str, str], Choice] = {
    # AWS
    ("amp:AlertManagerDefinition", "definition"): Language.YAML,
    ("amp:AlertManagerDefinition", "definition:alertmanager_config"): Language.ALERTMANAGER,
    ("amp:RuleGroupNamespace", "data"): Language.PROMETHEUS_RULES,
    ("amp:Scraper", "scrapeConfiguration"): Language.PROMETHEUS_SCRAPE,
    ("amp:Workspace", "loggingConfiguration.logGroupArn"): Language.PLAIN,
    ("appautoscaling:ScheduledAction", "schedule"): Language.CRON,
    ("autoscaling:Schedule", "recurrence"): Language.CRON,
    ("cloudcontrol:Resource", "desiredState"): Language.CLOUDCONTROL,
    ("cloudwatch:CompositeAlarm", "alarmRule"): Language.CW_ALARM_RULE,
    ("cloudwatch:Dashboard", "dashboardBody"): Language.CW_DASHBOARD,
    ("cloudwatch:LogMetricFilter", "pattern"): Language.CW_LOG_FILTER,
    # which field of a line is a value or a dimension: held by the tests of monitors
    ("cloudwatch:LogMetricFilter", "metricTransformation.dimensions.**"): Language.PLAIN,
    ("cloudwatch:LogMetricFilter", "metricTransformation.value"): Language.PLAIN,
    ("ecs:TaskDefinition", "containerDefinitions"): Language.JSON,
    ("ecs:TaskDefinition", "containerDefinitions:[].environment[].value"): _door_words,
    ("sagemaker:Pipeline", "pipelineDefinition"): Language.SAGEMAKER_PIPELINE,
    ("scheduler:Schedule", "scheduleExpression"): _rate_or_cron,
    ("cloudwatch:EventRule", "eventPattern"): Language.EVENT_PATTERN,
    ("cloudwatch:EventRule", "scheduleExpression"): Language.CRON,
    ("cloudwatch:MetricAlarm", "metricQueries[].expression"): Language.CW_MATH,
    ("cloudwatch:MetricAlarm", "metricQueries[].metric.stat"): _statistic,
    ("cloudwatch:MetricAlarm", "extendedStatistic"): _statistic,
    ("ec2:LaunchTemplate", "userData"): Language.BASE64,
    ("ec2:LaunchTemplate", "userData:"): Language.BOTTLEROCKET,
    ("ecr:LifecyclePolicy", "policy"): Language.ECR_LIFECYCLE,
    ("ecr:RepositoryCreationTemplate", "lifecyclePolicy"): Language.ECR_LIFECYCLE,
    ("eks:Addon", "configurationValues"): Language.JSON,
    ("apps:DaemonSet", "spec.template.spec.containers[].command[]"): _container_words,
    ("apps:DaemonSet", "spec.template.spec.initContainers[].args[]"): _container_words,
    ("apps:Deployment", "spec.template.spec.containers[].args[]"): _container_words,
    ("apps:Deployment", "spec.template.spec.initContainers[].args[]"): _container_words,
    ("argoproj.io:AnalysisTemplate", "spec.metrics[].provider.prometheus.query"): Language.PROMQL,
    # an expression of Argo Rollouts over the answer: read by its controller alone
    ("argoproj.io:AnalysisTemplate", "spec.metrics[].successCondition"): Language.PLAIN,
    # a patch of a service, read in tests/cluster/test_rollouts.py
    ("argoproj.io:AnalysisTemplate", "spec.metrics[].provider.job.spec.template.spec.containers[].args[]"): (
        Language.PLAIN
    ),
    # a path into the object's status, for Pulumi's provider
    ("argoproj.io:Rollout", "metadata.annotations.pulumi.com/waitFor"): Language.PLAIN,
    ("core:ConfigMap", "data.prometheus.yml"): Language.PROMETHEUS_SCRAPE,
    ("apps:DaemonSet", "spec.template.spec.initContainers[].command[]"): _container_words,
    # NCCL's description of a machine: parsed as XML in tests/cluster/test_fabric.py
    ("core:ConfigMap", "data.topology.xml"): Language.PLAIN,
    # the tracking server's programs, run in tests/cluster/test_tracking.py and by the proof of tracking
    ("core:ConfigMap", "data.mlplatform_tracking.py"): Language.PYTHON,
    ("core:ConfigMap", "data.prepare_database.py"): Language.PYTHON,
    ("core:ConfigMap", "data.sitecustomize.py"): Language.PYTHON,
    # Airflow's, run in tests/cluster/test_airflow.py and by the proof of airflow-server
    ("core:ConfigMap", "data.airflow_login.py"): Language.PYTHON,
    ("core:ConfigMap", "data.make_keys.py"): Language.PYTHON,
    ("core:ConfigMap", "data.prepare_airflow.py"): Language.PYTHON,
    ("core:ConfigMap", "data.AIRFLOW_CONN_TRAINING_CLUSTER"): Language.JSON,
    ("core:ConfigMap", "data.AIRFLOW_CONN_MLPLATFORM_LOGS"): Language.JSON,
    ("core:ConfigMap", "data.MLPLATFORM_AIRFLOW_LOGIN"): Language.JSON,
    # a pattern of names of files, and a certificate
    ("core:ConfigMap", "data..airflowignore"): Language.PLAIN,
    ("core:ConfigMap", "data.TRACKING_AUTHORITY"): Language.PLAIN,
    ("helm.sh:Release", "values.extraEnvFrom"): Language.YAML,
    # what Python reads of an installed package: by the same proof
    ("core:ConfigMap", "data.METADATA"): Language.PLAIN,
    ("core:ConfigMap", "data.entry_points.txt"): Language.PLAIN,
    # a certificate
    ("apps:Deployment", "spec.template.spec.containers[].env[].value"): Language.PLAIN,
    ("batch:CronJob", "spec.schedule"): Language.CRON,
    ("batch:CronJob", "spec.jobTemplate.spec.template.spec.containers[].env[].value"): _door_words,
    ("batch:CronJob", "spec.jobTemplate.spec.template.spec.containers[].env[].valueFrom.fieldRef.fieldPath"): (
        Language.PLAIN
    ),
    ("apps:Deployment", "spec.template.spec.initContainers[].env[].value"): Language.PLAIN,
    ("mellanox.com:NicClusterPolicy", "spec.sriovDevicePlugin.config"): Language.JSON,
    ("helm.sh:Release", "values.config.map.**"): _plugin_config,
    # names of objects, in the words of Argo's own templates: read by Argo's controller alone
    ("helm.sh:Release", "values.artifactRepository.**"): Language.PLAIN,
    ("helm.sh:Release", "values.managerConfig.controllerManagerConfigYaml"): Language.JSON,
    ("trainer.kubeflow.org:ClusterTrainingRuntime", "spec.template.spec.replicatedJobs[].**"): _pod_words,
    ("iam:Role", "assumeRolePolicy"): Language.IAM,
    ("iam:RolePolicy", "policy"): Language.IAM,
    ("iam:Policy", "policy"): Language.IAM,
    ("kms:Key", "policy"): Language.IAM,
    ("kms:ReplicaKey", "policy"): Language.IAM,
    ("pipes:Pipe", "targetParameters.inputTemplate"): Language.PIPES_TEMPLATE,
    ("s3:BucketPolicy", "policy"): Language.IAM,
    ("ec2:VpcEndpoint", "policy"): Language.IAM,
    ("secretsmanager:SecretVersion", "secretString"): Language.JSON,
    ("sns:TopicPolicy", "policy"): Language.IAM,
    ("sqs:Queue", "redrivePolicy"): Language.JSON,
    ("sqs:QueuePolicy", "policy"): Language.IAM,
    # Azure
    ("alertsmanagement:PrometheusRuleGroup", "rules[].expression"): Language.PROMQL,
    ("alertsmanagement:PrometheusRuleGroup", "rules[].annotations.summary"): Language.PROMETHEUS_TEMPLATE,
    ("alertsmanagement:PrometheusRuleGroup", "rules[].for"): Language.ISO_DURATION,
    ("alertsmanagement:PrometheusRuleGroup", "interval"): Language.ISO_DURATION,
    ("alertsmanagement:PrometheusRuleGroup", "rules[].resolveConfiguration.timeToResolve"): Language.ISO_DURATION,
    ("app:ContainerApp", "template.initContainers[].command[]"): _container_words,
    ("app:ContainerApp", "template.containers[].args[]"): _container_words,
    ("app:ContainerApp", "template.containers[].command[]"): _container_words,
    ("applicationinsights:Workbook", "serializedData"): Language.WORKBOOK,
    ("applicationinsights:Workbook", "description"): Language.JSON,
    ("authorization:RoleDefinition", "permissions[].**"): Language.PLAIN,
    ("containerregistry:CacheRule", "sourceRepository"): Language.PLAIN,
    ("containerregistry:CacheRule", "targetRepository"): Language.PLAIN,
    ("containerregistry:Task", "credentials.customRegistries.**"): Language.PLAIN,
    ("containerregistry:Task", "step.encodedTaskContent"): Language.BASE64,
    ("containerregistry:Task", "step.encodedTaskContent:"): Language.ACR_TASK,
    ("app:Job", "configuration.scheduleTriggerConfig.cronExpression"): Language.CRON,
    ("app:Job", "template.containers[].env[].value"): _door_words,
    ("containerregistry:Task", "trigger.timerTriggers[].schedule"): Language.CRON,
    ("keyvault:Key", "properties.rotationPolicy.attributes.expiryTime"): Language.ISO_DURATION,
    ("keyvault:Key", "properties.rotationPolicy.lifetimeActions[].trigger.timeAfterCreate"): Language.ISO_DURATION,
    ("keyvault:Key", "properties.rotationPolicy.lifetimeActions[].trigger.timeBeforeExpiry"): Language.ISO_DURATION,
    ("logic:Workflow", "definition.**"): _logic_or_plain,
    ("logic:Workflow", "parameters.busy.value"): Language.KQL,
    ("logic:Workflow", "parameters.traffic.value"): Language.JSON,
    ("machinelearningservices:Compute", "properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown"): (
        Language.ISO_DURATION
    ),
    ("machinelearningservices:Workspace", "managedNetwork.outboundRules.**"): Language.PLAIN,
    ("monitor:MetricAlert", "evaluationFrequency"): Language.ISO_DURATION,
    ("monitor:MetricAlert", "windowSize"): Language.ISO_DURATION,
    ("monitor:AutoscaleSetting", "profiles[].rules[].metricTrigger.timeGrain"): Language.ISO_DURATION,
    ("monitor:AutoscaleSetting", "profiles[].rules[].metricTrigger.timeWindow"): Language.ISO_DURATION,
    ("monitor:AutoscaleSetting", "profiles[].rules[].scaleAction.cooldown"): Language.ISO_DURATION,
    ("monitor:ScheduledQueryRule", "criteria.allOf[].query"): Language.KQL,
    ("monitor:ScheduledQueryRule", "criteria.allOf[].dimensions[].values[]"): Language.PLAIN,
    ("monitor:ScheduledQueryRule", "description"): Language.PLAIN,
    ("monitor:ScheduledQueryRule", "evaluationFrequency"): Language.ISO_DURATION,
    ("monitor:ScheduledQueryRule", "windowSize"): Language.ISO_DURATION,
    ("monitor:ScheduledQueryRule", "muteActionsDuration"): Language.ISO_DURATION,
    ("monitor:ScheduledQueryRule", "overrideQueryTimeRange"): Language.ISO_DURATION,
    ("network:NetworkSecurityGroup", "securityRules[].**"): Language.PLAIN,
    ("privatedns:PrivateRecordSet", "relativeRecordSetName"): Language.PLAIN,
    ("resources:Deployment", "properties.template.**"): _arm_or_plain,
    # GCP
    ("cloudrunv2:Job", "template.template.containers[].envs[].value"): _data_of_secret,
    ("cloudrunv2:Service", "annotations.mlplatform.dev/rollout"): Language.JSON,
    ("cloudrunv2:Service", "template.containers[].args[]"): _container_words,
    ("cloudrunv2:Service", "template.containers[].envs[].value"): _claims_or_plain,
    # definitions of pipelines and the rules of their door: read by the programs that run them, in tests/pipelines,
    # tests/steps/door and the proofs of kfp
    ("storage:BucketObject", "content"): Language.PLAIN,
    ("container:Cluster", "maintenancePolicy.recurringWindow.recurrence"): Language.RRULE,
    ("dns:RecordSet", "name"): Language.PLAIN,
    ("authorization:RoleAssignment", "condition"): Language.AZURE_CONDITION,
    ("projects:IAMMember", "condition.expression"): Language.CEL,
    ("storage:BucketIAMMember", "condition.expression"): Language.CEL,
    ("iam:WorkloadIdentityPoolProvider", "attributeCondition"): Language.CEL,
    ("iam:WorkloadIdentityPoolProvider", "attributeMapping.**"): Language.CEL,
    ("logging:LogView", "filter"): Language.GCP_LOG_FILTER,
    ("logging:Metric", "filter"): Language.GCP_LOG_FILTER,
    # which field of a line is a value or a label: no reader is published, and test_model_monitor.py holds the fields
    ("logging:Metric", "labelExtractors.**"): Language.PLAIN,
    ("logging:Metric", "valueExtractor"): Language.PLAIN,
    ("logging:ProjectExclusion", "filter"): Language.GCP_LOG_FILTER,
    ("logging:ProjectSink", "filter"): Language.GCP_LOG_FILTER,
    ("monitoring:AlertPolicy", "conditions[].conditionMatchedLog.filter"): Language.GCP_LOG_FILTER,
    ("monitoring:AlertPolicy", "conditions[].conditionPrometheusQueryLanguage.query"): Language.PROMQL,
    ("monitoring:AlertPolicy", "conditions[].conditionThreshold.filter"): Language.GCP_METRIC_FILTER,
    ("monitoring.googleapis.com:ClusterRules", "spec.groups[].rules[].expr"): Language.PROMQL,
    ("monitoring:Dashboard", "dashboardJson"): Language.GCP_DASHBOARD,
    ("monitoring:Slo", "requestBasedSli.distributionCut.distributionFilter"): Language.GCP_METRIC_FILTER,
    ("monitoring:Slo", "requestBasedSli.goodTotalRatio.badServiceFilter"): Language.GCP_METRIC_FILTER,
    ("monitoring:Slo", "requestBasedSli.goodTotalRatio.goodServiceFilter"): Language.GCP_METRIC_FILTER,
    ("monitoring:Slo", "requestBasedSli.goodTotalRatio.totalServiceFilter"): Language.GCP_METRIC_FILTER,
    ("secretmanager:SecretVersion", "secretData"): _data_of_secret,
    ("serviceaccount:IAMMember", "member"): Language.PLAIN,
    ("cloudscheduler:Job", "httpTarget.body"): Language.BASE64,
    ("cloudscheduler:Job", "httpTarget.body:"): Language.JSON,
    ("cloudscheduler:Job", "httpTarget.body::argument"): Language.JSON,
    ("cloudscheduler:Job", "schedule"): Language.CRON,
    ("workflows:Workflow", "sourceContents"): Language.WORKFLOWS,
    ("workflows:Workflow", "userEnvVars.POLICY"): Language.JSON,
    ("workflows:Workflow", "userEnvVars.POLICY:bad"): Language.PROMQL,
    # its range is filled in by the workflow
    ("workflows:Workflow", "userEnvVars.POLICY:count"): Language.PLAIN,
    ("workflows:Workflow", "userEnvVars.**"): lambda text: (
        Language.JSON if text.startswith(("{", "[")) else Language.PLAIN
    ),
}
"""Resource type (module and name) and path, without a leading dot. `[]` is any item, `**` anything below, and what
follows `:` is inside an opened text."""

INNER: dict[tuple[Language, str], Choice] = {
    (Language.CW_DASHBOARD, "widgets[].properties.metrics[][].expression"): Language.CW_MATH,
    (Language.GCP_DASHBOARD, "mosaicLayout.tiles[].widget.xyChart.dataSets[].timeSeriesQuery.prometheusQuery"): (
        Language.PROMQL
    ),
    (Language.PROMETHEUS_RULES, "groups[].rules[].expr"): Language.PROMQL,
    (Language.PROMETHEUS_RULES, "groups[].rules[].annotations.summary"): Language.PROMETHEUS_TEMPLATE,
    (Language.WORKBOOK, "items[].content.query"): lambda text: (
        Language.KQL if "\n|" in text or " | " in text else Language.JSON if text.startswith("{") else Language.PLAIN
    ),
    (Language.JSON, "queryText"): Language.PROMQL,
    # the repository of features that a filling job is given: Feast reads it in the proof of features
    (Language.JSON, "configuration"): Language.PLAIN,
    (Language.JSON, "definitions"): Language.PYTHON,
    (Language.YAML, "online_store.table_name_template"): Language.PLAIN,
    (Language.WORKBOOK, "items[].content.metrics[].metric"): Language.PLAIN,
    (Language.WORKBOOK, "items[].content.title"): Language.PLAIN,
    (Language.WORKBOOK, "items[].content.json"): Language.PLAIN,
}
"""Queries inside documents that have a language of their own."""

OPENED = {
    Language.JSON,
    Language.CW_DASHBOARD,
    Language.GCP_DASHBOARD,
    Language.PROMETHEUS_RULES,
    Language.WORKBOOK,
    Language.YAML,
}
"""Documents whose strings are looked at in turn. The rest is read as a whole by its reader."""
