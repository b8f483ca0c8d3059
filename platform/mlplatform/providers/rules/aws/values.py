"""Limits and documented values of AWS properties that the SDK types as plain strings and numbers."""

from __future__ import annotations

from mlplatform.providers.rules.base import ValueRule

_REF = "https://docs.aws.amazon.com/"
_KMS = _REF + "kms/latest/APIReference/"
_S3_API = _REF + "AmazonS3/latest/API/"
_EC2 = _REF + "AWSEC2/latest/APIReference/"
_VPC_SIZING = _REF + "vpc/latest/userguide/vpc-cidr-blocks.html"
_STORAGE_CLASSES = ("GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR")
_KEY = "aws:kms/key:Key"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_CIDR = r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}"
_EKS_NODES = _REF + "eks/latest/APIReference/API_Nodegroup.html"
_EKS_TAINT = _REF + "eks/latest/APIReference/API_Taint.html"
_EKS_CLUSTER = _REF + "eks/latest/APIReference/API_CreateCluster.html"
_SM = _REF + "sagemaker/latest/APIReference/"
_VARIANT = _SM + "API_ProductionVariant.html"
_AMI_TYPES = (
    "AL2_x86_64",
    "AL2_x86_64_GPU",
    "AL2_ARM_64",
    "CUSTOM",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64_FIPS",
    "BOTTLEROCKET_x86_64_FIPS",
    "BOTTLEROCKET_ARM_64_NVIDIA",
    "BOTTLEROCKET_x86_64_NVIDIA",
    "BOTTLEROCKET_ARM_64_NVIDIA_FIPS",
    "BOTTLEROCKET_x86_64_NVIDIA_FIPS",
    "WINDOWS_CORE_2019_x86_64",
    "WINDOWS_FULL_2019_x86_64",
    "WINDOWS_CORE_2022_x86_64",
    "WINDOWS_FULL_2022_x86_64",
    "WINDOWS_CORE_2025_x86_64",
    "WINDOWS_FULL_2025_x86_64",
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NEURON",
    "AL2023_x86_64_NVIDIA",
    "AL2023_ARM_64_NVIDIA",
)
_NODES = "aws:eks/nodeGroup:NodeGroup"
_CLUSTER = "aws:eks/cluster:Cluster"
_CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
_VARIANT_NAME = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
_ML_TYPE = r"ml\.[a-z0-9-]+\.[a-z0-9-]+"
_LOGS = _REF + "AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"
_ALARM = _REF + "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
_BUDGET = _REF + "aws-cost-management/latest/APIReference/API_budgets_Budget.html"
_RETENTION_DAYS = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


_LUSTRE = "aws:fsx/lustreFileSystem:LustreFileSystem"
_LUSTRE_API = _REF + "fsx/latest/APIReference/API_CreateFileSystemLustreConfiguration.html"

