"""AWS properties that exclude, require or imply others."""

from __future__ import annotations

from mlplatform.providers.rules.base import ConflictRule, OneOfRule, WhenRule

_REF = "https://docs.aws.amazon.com/"
_EKS_NODES = _REF + "eks/latest/APIReference/API_Nodegroup.html"
_TEMPLATES = _REF + "eks/latest/userguide/launch-templates.html"
_SM = _REF + "sagemaker/latest/APIReference/"
_IAM_QUOTAS = _REF + "IAM/latest/UserGuide/reference_iam-quotas.html"
_S3_API = _REF + "AmazonS3/latest/API/"
_ALARM = _REF + "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
_NODES = "aws:eks/nodeGroup:NodeGroup"
_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
_PIPELINE = "aws:sagemaker/pipeline:Pipeline"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
CONFLICTS = (
    ConflictRule(_NODES, "launchTemplate", "diskSize", _TEMPLATES),
    ConflictRule(_NODES, "launchTemplate", "remoteAccess", _TEMPLATES),
    ConflictRule(_NODES, "nodeGroupName", "nodeGroupNamePrefix", _EKS_NODES),
    ConflictRule(_NODES, "updateConfig.maxUnavailable", "updateConfig.maxUnavailablePercentage", _EKS_NODES),
    ConflictRule("aws:s3/bucket:Bucket", "bucket", "bucketPrefix", _S3_API + "API_CreateBucket.html"),
    ConflictRule(_PIPELINE, "pipelineDefinition", "pipelineDefinitionS3Location", _SM + "API_CreatePipeline.html"),
    ConflictRule("aws:iam/role:Role", "name", "namePrefix", _IAM_QUOTAS),
    ConflictRule(_TEMPLATE, "networkInterfaces", "vpcSecurityGroupIds", _TEMPLATES),
    ConflictRule(_METRIC_ALARM, "metricName", "metricQueries", _ALARM),
    ConflictRule(_METRIC_ALARM, "statistic", "extendedStatistic", _ALARM),
    ConflictRule(
        _ENDPOINT,
        "deploymentConfig.blueGreenUpdatePolicy",
        "deploymentConfig.rollingUpdatePolicy",
        _SM + "API_DeploymentConfig.html",
    ),
)


NEEDED = (
    OneOfRule(_PIPELINE, ("pipelineDefinition", "pipelineDefinitionS3Location"), _SM + "API_CreatePipeline.html"),
    OneOfRule(_METRIC_ALARM, ("metricName", "metricQueries", "evaluationCriteria"), _ALARM),
    OneOfRule("aws:sagemaker/model:Model", ("primaryContainer", "containers"), _SM + "API_CreateModel.html"),
)


_LUSTRE = "aws:fsx/lustreFileSystem:LustreFileSystem"
_LUSTRE_API = _REF + "fsx/latest/APIReference/API_CreateFileSystemLustreConfiguration.html"

WHEN = (
    WhenRule(
        _LUSTRE,
        "deploymentType",
        "PERSISTENT_2",
        "perUnitStorageThroughput",
        _LUSTRE_API,
        "125, 250, 500 or 1000 on SSD",
        allowed=(125, 250, 500, 1000),
    ),
    WhenRule(
        _LUSTRE,
        "deploymentType",
        "PERSISTENT_2",
        "storageCapacity",
        _REF + "fsx/latest/APIReference/API_CreateFileSystem.html",
        "1200, 2400, or a multiple of 2400",
        allowed=(1200, *range(2400, 1_000_000, 2400)),
    ),
    WhenRule(
        "aws:s3/bucket:Bucket",
        "bucketNamespace",
        "account-regional",
        "bucket",
        _REF + "AmazonS3/latest/userguide/gpbucketnamespaces.html",
        "<prefix>-<account id>-<region>-an",
        pattern=r"[a-z0-9][a-z0-9.-]{0,36}-\d{12}-[a-z]{2}(-[a-z]+)+-\d-an",
    ),
    WhenRule(
        "aws:sqs/queue:Queue",
        "fifoQueue",
        True,
        "name",
        _REF + "AWSSimpleQueueService/",
        "a name that ends in .fifo",
        r".+\.fifo",
    ),
    WhenRule(
        "aws:sns/topic:Topic",
        "fifoTopic",
        True,
        "name",
        _REF + "sns/latest/dg/",
        "a name that ends in .fifo",
        r".+\.fifo",
    ),
    WhenRule(
        _NODES,
        "capacityType",
        "CAPACITY_BLOCK",
        "launchTemplate",
        _REF + "eks/latest/userguide/capacity-blocks-mng.html",
        "a launch template with the reservation",
    ),
    WhenRule(
        "aws:ec2/flowLog:FlowLog",
        "logDestinationType",
        "cloud-watch-logs",
        "iamRoleArn",
        _REF + "vpc/latest/userguide/flow-logs-iam-role.html",
        "a role that may write the logs",
    ),
    WhenRule(
        "aws:ecr/repository:Repository",
        "imageTagMutability",
        "IMMUTABLE_WITH_EXCLUSION",
        "imageTagMutabilityExclusionFilters",
        _REF + "AmazonECR/latest/userguide/image-tag-mutability.html",
        "the tags that stay mutable",
    ),
)
