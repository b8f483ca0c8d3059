"""What AWS takes over when it is created again, and what may exist once in its place."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.aws.tokens import ENDPOINT, NAT, SUBNET, ec2_error
from mlplatform.mock_cloud.rules.creation import SingletonRule

_PUT = ec2_error("AlreadyExists", "{id} already exists")

_PREFIX = "aws:s3/bucket"


# PutX, AttachX, RegisterX and CreateX of queues and topics with the same attributes return the existing resource
UPSERTS = frozenset(
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
)

SINGLETONS = (
    # the provider makes up ids of these: they are unique by what they belong to
    SingletonRule("aws:autoscaling/tag:Tag", ("autoscalingGroupName", "tag.key"), _PUT),
    SingletonRule("aws:cloudwatch/eventTarget:EventTarget", ("rule", "eventBusName", "targetId", "arn"), _PUT),
    SingletonRule("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", ("vpcId",), _PUT),
    SingletonRule("aws:sns/topicSubscription:TopicSubscription", ("topic", "protocol", "endpoint"), _PUT),
    SingletonRule(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        ("subnetId",),
        ec2_error("Resource.AlreadyAssociated", "the specified association for route table conflicts with another"),
    ),
    SingletonRule(
        "aws:ec2/route:Route",
        ("routeTableId", "destinationCidrBlock"),
        ec2_error("RouteAlreadyExists", "The route identified already exists."),
    ),
    SingletonRule(
        SUBNET, ("vpcId", "cidrBlock"), ec2_error("InvalidSubnet.Conflict", "The CIDR conflicts with another")
    ),
    SingletonRule(
        "aws:ec2/internetGateway:InternetGateway",
        ("vpcId",),
        ec2_error("Resource.AlreadyAssociated", "the VPC has an internet gateway already: {id}"),
    ),
    SingletonRule(
        NAT, ("allocationId",), ec2_error("Resource.AlreadyAssociated", "Elastic IP address is already associated")
    ),
    SingletonRule(
        "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        ("vpcId", "cidrBlock"),
        ec2_error("InvalidVpc.Range", "The CIDR is associated with the VPC already"),
    ),
    SingletonRule(
        ENDPOINT,
        ("vpcId", "serviceName"),
        ec2_error("InvalidParameter", "private-dns-enabled cannot be set: there is a conflicting DNS domain ({id})"),
    ),
    SingletonRule(
        "aws:ec2/flowLog:FlowLog",
        ("vpcId", "trafficType", "logDestination"),
        ec2_error("FlowLogAlreadyExists", "There is an existing Flow Log with the same configuration"),
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
            ec2_error("InvalidPermission.Duplicate", "the specified rule already exists: {id}"),
        )
        for way in ("Ingress", "Egress")
    ),
)
