"""Refusals, leftovers and durations of AWS."""

from __future__ import annotations

from mlplatform.catalog.deletion import DELETIONS
from mlplatform.mock_cloud.rules.base import (
    AutoscaledCount,
    CloudError,
    CloudRules,
    ControlPlaneRule,
    DurationRule,
    EffectRule,
    GrowingRule,
    InUseRule,
    LeftoverRule,
    PoolVersionRule,
    PropagationRule,
    RecyclingRule,
    SingletonRule,
    guarded,
    refused_full,
)

_REF = "https://docs.aws.amazon.com/"
_EC2 = _REF + "AWSEC2/latest/APIReference/errors-overview.html"
_S3 = _REF + "AmazonS3/latest/API/ErrorResponses.html"
_IAM = _REF + "IAM/latest/APIReference/"
_EKS = _REF + "eks/latest/APIReference/"
_BUCKET = "aws:s3/bucket:Bucket"
_ROLE = "aws:iam/role:Role"
_SG = "aws:ec2/securityGroup:SecurityGroup"
_SUBNET = "aws:ec2/subnet:Subnet"
_VPC = "aws:ec2/vpc:Vpc"
_CLUSTER = "aws:eks/cluster:Cluster"
_NODES = "aws:eks/nodeGroup:NodeGroup"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_NAT = "aws:ec2/natGateway:NatGateway"
_LUSTRE = "aws:fsx/lustreFileSystem:LustreFileSystem"
_MODEL = "aws:sagemaker/model:Model"
_KEY = "aws:kms/key:Key"
_SECRET = "aws:secretsmanager/secret:Secret"

_DEPENDENCY = CloudError(
    "DependencyViolation",
    "The {words} '{id}' has dependencies and cannot be deleted. ({user})",
    _EC2,
)


def _ec2(code: str, message: str) -> CloudError:
    return CloudError(code, message, _EC2)


def _dependency(token: str, *by: str) -> InUseRule:
    return InUseRule(token, by, _DEPENDENCY)


_NOT_EMPTY = CloudError(
    "BucketNotEmpty",
    "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
    _S3,
    "the bucket holds data: empty it, or keep it",
)
_ROLE_BUSY = CloudError(
    "DeleteConflict",
    "Cannot delete entity, must detach all policies first.",
    _IAM + "API_DeleteRole.html",
)
_PUT = _ec2("AlreadyExists", "{id} already exists")
_PREFIX = "aws:s3/bucket"

_EARLY_ROLE = CloudError(
    "ValidationException",
    "Could not access model data with the role of {name}: please ensure that the role exists and that its policies "
    "allow the actions ({user}).",
    _REF + "IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency",
)

