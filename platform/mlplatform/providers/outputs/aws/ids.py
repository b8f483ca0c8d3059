"""Ids, ARNs and names of AWS resources.

ARN formats: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlplatform.providers.outputs.subject import OutputSubject

# EC2 ids are a prefix and 17 hexadecimal digits.
_PREFIXES: Mapping[str, str] = {
    "Vpc": "vpc",
    "Subnet": "subnet",
    "SecurityGroup": "sg",
    "DefaultSecurityGroup": "sg",
    "InternetGateway": "igw",
    "EgressOnlyInternetGateway": "eigw",
    "NatGateway": "nat",
    "RouteTable": "rtb",
    "DefaultRouteTable": "rtb",
    "Route": "r-rtb",
    "RouteTableAssociation": "rtbassoc",
    "Eip": "eipalloc",
    "VpcEndpoint": "vpce",
    "LaunchTemplate": "lt",
    "FlowLog": "fl",
    "NetworkAcl": "acl",
    "NetworkInterface": "eni",
    "CapacityReservation": "cr",
    "CapacityBlockReservation": "cr",
    "SecurityGroupIngressRule": "sgr",
    "SecurityGroupEgressRule": "sgr",
    "VpcIpv4CidrBlockAssociation": "vpc-cidr-assoc",
    "PodIdentityAssociation": "a",
    "Instance": "i",
}


# Type to the part of its ARN after the account; a leading `service:` names another service than the module.
_ARNS: Mapping[str, str] = {
    "aws:s3/bucket:Bucket": "s3::{name}",
    "aws:s3/bucketObjectv2:BucketObjectv2": "s3::{bucket}/{key}",
    "aws:iam/role:Role": "iam:role{path}{name}",
    "aws:iam/user:User": "iam:user{path}{name}",
    "aws:iam/group:Group": "iam:group{path}{name}",
    "aws:iam/policy:Policy": "iam:policy{path}{name}",
    "aws:iam/instanceProfile:InstanceProfile": "iam:instance-profile{path}{name}",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "iam:oidc-provider/{url}",
    "aws:ecr/repository:Repository": "ecr:repository/{name}",
    "aws:eks/cluster:Cluster": "eks:cluster/{name}",
    "aws:eks/nodeGroup:NodeGroup": "eks:nodegroup/{clusterName}/{name}/{guid}",
    "aws:eks/addon:Addon": "eks:addon/{clusterName}/{addonName}/{guid}",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": "eks:podidentityassociation/{clusterName}/{id}",
    "aws:eks/accessEntry:AccessEntry": "eks:access-entry/{clusterName}/role/{account}/{principal}/{guid}",
    "aws:kms/key:Key": "kms:key/{id}",
    "aws:kms/replicaKey:ReplicaKey": "kms:key/{id}",
    "aws:kms/alias:Alias": "kms:{name}",
    "aws:sns/topic:Topic": "sns:{name}",
    "aws:sns/topicSubscription:TopicSubscription": "sns:{name}:{guid}",
    "aws:sqs/queue:Queue": "sqs:{name}",
    "aws:cloudwatch/logGroup:LogGroup": "logs:log-group:{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:alarm:{name}",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": "cloudwatch:alarm:{name}",
    "aws:cloudwatch/eventRule:EventRule": "events:rule/{name}",
    "aws:cloudwatch/eventBus:EventBus": "events:event-bus/{name}",
    "aws:cloudwatch/eventConnection:EventConnection": "events:connection/{name}/{guid}",
    "aws:cloudwatch/eventApiDestination:EventApiDestination": "events:api-destination/{name}/{guid}",
    "aws:cloudwatch/dashboard:Dashboard": "cloudwatch::dashboard/{name}",
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": (
        "chatbot::chat-configuration/slack-channel/{configurationName}"
    ),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": "sagemaker:endpoint-config/{name}",
    "aws:sagemaker/pipeline:Pipeline": "sagemaker:pipeline/{pipelineName}",
    "aws:ecs/cluster:Cluster": "ecs:cluster/{name}",
    "aws:ecs/taskDefinition:TaskDefinition": "ecs:task-definition/{family}:{revision}",
    "aws:scheduler/schedule:Schedule": "scheduler:schedule/{groupName}/{name}",
    "aws:scheduler/scheduleGroup:ScheduleGroup": "scheduler:schedule-group/{name}",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "ec2:security-group/{id}",
    "aws:secretsmanager/secretVersion:SecretVersion": "secretsmanager:secret:{name}",
    "aws:amp/workspace:Workspace": "aps:workspace/{id}",
    "aws:amp/scraper:Scraper": "aps:scraper/{id}",
    "aws:amp/ruleGroupNamespace:RuleGroupNamespace": "aps:rulegroupsnamespace/{workspaceId}/{name}",
    "aws:grafana/workspace:Workspace": "grafana:/workspaces/{id}",
    "aws:appautoscaling/target:Target": "application-autoscaling:scalable-target/{hex}",
    "aws:appautoscaling/policy:Policy": "autoscaling:scalingPolicy:{guid}:resource/sagemaker/{name}",
    "aws:sfn/stateMachine:StateMachine": "states:stateMachine:{name}",
    "aws:lambda/function:Function": "lambda:function:{name}",
    "aws:secretsmanager/secret:Secret": "secretsmanager:secret:{name}-{hex6}",
    "aws:budgets/budget:Budget": "budgets:budget/{name}",
    "aws:cloudtrail/trail:Trail": "cloudtrail:trail/{name}",
    "aws:mwaa/environment:Environment": "airflow:environment/{name}",
    "aws:dynamodb/table:Table": "dynamodb:table/{name}",
    "aws:backup/vault:Vault": "backup:backup-vault:{name}",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "ec2:security-group-rule/{id}",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "ec2:security-group-rule/{id}",
    "aws:ec2/flowLog:FlowLog": "ec2:vpc-flow-log/{id}",
    "aws:ec2/eip:Eip": "ec2:elastic-ip/{id}",
    "aws:fsx/lustreFileSystem:LustreFileSystem": "fsx:file-system/fs-{hex17}",
}


ID_PREFIXES: Mapping[str, str] = {
    "networkInterfaceId": "eni",
    "placementGroupId": "pg",
    "vpcId": "vpc",
    "subnetId": "subnet",
    "securityGroupId": "sg",
    "routeTableId": "rtb",
}


"""Output properties that hold another resource's EC2 id."""


