"""Names of AWS resources, as their APIs publish them."""

from __future__ import annotations

from mlplatform.providers.rules.base import NameRule, NameScope

_REF = "https://docs.aws.amazon.com/"
_IAM = _REF + "IAM/latest/UserGuide/reference_iam-quotas.html"
_S3 = _REF + "AmazonS3/latest/userguide/bucketnamingrules.html"
_IAM_CHARS = r"[\w+=,.@-]+"
_IAM_WORDS = "letters, digits and + = , . @ _ -"
_SAGEMAKER = _REF + "sagemaker/latest/APIReference/"
_EKS = _REF + "eks/latest/APIReference/"
_ECR = _REF + "AmazonECR/latest/APIReference/API_CreateRepository.html"
_HYPHENS = r"[a-zA-Z0-9](-*[a-zA-Z0-9])*"
_HYPHEN_WORDS = "letters, digits and inner hyphens"
_LOGS = _REF + "AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"
_CLOUDWATCH = _REF + "AmazonCloudWatch/latest/APIReference/"


def _iam(kind: str, longest: int) -> NameRule:
    token = f"aws:iam/{kind[0].lower()}{kind[1:]}:{kind}"
    return NameRule(token, "name", _IAM_CHARS, 1, longest, "account", _IAM, _IAM_WORDS, folded=True)


def _rule(
    token: str, prop: str, pattern: str, longest: int, scope: NameScope, source: str, words: str, shortest: int = 1
) -> NameRule:
    """A rule whose source is a path below AWS's documentation."""
    return NameRule(token, prop, pattern, shortest, longest, scope, _REF + source, words)


def _sagemaker(kind: str, prop: str, api: str, longest: int = 63, scope: NameScope = "region") -> NameRule:
    token = f"aws:sagemaker/{kind[0].lower()}{kind[1:]}:{kind}"
    return NameRule(token, prop, _HYPHENS, 1, longest, scope, _SAGEMAKER + api, _HYPHEN_WORDS)