RULES = CloudRules(
    denied=CloudError(
        "AccessDenied",
        "User is not authorized to perform: {user} on resource: {id} because no identity-based policy allows the "
        "{user} action",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
        "the identity that runs `up` lacks a right: `mlplatform bootstrap` derives all that the plan takes",
    ),
    exists=CloudError(
        "ResourceAlreadyExists",
        "{kind} already exists: {id}",
        "https://www.pulumi.com/docs/iac/guides/migration/import/",
        "a resource of that name exists and is not in the stack's state: import it, or delete it if nothing needs it",
    ),
    missing=CloudError("ResourceNotFound", "The {words} '{id}' does not exist", _EC2),
    throttled=CloudError("ThrottlingException", "Rate exceeded", _REF + "general/latest/gr/api-retries.html"),
    # PutX, AttachX, RegisterX and CreateX of queues and topics with the same attributes return the existing resource
    upserts=frozenset(
        {
            "aws:iam/rolePolicy:RolePolicy",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:s3/bucketPolicy:BucketPolicy",
            *(
                f"{_PREFIX}{kind}:Bucket{kind}"
                for kind in (
                    "LifecycleConfiguration",
                    "Logging",
                    "Metric",
                    "Notification",
                    "ObjectLockConfiguration",
                    "OwnershipControls",
                    "PublicAccessBlock",
                    "ServerSideEncryptionConfiguration",
                    "Versioning",
                    "ReplicationConfig",
                )
            ),
            "aws:sns/topic:Topic",
            "aws:sns/topicPolicy:TopicPolicy",
            "aws:sns/topicSubscription:TopicSubscription",
            "aws:sqs/queue:Queue",
            "aws:sqs/queuePolicy:QueuePolicy",
            "aws:ecr/lifecyclePolicy:LifecyclePolicy",
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            "aws:cloudwatch/compositeAlarm:CompositeAlarm",
            "aws:cloudwatch/dashboard:Dashboard",
            "aws:cloudwatch/eventRule:EventRule",
            "aws:cloudwatch/eventTarget:EventTarget",
            "aws:autoscaling/tag:Tag",
            "aws:appautoscaling/target:Target",
            "aws:appautoscaling/policy:Policy",
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        }
    ),
    singletons=(
        # the provider makes up ids of these: they are unique by what they belong to
        SingletonRule("aws:autoscaling/tag:Tag", ("autoscalingGroupName", "tag.key"), _PUT),
        SingletonRule("aws:cloudwatch/eventTarget:EventTarget", ("rule", "eventBusName", "targetId", "arn"), _PUT),
        SingletonRule("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", ("vpcId",), _PUT),
        SingletonRule("aws:sns/topicSubscription:TopicSubscription", ("topic", "protocol", "endpoint"), _PUT),
        SingletonRule(
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            ("subnetId",),
            _ec2("Resource.AlreadyAssociated", "the specified association for route table conflicts with another"),
        ),
        SingletonRule(
            "aws:ec2/route:Route",
            ("routeTableId", "destinationCidrBlock"),
            _ec2("RouteAlreadyExists", "The route identified already exists."),
        ),
        SingletonRule(
            _SUBNET, ("vpcId", "cidrBlock"), _ec2("InvalidSubnet.Conflict", "The CIDR conflicts with another")
        ),
        SingletonRule(
            "aws:ec2/internetGateway:InternetGateway",
            ("vpcId",),
            _ec2("Resource.AlreadyAssociated", "the VPC has an internet gateway already: {id}"),
        ),
        SingletonRule(
            _NAT, ("allocationId",), _ec2("Resource.AlreadyAssociated", "Elastic IP address is already associated")
        ),
        SingletonRule(
            "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
            ("vpcId", "cidrBlock"),
            _ec2("InvalidVpc.Range", "The CIDR is associated with the VPC already"),
        ),
        SingletonRule(
            _ENDPOINT,
            ("vpcId", "serviceName"),
            _ec2("InvalidParameter", "private-dns-enabled cannot be set: there is a conflicting DNS domain ({id})"),
        ),
        SingletonRule(
            "aws:ec2/flowLog:FlowLog",
            ("vpcId", "trafficType", "logDestination"),
            _ec2("FlowLogAlreadyExists", "There is an existing Flow Log with the same configuration"),
        ),
        *(
            SingletonRule(
                f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule",
                (
                    "securityGroupId",
                    "ipProtocol",
                    "fromPort",
                    "toPort",
                    "cidrIpv4",
                    "referencedSecurityGroupId",
                    "prefixListId",
                ),
                _ec2("InvalidPermission.Duplicate", "the specified rule already exists: {id}"),
            )
            for way in ("Ingress", "Egress")
        ),
    ),
    in_use=(
        _dependency(
            _VPC, _SUBNET, _SG, _ENDPOINT, "aws:ec2/internetGateway:InternetGateway", "aws:ec2/routeTable:RouteTable"
        ),
        _dependency(_SUBNET, _NODES, _CLUSTER, _NAT, _ENDPOINT, _MODEL, _LUSTRE, "aws:amp/scraper:Scraper"),
        _dependency(
            _SG,
            _CLUSTER,
            _ENDPOINT,
            _MODEL,
            _LUSTRE,
            "aws:amp/scraper:Scraper",
            "aws:ec2/launchTemplate:LaunchTemplate",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule#referencedSecurityGroupId",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule#referencedSecurityGroupId",
        ),
        _dependency("aws:ec2/routeTable:RouteTable", "aws:ec2/routeTableAssociation:RouteTableAssociation"),
        InUseRule(
            "aws:ec2/eip:Eip",
            (_NAT,),
            _ec2("InvalidIPAddress.InUse", "Address {id} is in use."),
        ),
        InUseRule(
            "aws:ec2/placementGroup:PlacementGroup",
            (_NODES,),
            _ec2("InvalidPlacementGroup.InUse", "The placement group {id} is in use and may not be deleted."),
        ),
        InUseRule(
            _CLUSTER,
            (_NODES,),
            CloudError("ResourceInUseException", "Cluster has nodegroups attached", _EKS + "API_DeleteCluster.html"),
        ),
        InUseRule(
            _ROLE, ("aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"), _ROLE_BUSY
        ),
        InUseRule(
            "aws:cloudwatch/eventRule:EventRule",
            ("aws:cloudwatch/eventTarget:EventTarget",),
            CloudError(
                "ValidationException",
                "Rule can't be deleted since it has targets.",
                _REF + "eventbridge/latest/APIReference/API_DeleteRule.html",
            ),
        ),
    ),
    growing=(
        GrowingRule(
            "aws:cloudcontrol/resource:Resource",
            "desiredState",
            "FeatureDefinitions",
            "FeatureName",
            # UpdateFeatureGroup has FeatureAdditions, and nothing that changes or removes a feature; the words are ours
            CloudError(
                "ValidationException",
                "Features can be added to the feature group only; {user} would be removed or changed.",
                _REF + "sagemaker/latest/APIReference/API_UpdateFeatureGroup.html",
                "keep the feature in the spec, or give the group another name, which makes another one beside it",
            ),
        ),
    ),
    protected=(
        guarded(
            _CLUSTER,
            CloudError(
                "InvalidRequestException",
                "Cluster {name} has deletion protection enabled and cannot be deleted",
                _REF + "eks/latest/userguide/deletion-protection.html",
                "set `deletion_protection` to false in the spec and run `pulumi up` before the destroy",
            ),
        ),
        guarded(
            "aws:dynamodb/table:Table",
            CloudError(
                "ValidationException",
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
                "first.",
                _REF + "amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
                "set `deletion_protection` to false in the spec and run `pulumi up` before the destroy",
            ),
        ),
    ),
    non_empty=(
        refused_full(_BUCKET, _NOT_EMPTY),
        refused_full(
            "aws:ecr/repository:Repository",
            CloudError(
                "RepositoryNotEmptyException",
                "The repository with name '{id}' cannot be deleted because it still contains images",
                _REF + "AmazonECR/latest/APIReference/API_DeleteRepository.html",
                "the repository holds images: delete them, or keep it",
            ),
        ),
    ),
    leftovers=(
        LeftoverRule(
            _KEY,
            DELETIONS[_KEY].days,
            "the key is deleted after 7 to 30 days; until then it is unusable and costs nothing",
        ),
        LeftoverRule(
            _SECRET,
            DELETIONS[_SECRET].days,
            "the secret is deleted after its recovery window",
            CloudError(
                "InvalidRequestException",
                "You can't create this secret because a secret with this name is already scheduled for deletion.",
                _REF + "secretsmanager/latest/apireference/API_CreateSecret.html",
                "restore it, delete it without a recovery window, or choose another name",
            ),
        ),
    ),
    # the provider waits two minutes for a new role wherever a service must assume it
    propagation=(
        PropagationRule(
            _ROLE,
            10,
            (),
            True,
            CloudError(
                "InvalidParameterException",
                "The role cannot be assumed: {id}",
                _REF + "IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency",
            ),
        ),
    ),
    effects=(EffectRule("aws:iam/rolePolicy:RolePolicy", ("name", ".*"), (_MODEL,), _EARLY_ROLE, to="role"),),
    durations=(
        DurationRule(
            _CLUSTER,
            900,
            600,
            "https://easontechtalk.com/unofficial-eks-cluster-creation-performance-across-aws-regions",
        ),
        DurationRule(_LUSTRE, 600, 300, _REF + "fsx/latest/LustreGuide/getting-started.html"),
        DurationRule(_NODES, 180, 300, _REF + "eks/latest/userguide/create-managed-node-group.html"),
        DurationRule(
            "aws:sagemaker/endpoint:Endpoint",
            480,
            30,
            _REF + "sagemaker/latest/dg/realtime-endpoints-deploy-models.html",
        ),
        DurationRule(_NAT, 120, 60, _REF + "vpc/latest/userguide/nat-gateway-working-with.html"),
        DurationRule(_ENDPOINT, 90, 60, _REF + "vpc/latest/privatelink/create-interface-endpoint.html"),
        DurationRule(
            "aws:amp/scraper:Scraper", 1200, 600, _REF + "prometheus/latest/userguide/AMP-collector-how-to.html"
        ),
        DurationRule("aws:eks/addon:Addon", 60, 30, _REF + "eks/latest/userguide/creating-an-add-on.html"),
        DurationRule(
            "aws:grafana/workspace:Workspace", 180, 60, _REF + "grafana/latest/userguide/AMG-create-workspace.html"
        ),
    ),
    autoscaled=(
        AutoscaledCount(
            _NODES,
            "scalingConfig.desiredSize",
            "scalingConfig.maxSize",
            _REF + "eks/latest/userguide/managed-node-groups.html",
        ),
    ),
    control_planes=(
        ControlPlaneRule(
            _CLUSTER,
            "version",
            CloudError(
                "InvalidParameterException",
                "Unsupported Kubernetes minor version update from {id} to {user}",
                _REF + "eks/latest/userguide/update-cluster.html",
                "a control plane is upgraded one minor version at a time: one `up` for each",
            ),
            CloudError(
                "InvalidParameterException",
                "Unsupported Kubernetes minor version update from {id} to {user}",
                _REF + "eks/latest/userguide/update-cluster.html",
                "a control plane never goes back to an earlier version",
            ),
        ),
    ),
    pool_versions=(
        PoolVersionRule(
            _NODES,
            "version",
            "clusterName",
            _CLUSTER,
            CloudError(
                "InvalidParameterException",
                "Nodegroup Kubernetes version should be equal to or less than the cluster kubernetes version {id}, got "
                "{user}",
                _EKS + "API_UpdateNodegroupVersion.html",
                "the control plane comes first: make the node group depend on the cluster's version",
            ),
        ),
    ),
    recycling=(
        RecyclingRule(
            _NODES,
            ("launchTemplate.version", "version", "releaseVersion"),
            "its nodes",
            _REF + "eks/latest/userguide/managed-node-update-behavior.html",
        ),
        RecyclingRule(
            "aws:sagemaker/endpoint:Endpoint",
            ("endpointConfigName",),
            "its instances",
            _REF + "sagemaker/latest/APIReference/API_UpdateEndpoint.html",
        ),
    ),
)