VALUES = (
    ValueRule(
        _LUSTRE, "deploymentType", _LUSTRE_API, allowed=("SCRATCH_1", "SCRATCH_2", "PERSISTENT_1", "PERSISTENT_2")
    ),
    ValueRule(_LUSTRE, "automaticBackupRetentionDays", _LUSTRE_API, low=0, high=90),
    ValueRule(_LUSTRE, "weeklyMaintenanceStartTime", _LUSTRE_API, pattern=r"[1-7]:([01]\d|2[0-3]):[0-5]\d"),
    ValueRule(_LUSTRE, "metadataConfiguration.mode", _LUSTRE_API, allowed=("AUTOMATIC", "USER_PROVISIONED")),
    *(
        ValueRule(
            "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
            f"{variants}[].{name}",
            "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html",
            low=60,
            high=3600,
        )
        for variants in ("productionVariants", "shadowProductionVariants")
        for name in ("containerStartupHealthCheckTimeoutInSeconds", "modelDataDownloadTimeoutInSeconds")
    ),
    # storage, keys, networks and machines
    ValueRule(_KEY, "rotationPeriodInDays", _KMS + "API_EnableKeyRotation.html", low=90, high=2560),
    ValueRule(_KEY, "deletionWindowInDays", _KMS + "API_ScheduleKeyDeletion.html", low=7, high=30),
    ValueRule("aws:kms/replicaKey:ReplicaKey", "deletionWindowInDays", _KMS, low=7, high=30),
    ValueRule(_LIFECYCLE, "rules[].status", _S3_API + "API_LifecycleRule.html", allowed=("Enabled", "Disabled")),
    ValueRule(
        _LIFECYCLE, "rules[].transitions[].storageClass", _S3_API + "API_Transition.html", allowed=_STORAGE_CLASSES
    ),
    ValueRule(_LIFECYCLE, "rules[].id", _S3_API + "API_LifecycleRule.html", longest=255),
    ValueRule(_LIFECYCLE, "rules", _S3_API + "API_LifecycleRule.html", fewest=1, most=1000),
    ValueRule(
        "aws:s3/bucketVersioning:BucketVersioning",
        "versioningConfiguration.status",
        _S3_API + "API_PutBucketVersioning.html",
        allowed=("Enabled", "Suspended", "Disabled"),
    ),
    ValueRule(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "rule.objectOwnership",
        _S3_API + "API_OwnershipControlsRule.html",
        allowed=("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"),
    ),
    ValueRule(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "rule.defaultRetention.mode",
        _S3_API + "API_DefaultRetention.html",
        allowed=("COMPLIANCE", "GOVERNANCE"),
    ),
    ValueRule(
        "aws:s3/bucket:Bucket",
        "bucketNamespace",
        _REF + "AmazonS3/latest/userguide/bucketnamingrules.html",
        allowed=("global", "account-regional"),
    ),
    ValueRule(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "rules[].applyServerSideEncryptionByDefault.sseAlgorithm",
        _S3_API + "API_ServerSideEncryptionByDefault.html",
        allowed=("AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"),
    ),
    ValueRule("aws:ec2/vpc:Vpc", "cidrBlock", _VPC_SIZING, pattern=_CIDR),
    ValueRule("aws:ec2/subnet:Subnet", "cidrBlock", _REF + "vpc/latest/userguide/subnet-sizing.html", pattern=_CIDR),
    ValueRule(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "vpcEndpointType",
        _EC2 + "API_CreateVpcEndpoint.html",
        allowed=("Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"),
    ),
    ValueRule(_TEMPLATE, "metadataOptions.httpTokens", _EC2, allowed=("optional", "required")),
    ValueRule(_TEMPLATE, "metadataOptions.httpPutResponseHopLimit", _EC2, low=1, high=64),
    ValueRule(
        _TEMPLATE,
        "networkInterfaces[].interfaceType",
        _REF + "AWSEC2/latest/UserGuide/efa.html",
        allowed=("interface", "efa", "efa-only"),
    ),
    ValueRule(
        _TEMPLATE,
        "tagSpecifications[].resourceType",
        _EC2 + "API_LaunchTemplateTagSpecificationRequest.html",
        allowed=("instance", "volume", "network-interface", "spot-instances-request", "elastic-gpu"),
    ),
    ValueRule(
        "aws:ec2/placementGroup:PlacementGroup",
        "strategy",
        _REF + "AWSEC2/latest/UserGuide/placement-groups.html",
        allowed=("cluster", "partition", "spread"),
    ),
    ValueRule(
        "aws:ec2/flowLog:FlowLog",
        "trafficType",
        _REF + "vpc/latest/userguide/flow-logs.html",
        allowed=("ACCEPT", "REJECT", "ALL"),
    ),
    # clusters, registries and endpoints
    ValueRule(
        "aws:eks/accessEntry:AccessEntry",
        "kubernetesGroups[]",
        # the API's own words: "The kubernetes group name system:masters is invalid, it cannot start with system:"
        "https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2915",
        pattern=r"(?!system:).+",
        words="name a group of your own, and bind it in the cluster",
    ),
    ValueRule(_NODES, "amiType", _EKS_NODES, allowed=_AMI_TYPES),
    ValueRule(_NODES, "capacityType", _EKS_NODES, allowed=("ON_DEMAND", "SPOT", "CAPACITY_BLOCK")),
    ValueRule(_NODES, "taints", _EKS_TAINT, most=50),
    ValueRule(_NODES, "taints[].key", _EKS_TAINT, shortest=1, longest=63),
    ValueRule(_NODES, "taints[].value", _EKS_TAINT, longest=63),
    ValueRule(_NODES, "taints[].effect", _EKS_TAINT, allowed=("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE")),
    ValueRule(_NODES, "scalingConfig.minSize", _EKS_NODES, low=0),
    ValueRule(
        _NODES,
        "scalingConfig.maxSize",
        _EKS_NODES,
        low=1,
        words="write 1 or more, even for a pool that stays at 0 nodes",
    ),
    ValueRule(_NODES, "scalingConfig.desiredSize", _EKS_NODES, low=0),
    ValueRule(_NODES, "updateConfig.maxUnavailable", _EKS_NODES, low=1, high=100),
    ValueRule(_NODES, "instanceTypes", _EKS_NODES, most=20),
    ValueRule(_CLUSTER, "version", _EKS_CLUSTER, pattern=r"1\.\d{2}", words="write the version as '1.33'"),
    ValueRule(
        _CLUSTER,
        "enabledClusterLogTypes",
        _EKS_CLUSTER,
        most=5,
        words="use api, audit, authenticator, controllerManager and scheduler",
    ),
    ValueRule(
        _CLUSTER, "accessConfig.authenticationMode", _EKS_CLUSTER, allowed=("API", "API_AND_CONFIG_MAP", "CONFIG_MAP")
    ),
    ValueRule(_CLUSTER, "upgradePolicy.supportType", _EKS_CLUSTER, allowed=("STANDARD", "EXTENDED")),
    ValueRule(_CLUSTER, "vpcConfig.subnetIds", _EKS_CLUSTER, fewest=2, words="add subnets in at least two zones"),
    ValueRule(_CLUSTER, "vpcConfig.publicAccessCidrs", _REF + "eks/latest/userguide/service-quotas.html", most=40),
    ValueRule(
        _CLUSTER,
        "vpcConfig.publicAccessCidrs[]",
        _REF + "eks/latest/userguide/cluster-endpoint.html",
        # EKS takes no range of RFC 1918 or 6598 there
        pattern=r"(?!10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)[0-9.]+/\d{1,2}",
        words="name public ranges only; a private one belongs in a rule of the cluster's security group",
    ),
    ValueRule(_CLUSTER, "encryptionConfig.resources", _EKS_CLUSTER, most=1),
    ValueRule(_CONFIG, "productionVariants", _SM + "API_CreateEndpointConfig.html", fewest=1, most=10),
    ValueRule(_CONFIG, "shadowProductionVariants", _SM + "API_CreateEndpointConfig.html", most=10),
    ValueRule(_CONFIG, "productionVariants[].instanceType", _VARIANT, pattern=_ML_TYPE),
    ValueRule(_CONFIG, "productionVariants[].variantName", _VARIANT, pattern=_VARIANT_NAME),
    ValueRule(_CONFIG, "productionVariants[].initialInstanceCount", _VARIANT, low=1),
    ValueRule(_CONFIG, "productionVariants[].initialVariantWeight", _VARIANT, low=0),
    ValueRule(
        _CONFIG,
        "productionVariants[].serverlessConfig.memorySizeInMb",
        _SM + "API_ProductionVariantServerlessConfig.html",
        allowed=(1024, 2048, 3072, 4096, 5120, 6144),
    ),
    ValueRule(_CONFIG, "productionVariants[].serverlessConfig.maxConcurrency", _VARIANT, low=1, high=200),
    ValueRule(_CONFIG, "productionVariants[].containerStartupHealthCheckTimeoutInSeconds", _VARIANT, low=60, high=3600),
    ValueRule(_CONFIG, "productionVariants[].modelDataDownloadTimeoutInSeconds", _VARIANT, low=60, high=3600),
    ValueRule(
        _CONFIG, "dataCaptureConfig.initialSamplingPercentage", _SM + "API_DataCaptureConfig.html", low=0, high=100
    ),
    ValueRule(
        _ENDPOINT,
        "deploymentConfig.blueGreenUpdatePolicy.trafficRoutingConfiguration.type",
        _SM + "API_TrafficRoutingConfig.html",
        allowed=("ALL_AT_ONCE", "CANARY", "LINEAR"),
    ),
    ValueRule(
        _ENDPOINT,
        "deploymentConfig.autoRollbackConfiguration.alarms",
        _SM + "API_AutoRollbackConfig.html",
        fewest=1,
        most=10,
    ),
    ValueRule(
        _ENDPOINT,
        "deploymentConfig.blueGreenUpdatePolicy.trafficRoutingConfiguration.waitIntervalInSeconds",
        _SM + "API_TrafficRoutingConfig.html",
        low=0,
        high=3600,
    ),
    ValueRule("aws:sagemaker/model:Model", "primaryContainer.environment", _SM, most=100),
    ValueRule(
        "aws:ecr/repository:Repository",
        "imageTagMutability",
        _REF + "AmazonECR/latest/APIReference/API_CreateRepository.html",
        allowed=("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"),
    ),
    ValueRule(
        "aws:ecr/repository:Repository",
        "encryptionConfigurations[].encryptionType",
        _REF + "AmazonECR/latest/APIReference/API_EncryptionConfiguration.html",
        allowed=("AES256", "KMS", "KMS_DSSE"),
    ),
    ValueRule("aws:sagemaker/pipeline:Pipeline", "pipelineDefinition", _SM, longest=1048576, document="json"),
    # logs, alarms, topics and budgets
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
