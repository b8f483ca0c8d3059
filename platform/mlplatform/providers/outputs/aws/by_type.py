"""Outputs of single AWS types that programs read and that do not follow from a property's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlplatform.providers.outputs.aws.ids import region_of, zone_prefix
from mlplatform.providers.outputs.generic import certificate
from mlplatform.providers.outputs.subject import OutputSubject
from mlplatform.providers.wire import as_object, plain_value

# https://docs.aws.amazon.com/general/latest/gr/s3.html, hosted zone ids of website endpoints.
_S3_ZONES = {"us-east-1": "Z3AQBSTGFYJSTF", "us-west-2": "Z3BJ6K6RIION7M", "eu-west-1": "Z1BKCTXD74EZPE"}

_OutputsOfType = Callable[[OutputSubject, str, str], dict[str, object]]


def _bucket(subject: OutputSubject, id_: str, region: str) -> dict[str, object]:
    return {
        "bucket": id_,
        "bucketDomainName": f"{id_}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{id_}.s3.{region}.amazonaws.com",
        "hostedZoneId": _S3_ZONES.get(region, "Z" + subject.hex(13).upper()),
        "websiteDomain": f"s3-website-{region}.amazonaws.com",
        "websiteEndpoint": f"{id_}.s3-website-{region}.amazonaws.com",
    }


def _cluster(subject: OutputSubject, id_: str, region: str) -> dict[str, object]:
    issuer = f"https://oidc.eks.{region}.amazonaws.com/id/{subject.hex(32, 'oidc').upper()}"
    endpoint = f"https://{subject.hex(32, 'endpoint').upper()}.gr7.{region}.eks.amazonaws.com"
    vpc_config = as_object(plain_value(subject.inputs.get("vpcConfig")))
    result: dict[str, object] = {
        "certificateAuthority": {"data": certificate(subject)},
        "clusterId": id_,
        "endpoint": endpoint,
        "identities": [{"oidcs": [{"issuer": issuer}]}],
        "platformVersion": "eks.1",
        "status": "ACTIVE",
    }
    if vpc_config is not None:
        group = {"clusterSecurityGroupId": f"sg-{subject.hex(17, 'sg')}", "vpcId": f"vpc-{subject.hex(17, 'vpc')}"}
        result["vpcConfig"] = {**group, **vpc_config}
    return result


def _node_group(subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    name = subject.named("nodeGroupName")
    group = {"autoscalingGroups": [{"name": f"eks-{name}-{subject.guid('asg')}"}], "remoteAccessSecurityGroupId": ""}
    return {"resources": [group], "status": "ACTIVE"}


def _repository(subject: OutputSubject, id_: str, region: str) -> dict[str, object]:
    return {"repositoryUrl": f"{subject.account.account}.dkr.ecr.{region}.amazonaws.com/{id_}"}


def _vpc(subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    return {
        "defaultNetworkAclId": f"acl-{subject.hex(17, 'acl')}",
        "defaultRouteTableId": f"rtb-{subject.hex(17, 'rtb')}",
        "mainRouteTableId": f"rtb-{subject.hex(17, 'rtb')}",
        "defaultSecurityGroupId": f"sg-{subject.hex(17, 'sg')}",
        "dhcpOptionsId": f"dopt-{subject.hex(17, 'dopt')}",
        "ipv6AssociationId": "",
    }


def _endpoint(subject: OutputSubject, id_: str, region: str) -> dict[str, object]:
    service = (subject.text("serviceName") or f"com.amazonaws.{region}.s3").rpartition(".")[2]
    if subject.text("vpcEndpointType") != "Interface":
        return {"prefixListId": f"pl-{subject.hex(8)}", "state": "available"}
    name = f"{id_}-{subject.hex(8)}.{service}.{region}.vpce.amazonaws.com"
    return {
        "dnsEntries": [{"dnsName": name, "hostedZoneId": "Z" + subject.hex(13).upper()}],
        "networkInterfaceIds": [f"eni-{subject.hex(17, str(index))}" for index in range(2)],
        "prefixListId": "",
        "state": "available",
    }


def _role(subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    return {"uniqueId": "AROA" + subject.hex(17).upper()}


def _prometheus(_subject: OutputSubject, id_: str, region: str) -> dict[str, object]:
    return {"prometheusEndpoint": f"https://aps-workspaces.{region}.amazonaws.com/workspaces/{id_}/"}


def _scraper(subject: OutputSubject, id_: str, _region: str) -> dict[str, object]:
    role = f"arn:aws:iam::{subject.account.account}:role/aws-service-role/scraper.aps.amazonaws.com/"
    return {"roleArn": f"{role}AWSServiceRoleForAmazonPrometheusScraper_{id_[2:10]}"}


def _grafana(_subject: OutputSubject, id_: str, region: str) -> dict[str, object]:
    return {"endpoint": f"{id_}.grafana-workspace.{region}.amazonaws.com"}


def _queue(_subject: OutputSubject, id_: str, _region: str) -> dict[str, object]:
    return {"url": id_}


def _template(_subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    return {"latestVersion": 1, "defaultVersion": 1}


def _eip(subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    address = f"198.51.100.{int(subject.hex(2), 16) % 254 + 1}"
    return {
        "publicIp": address,
        "publicDns": f"ec2-{address.replace('.', '-')}.compute-1.amazonaws.com",
        "associationId": "",
        "privateIp": "",
    }


def _nat(subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    address = f"198.51.100.{int(subject.hex(2), 16) % 254 + 1}"
    return {"publicIp": address, "associationId": f"eipassoc-{subject.hex(17)}", "routeTableId": ""}


def _route(subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    interface = subject.text("networkInterfaceId") or ""
    state = {"origin": "CreateRoute", "state": "active"}
    return {"instanceId": "", "instanceOwnerId": "", "networkInterfaceId": interface, **state}


def _pod_identity(_subject: OutputSubject, id_: str, _region: str) -> dict[str, object]:
    return {"associationId": id_, "externalId": ""}


def _topic(_subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    return {"beginningArchiveTime": ""}


def _secret_version(subject: OutputSubject, id_: str, _region: str) -> dict[str, object]:
    secret = subject.text("secretId") or ""
    return {"arn": secret, "secretArn": secret, "versionId": id_.rpartition("|")[2]}


def _connection(subject: OutputSubject, id_: str, region: str) -> dict[str, object]:
    name = f"events!connection/{id_}/{subject.guid('secret')}-{subject.hex(6)}"
    return {"secretArn": f"arn:aws:secretsmanager:{region}:{subject.account.account}:secret:{name}"}


def _database(subject: OutputSubject, id_: str, region: str) -> dict[str, object]:
    host = f"{id_}.{subject.hex(12)}.{region}.rds.amazonaws.com"
    secret = f"arn:aws:secretsmanager:{region}:{subject.account.account}:secret:rds!db-{subject.guid('secret')}-x7Yz1A"
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
    managed = plain_value(subject.inputs.get("manageMasterUserPassword")) is True
    key = subject.text("masterUserSecretKmsKeyId") or ""
    made = [{"secretArn": secret, "secretStatus": "active", "kmsKeyId": key}] if managed else []
    return {"address": host, "endpoint": f"{host}:5432", "masterUserSecrets": made, "status": "available"}


def _cloud_control(subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    return {"properties": subject.text("desiredState") or "{}"}


def _default_group(_subject: OutputSubject, _id: str, _region: str) -> dict[str, object]:
    return {"name": "default", "description": "default VPC security group"}


def _alias(subject: OutputSubject, _id: str, region: str) -> dict[str, object]:
    key = subject.text("targetKeyId") or subject.guid("key")
    account = subject.account.account
    return {"targetKeyArn": key if key.startswith("arn:") else f"arn:aws:kms:{region}:{account}:key/{key}"}


def _subnet(subject: OutputSubject, _id: str, region: str) -> dict[str, object]:
    zone = subject.text("availabilityZone") or f"{region}a"
    return {"availabilityZone": zone, "availabilityZoneId": f"{zone_prefix(region)}-az{ord(zone[-1]) - 96}"}


def _lustre(subject: OutputSubject, id_: str, region: str) -> dict[str, object]:
    return {"dnsName": f"{id_}.fsx.{region}.amazonaws.com", "mountName": subject.hex(8, "mount")}


_BY_TYPE: Mapping[str, _OutputsOfType] = {
    "aws:s3/bucket:Bucket": _bucket,
    "aws:eks/cluster:Cluster": _cluster,
    "aws:fsx/lustreFileSystem:LustreFileSystem": _lustre,
    "aws:eks/nodeGroup:NodeGroup": _node_group,
    "aws:ecr/repository:Repository": _repository,
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:ec2/launchTemplate:LaunchTemplate": _template,
    "aws:ec2/eip:Eip": _eip,
    "aws:ec2/natGateway:NatGateway": _nat,
    "aws:ec2/route:Route": _route,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _default_group,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _pod_identity,
    "aws:sns/topic:Topic": _topic,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:cloudwatch/eventConnection:EventConnection": _connection,
    "aws:cloudcontrol/resource:Resource": _cloud_control,
    "aws:iam/role:Role": _role,
    "aws:kms/alias:Alias": _alias,
    "aws:amp/workspace:Workspace": _prometheus,
    "aws:amp/scraper:Scraper": _scraper,
    "aws:grafana/workspace:Workspace": _grafana,
    "aws:sqs/queue:Queue": _queue,
    "aws:rds/instance:Instance": _database,
}


def type_outputs(subject: OutputSubject, id_: str) -> dict[str, object]:
    """Outputs of a resource that follow from its type alone."""
    tags = subject.inputs.get("tags")
    result: dict[str, object] = {"tagsAll": tags} if tags is not None else {}
    of_type = _BY_TYPE.get(subject.token)
    if of_type is not None:
        result |= of_type(subject, id_, region_of(subject))
    return result