_ID_IS_ARN = frozenset(
    {
        "aws:iam/policy:Policy",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "aws:sns/topic:Topic",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:secretsmanager/secret:Secret",
        "aws:sfn/stateMachine:StateMachine",
        "aws:cloudtrail/trail:Trail",
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace",
        "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        "aws:ecs/cluster:Cluster",
    }
)


# Ids that join other properties; the separator is the provider's own.
_JOINED: Mapping[str, str] = {
    "aws:eks/nodeGroup:NodeGroup": "{clusterName}:{name}",
    "aws:eks/addon:Addon": "{clusterName}:{addonName}",
    "aws:eks/accessEntry:AccessEntry": "{clusterName}:{principalArn}",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": "{clusterName}#{principalArn}#{policyArn}",
    "aws:iam/rolePolicy:RolePolicy": "{role}:{name}",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "{role}/{policyArn}",
    "aws:appautoscaling/target:Target": "{resourceId}",
    "aws:sns/topicPolicy:TopicPolicy": "{arn}",
    "aws:sqs/queuePolicy:QueuePolicy": "{queueUrl}",
    "aws:amp/alertManagerDefinition:AlertManagerDefinition": "{workspaceId}",
    "aws:amp/workspaceConfiguration:WorkspaceConfiguration": "{workspaceId}",
    "aws:s3/bucketMetric:BucketMetric": "{bucket}:{name}",
    "aws:s3/bucketObjectv2:BucketObjectv2": "{bucket}/{key}",
    "aws:secretsmanager/secretVersion:SecretVersion": "{secretId}|{guid}",
    "aws:cloudwatch/eventTarget:EventTarget": "{rule}-{hex6}",
    "aws:autoscaling/tag:Tag": "{autoscalingGroupName},{hex6}",
    "aws:budgets/budget:Budget": "{account}:{name}",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": "{ecrRepositoryPrefix}",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": "{repository}",
    "aws:scheduler/schedule:Schedule": "{groupName}/{name}",
    # the provider's id is the family alone; it reads and deletes by the ARN, and a family has many revisions
    "aws:ecs/taskDefinition:TaskDefinition": "{family}:{revision}",
    "aws:sqs/queue:Queue": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "aws:kms/key:Key": "{guid}",
    "aws:kms/replicaKey:ReplicaKey": "{guid}",
    "aws:amp/workspace:Workspace": "ws-{guid}",
    "aws:amp/scraper:Scraper": "s-{guid}",
    "aws:grafana/workspace:Workspace": "g-{hex10}",
}

