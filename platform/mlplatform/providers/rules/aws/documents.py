"""Documents inside AWS properties, with their maximum lengths."""

from __future__ import annotations

from mlplatform.providers.rules.base import DocumentKind, ValueRule

_REF = "https://docs.aws.amazon.com/"
_SM = _REF + "sagemaker/latest/APIReference/"
_KMS = _REF + "kms/latest/APIReference/"
_IAM_QUOTAS = _REF + "IAM/latest/UserGuide/reference_iam-quotas.html"
_S3_API = _REF + "AmazonS3/latest/API/"
_LOGS = _REF + "AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"
_KEY_POLICY = _KMS + "API_PutKeyPolicy.html"
_LOG_POLICIES = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
_KEY = "aws:kms/key:Key"
_ALERT_MANAGER = "aws:amp/alertManagerDefinition:AlertManagerDefinition"
_AMP = _REF + "prometheus/latest/userguide/"


def _policy(token: str, path: str, kind: DocumentKind, source: str, longest: int | None = None) -> ValueRule:
    return ValueRule(token, path, source, longest=longest, document=kind)


DOCUMENTS = (
    _policy("aws:iam/role:Role", "assumeRolePolicy", "trust-policy", _IAM_QUOTAS, 2048),
    _policy("aws:iam/role:Role", "inlinePolicies[].policy", "identity-policy", _IAM_QUOTAS, 10240),
    _policy("aws:iam/rolePolicy:RolePolicy", "policy", "identity-policy", _IAM_QUOTAS, 10240),
    _policy("aws:iam/policy:Policy", "policy", "identity-policy", _IAM_QUOTAS, 6144),
    _policy(
        "aws:s3/bucketPolicy:BucketPolicy", "policy", "resource-policy", _S3_API + "API_PutBucketPolicy.html", 20480
    ),
    _policy(_KEY, "policy", "resource-policy", _KEY_POLICY, 32768),
    _policy("aws:kms/replicaKey:ReplicaKey", "policy", "resource-policy", _KEY_POLICY, 32768),
    _policy("aws:sns/topicPolicy:TopicPolicy", "policy", "resource-policy", _REF + "sns/latest/api/", 30720),
    _policy("aws:sqs/queuePolicy:QueuePolicy", "policy", "resource-policy", _REF + "AWSSimpleQueueService/"),
    _policy("aws:ec2/vpcEndpoint:VpcEndpoint", "policy", "resource-policy", _REF + "vpc/latest/privatelink/"),
    _policy("aws:ecr/repositoryPolicy:RepositoryPolicy", "policy", "repository-policy", _REF + "AmazonECR/"),
    _policy("aws:ecr/lifecyclePolicy:LifecyclePolicy", "policy", "json", _REF + "AmazonECR/", 30720),
    _policy("aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy", "resourcePolicy", "resource-policy", _SM),
    _policy("aws:sagemaker/modelCard:ModelCard", "content", "json", _SM + "API_CreateModelCard.html", 100000),
    _policy("aws:cloudwatch/dashboard:Dashboard", "dashboardBody", "json", _REF + "AmazonCloudWatch/latest/"),
    _policy("aws:cloudwatch/eventRule:EventRule", "eventPattern", "json", _REF + "eventbridge/", 4096),
    _policy("aws:cloudcontrol/resource:Resource", "desiredState", "json", _REF + "cloudcontrolapi/"),
    _policy("aws:eks/addon:Addon", "configurationValues", "json", _REF + "eks/latest/APIReference/"),
    _policy(
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace", "data", "prometheus-rules", _AMP + "AMP-ruler-rulesfile.html"
    ),
    _policy(_ALERT_MANAGER, "definition", "yaml", _AMP + "AMP-alertmanager-config.html"),
    _policy("aws:amp/scraper:Scraper", "scrapeConfiguration", "yaml", _AMP + "AMP-collector-how-to.html"),
    _policy(_LOG_POLICIES, "policyDocument", "resource-policy", _LOGS, 5120),
)