NAMES = (
    # storage, keys, identities, networks and machines
    NameRule(
        "aws:s3/bucket:Bucket",
        "bucket",
        r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]*[a-z0-9]"
        r"(?<!-s3alias)(?<!--ol-s3)(?<!\.mrap)(?<!--x-s3)",
        3,
        63,
        "global",
        _S3,
        "lower-case letters, digits, hyphens and dots, a letter or digit at both ends, no reserved prefix",
    ),
    _iam("Role", 64),
    _iam("User", 64),
    _iam("Policy", 128),
    _iam("InstanceProfile", 128),
    _iam("Group", 128),
    NameRule("aws:iam/rolePolicy:RolePolicy", "name", _IAM_CHARS, 1, 128, ("role",), _IAM, _IAM_WORDS, folded=True),
    _rule(
        "aws:ssoadmin/permissionSet:PermissionSet",
        "name",
        r"[\w+=,.@-]+",
        32,
        ("instanceArn",),
        "singlesignon/latest/APIReference/API_CreatePermissionSet.html",
        _IAM_WORDS,
    ),
    _rule(
        "aws:kms/alias:Alias",
        "name",
        r"alias/(?!aws/)[a-zA-Z0-9:/_-]+",
        256,
        "region",
        "kms/latest/APIReference/API_CreateAlias.html",
        "alias/ and letters, digits, : / _ -; alias/aws/ is reserved",
    ),
    _rule(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "name",
        r"[a-zA-Z0-9().\-/_]+",
        128,
        "region",
        "AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html",
        "letters, digits and ( ) . - / _",
        shortest=3,
    ),
    _rule(
        "aws:ec2/securityGroup:SecurityGroup",
        "name",
        r"(?!sg-)[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+",
        255,
        ("vpcId",),
        "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
        "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not starting with sg-",
    ),
    _rule(
        "aws:ec2/placementGroup:PlacementGroup",
        "name",
        r"[\x20-\x7e]+",
        255,
        "region",
        "AWSEC2/latest/APIReference/API_CreatePlacementGroup.html",
        "ASCII characters",
    ),
    _rule(
        "aws:backup/vault:Vault",
        "name",
        r"[a-zA-Z0-9_-]+",
        50,
        "region",
        "aws-backup/latest/devguide/API_CreateBackupVault.html",
        "letters, digits, - and _",
        shortest=2,
    ),
    _rule(
        "aws:secretsmanager/secret:Secret",
        "name",
        r"[A-Za-z0-9/_+=.@-]+",
        512,
        "region",
        "secretsmanager/latest/apireference/API_CreateSecret.html",
        "letters, digits and / _ + = . @ -",
    ),
    _rule(
        "aws:dynamodb/table:Table",
        "name",
        r"[a-zA-Z0-9_.-]+",
        255,
        "region",
        "amazondynamodb/latest/APIReference/API_CreateTable.html",
        "letters, digits and _ . -",
        shortest=3,
    ),
    # clusters, registries, models and endpoints
    NameRule(
        "aws:eks/cluster:Cluster",
        "name",
        r"[0-9A-Za-z][A-Za-z0-9_-]*",
        1,
        100,
        "region",
        _EKS + "API_CreateCluster.html",
        "letters, digits, - and _, a letter or digit first",
    ),
    NameRule(
        "aws:eks/nodeGroup:NodeGroup",
        "nodeGroupName",
        r"[0-9A-Za-z][A-Za-z0-9_-]*",
        1,
        63,
        ("clusterName",),
        _EKS + "API_CreateNodegroup.html",
        "letters, digits, - and _, a letter or digit first",
    ),
    NameRule(
        "aws:ecr/repository:Repository",
        "name",
        r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*",
        2,
        256,
        "region",
        _ECR,
        "lower-case parts joined by . _ or -, / between path parts",
    ),
    _rule(
        "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
        "ecrRepositoryPrefix",
        r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*",
        30,
        "region",
        "AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html",
        "lower-case letters, digits and single . _ -",
        shortest=2,
    ),
    _sagemaker("Model", "name", "API_CreateModel.html"),
    _sagemaker("Endpoint", "name", "API_CreateEndpoint.html"),
    _sagemaker("EndpointConfiguration", "name", "API_CreateEndpointConfig.html"),
    _sagemaker("ModelPackageGroup", "modelPackageGroupName", "API_CreateModelPackageGroup.html"),
    _sagemaker("ModelCard", "modelCardName", "API_CreateModelCard.html"),
    _sagemaker("Domain", "domainName", "API_CreateDomain.html"),
    _sagemaker("MonitoringSchedule", "name", "API_CreateMonitoringSchedule.html"),
    _sagemaker("DataQualityJobDefinition", "name", "API_CreateDataQualityJobDefinition.html"),
    _sagemaker("Pipeline", "pipelineName", "API_CreatePipeline.html", 256),
    _sagemaker("MlflowTrackingServer", "trackingServerName", "API_CreateMlflowTrackingServer.html", 256),
    NameRule(
        "aws:sagemaker/featureGroup:FeatureGroup",
        "featureGroupName",
        r"[a-zA-Z0-9]([_-]*[a-zA-Z0-9])*",
        1,
        64,
        "region",
        _SAGEMAKER + "API_CreateFeatureGroup.html",
        "letters, digits and inner - _",
    ),
    _rule(
        "aws:mwaa/environment:Environment",
        "name",
        r"[a-zA-Z][0-9a-zA-Z_-]*",
        80,
        "region",
        "mwaa/latest/API/API_CreateEnvironment.html",
        "letters, digits, - and _, a letter first",
    ),
    # logs, alerts, events, dashboards and budgets
    NameRule(
        "aws:cloudwatch/logGroup:LogGroup",
        "name",
        r"(?!aws/)[.\-_/#A-Za-z0-9]+",
        1,
        512,
        "region",
        _LOGS,
        "letters, digits and . - _ / #, not starting with aws/",
    ),
    NameRule(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "name",
        r"[^\x00-\x1f]+",
        1,
        255,
        "region",
        _CLOUDWATCH + "API_PutMetricAlarm.html",
        "printable characters",
    ),
    NameRule(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "alarmName",
        r"[^\x00-\x1f]+",
        1,
        255,
        "region",
        _CLOUDWATCH + "API_PutCompositeAlarm.html",
        "printable characters",
    ),
    NameRule(
        "aws:cloudwatch/dashboard:Dashboard",
        "dashboardName",
        r"[A-Za-z0-9_-]+",
        1,
        255,
        "account",
        _CLOUDWATCH + "API_PutDashboard.html",
        "letters, digits, - and _",
    ),
    _rule(
        "aws:cloudwatch/eventRule:EventRule",
        "name",
        r"[.\-_A-Za-z0-9]+",
        64,
        ("eventBusName",),
        "eventbridge/latest/APIReference/API_PutRule.html",
        "letters, digits and . - _",
    ),
    _rule(
        "aws:scheduler/schedule:Schedule",
        "name",
        r"[.\-_A-Za-z0-9]+",
        64,
        ("groupName",),
        "scheduler/latest/APIReference/API_CreateSchedule.html",
        "letters, digits and . - _",
    ),
    _rule(
        "aws:pipes/pipe:Pipe",
        "name",
        r"[.\-_A-Za-z0-9]+",
        64,
        "region",
        "eventbridge/latest/pipes-reference/API_CreatePipe.html",
        "letters, digits and . - _",
    ),
    _rule(
        "aws:sns/topic:Topic",
        "name",
        r"[A-Za-z0-9_-]+(\.fifo)?",
        256,
        "region",
        "sns/latest/api/API_CreateTopic.html",
        "letters, digits, - and _",
    ),
    _rule(
        "aws:sqs/queue:Queue",
        "name",
        r"[A-Za-z0-9_-]+(\.fifo)?",
        80,
        "region",
        "AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
        "letters, digits, - and _",
    ),
    _rule(
        "aws:lambda/function:Function",
        "name",
        r"[A-Za-z0-9_-]+",
        64,
        "region",
        "lambda/latest/api/API_CreateFunction.html",
        "letters, digits, - and _",
    ),
    _rule(
        "aws:sfn/stateMachine:StateMachine",
        "name",
        r"[A-Za-z0-9_-]+",
        80,
        "region",
        "step-functions/latest/apireference/API_CreateStateMachine.html",
        "letters, digits, - and _",
    ),
    _rule(
        "aws:amp/workspace:Workspace",
        "alias",
        r"[\s\S]+",
        100,
        None,
        "prometheus/latest/APIReference/API_CreateWorkspace.html",
        "any text",
    ),
    _rule(
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace",
        "name",
        r"[0-9A-Za-z][-.0-9A-Z_a-z]*",
        128,
        ("workspaceId",),
        "prometheus/latest/APIReference/API_CreateRuleGroupsNamespace.html",
        "letters, digits and - . _",
    ),
    _rule(
        "aws:grafana/workspace:Workspace",
        "name",
        r"[a-zA-Z0-9\-._~]+",
        255,
        None,
        "grafana/latest/APIReference/API_CreateWorkspace.html",
        "letters, digits and - . _ ~",
    ),
    _rule(
        "aws:budgets/budget:Budget",
        "name",
        r"[^:\\\x00-\x1f]+",
        100,
        "account",
        "aws-cost-management/latest/APIReference/API_budgets_Budget.html",
        "any text without : and \\",
    ),
)