_NO_REGION = frozenset({"s3", "iam", "budgets", "chatbot"})
_NO_ACCOUNT = frozenset({"s3"})


def resource_id(subject: OutputSubject) -> str:
    """The id that the provider gives the resource."""
    token = subject.token
    if token in _ID_IS_ARN:
        return arn(subject, "")
    if token in _JOINED:
        return _fill(_JOINED[token], subject, "")
    prefix = _PREFIXES.get(subject.kind) if subject.module in ("ec2", "vpc", "eks") else None
    if prefix is not None:
        return f"{prefix}-{subject.hex(17)}"
    return physical_name(subject)


def physical_name(subject: OutputSubject) -> str:
    """The name in the cloud."""
    kind = subject.kind[0].lower() + subject.kind[1:]
    return subject.named("name", f"{kind}Name", "bucket", "dashboardName", "alarmName", "alias", "addonName")


def arn(subject: OutputSubject, id_: str) -> str:
    """The resource's ARN."""
    template = _ARNS.get(subject.token) or f"{subject.module}:{_dashed(subject.kind)}/{{id}}"
    service, _, rest = template.partition(":")
    worldwide = service in _NO_REGION or rest.startswith(":")
    region = "" if worldwide else region_of(subject)
    account = "" if service in _NO_ACCOUNT else subject.account.account
    rest = _fill(rest.lstrip(":"), subject, id_)
    return f"arn:{partition(region_of(subject))}:{service}:{region}:{account}:{rest}"


def region_of(subject: OutputSubject) -> str:
    """The resource's own region, else the account's."""
    return subject.text("region") or subject.account.region


def partition(region: str) -> str:
    """The AWS partition of a region."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _dashed(kind: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind).lower()


def _fill(template: str, subject: OutputSubject, id_: str) -> str:
    def value(match: re.Match[str]) -> str:
        key = match.group(1)
        if key.startswith("hex"):
            return subject.hex(int(key[3:] or 16))
        match key:
            case "id":
                return id_
            case "name":
                return physical_name(subject)
            case "guid":
                return subject.guid()
            case "revision":
                return str(int(subject.hex(3, "revision"), 16) + 1)
            case "account":
                return subject.account.account
            case "region":
                return region_of(subject)
            case "principal":
                return (subject.text("principalArn") or "role").rpartition("/")[2]
            case "path":
                return subject.text("path") or "/"
            case "url":
                return (subject.text("url") or "").removeprefix("https://")
            case _:
                return subject.text(key) or subject.hex(12, key)

    return re.sub(r"\{(\w+)\}", value, template)


def zone_prefix(region: str) -> str:
    """The short region name in zone ids: `use1` of `us-east-1`."""
    area, *middle, number = region.split("-")
    return area + "".join(part[0] for part in middle) + number
