"""AWS functions: accounts, zones, policy documents, networks, images, add-ons."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import cast

from mlplatform.providers.outputs.aws.ids import partition, region_of, zone_prefix
from mlplatform.providers.outputs.generic import generic_text
from mlplatform.providers.outputs.subject import OutputSubject

_Answer = Callable[[OutputSubject], dict[str, object]]

# https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
_DEEP_LEARNING_ACCOUNT = "763104351884"
_ZONES = ("a", "b", "c", "d")


def text_of(subject: OutputSubject, path: str, name: str) -> str | None:
    """A text of a result by its name."""
    if name == "id":
        return region_of(subject)
    if name == "region":
        return region_of(subject)
    return generic_text(subject, path, name)


def _zones(subject: OutputSubject) -> dict[str, object]:
    region = region_of(subject)
    return {
        "id": region,
        "names": [f"{region}{letter}" for letter in _ZONES],
        "zoneIds": [f"{zone_prefix(region)}-az{number}" for number in range(1, len(_ZONES) + 1)],
        "groupNames": [f"{region}-zg-1"],
    }


def _caller(subject: OutputSubject) -> dict[str, object]:
    account = subject.account.account
    return {
        "accountId": account,
        "arn": f"arn:{partition(region_of(subject))}:iam::{account}:role/deployer",
        "userId": "AROA" + subject.hex(17).upper(),
        "id": account,
    }


def _region(subject: OutputSubject) -> dict[str, object]:
    region = subject.text("name", "region") or subject.account.region
    endpoint = f"ec2.{region}.amazonaws.com"
    return {"id": region, "name": region, "region": region, "endpoint": endpoint, "description": region}


def _partition(subject: OutputSubject) -> dict[str, object]:
    name = partition(subject.account.region)
    suffix = "amazonaws.com.cn" if name == "aws-cn" else "amazonaws.com"
    return {"id": name, "partition": name, "dnsSuffix": suffix, "reverseDnsPrefix": "com.amazonaws"}


def _policy_document(subject: OutputSubject) -> dict[str, object]:
    statements = cast("list[Mapping[str, object]]", subject.inputs.get("statements") or [])
    document = {
        "Version": subject.text("version") or "2012-10-17",
        "Statement": [_statement(statement) for statement in statements],
    }
    text = json.dumps(document, indent=2)
    minified = json.dumps(document, separators=(",", ":"))
    return {"id": subject.digits(10), "json": text, "minifiedJson": minified}


def _statement(given: Mapping[str, object]) -> dict[str, object]:
    statement: dict[str, object] = {"Effect": given.get("effect", "Allow")}
    for source, target in (
        ("sid", "Sid"),
        ("actions", "Action"),
        ("notActions", "NotAction"),
        ("resources", "Resource"),
        ("notResources", "NotResource"),
    ):
        value = given.get(source)
        if value:
            statement[target] = value[0] if isinstance(value, list) and len(cast("list[object]", value)) == 1 else value
    for source, target in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        listed = cast("list[Mapping[str, object]]", given.get(source) or [])
        if listed:
            everyone = any(item.get("type") == "*" for item in listed)
            statement[target] = "*" if everyone else {str(item["type"]): item["identifiers"] for item in listed}
    conditions = cast("list[Mapping[str, object]]", given.get("conditions") or [])
    if conditions:
        merged: dict[str, dict[str, object]] = {}
        for item in conditions:
            merged.setdefault(str(item["test"]), {})[str(item["variable"])] = item["values"]
        statement["Condition"] = merged
    return statement


def _vpc(subject: OutputSubject) -> dict[str, object]:
    id_ = subject.text("id") or f"vpc-{subject.hex(17)}"
    account, region = subject.account.account, region_of(subject)
    return {
        "id": id_,
        "arn": f"arn:aws:ec2:{region}:{account}:vpc/{id_}",
        "cidrBlock": subject.text("cidrBlock") or "10.0.0.0/16",
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "mainRouteTableId": f"rtb-{subject.hex(17, 'rtb')}",
        "ownerId": account,
    }


def _subnets(subject: OutputSubject) -> dict[str, object]:
    return {"ids": [f"subnet-{subject.hex(17, str(index))}" for index in range(3)]}


def _subnet(subject: OutputSubject) -> dict[str, object]:
    id_ = subject.text("id") or f"subnet-{subject.hex(17)}"
    region = region_of(subject)
    zone = f"{region}{_ZONES[int(subject.hex(1), 16) % 3]}"
    return {"id": id_, "availabilityZone": zone, "cidrBlock": "10.0.0.0/20", "vpcId": f"vpc-{subject.hex(17, 'vpc')}"}


def _image(subject: OutputSubject) -> dict[str, object]:
    region, name = region_of(subject), subject.text("repositoryName") or "image"
    registry = subject.text("registryId") or _DEEP_LEARNING_ACCOUNT
    suffix = subject.text("dnsSuffix") or "amazonaws.com"
    path = f"{registry}.dkr.ecr.{region}.{suffix}/{name}:{subject.text('imageTag') or '1'}"
    return {"registryId": registry, "registryPath": path}


def _addon(subject: OutputSubject) -> dict[str, object]:
    kubernetes = subject.text("kubernetesVersion") or "1.33"
    return {"id": subject.text("addonName") or "", "version": f"v{kubernetes}.0-eksbuild.1"}


def _endpoint_service(subject: OutputSubject) -> dict[str, object]:
    region = region_of(subject)
    name = subject.text("serviceName") or f"com.amazonaws.{region}.{subject.text('service') or 's3'}"
    zones = [f"{region}{letter}" for letter in _ZONES]
    return {"serviceName": name, "availabilityZones": zones, "owner": "amazon", "serviceType": "Interface"}


def _oidc_provider(subject: OutputSubject) -> dict[str, object]:
    url = (subject.text("url") or "").removeprefix("https://")
    arn = subject.text("arn") or f"arn:aws:iam::{subject.account.account}:oidc-provider/{url}"
    return {"arn": arn, "id": arn, "url": arn.partition("oidc-provider/")[2]}


def _key(subject: OutputSubject) -> dict[str, object]:
    id_ = (subject.text("keyId") or subject.guid()).rpartition("/")[2]
    arn = f"arn:aws:kms:{region_of(subject)}:{subject.account.account}:key/{id_}"
    return {"id": id_, "arn": arn, "enabled": True, "keyState": "Enabled", "keyUsage": "ENCRYPT_DECRYPT"}


def _role(subject: OutputSubject) -> dict[str, object]:
    name = subject.text("name") or "role"
    arn = f"arn:{partition(subject.account.region)}:iam::{subject.account.account}:role/{name}"
    return {"id": name, "arn": arn, "uniqueId": "AROA" + subject.hex(17).upper(), "path": "/"}


def _cluster(subject: OutputSubject) -> dict[str, object]:
    name, region = subject.text("name") or "cluster", region_of(subject)
    return {
        "id": name,
        "arn": f"arn:{partition(region)}:eks:{region}:{subject.account.account}:cluster/{name}",
        "status": "ACTIVE",
        "version": "1.33",
        "vpcConfig": {
            "clusterSecurityGroupId": f"sg-{subject.hex(17, 'group')}",
            "endpointPrivateAccess": True,
            "endpointPublicAccess": False,
            "publicAccessCidrs": [],
            "securityGroupIds": [],
            "subnetIds": [f"subnet-{subject.hex(17, str(index))}" for index in range(2)],
            "vpcId": f"vpc-{subject.hex(17, 'vpc')}",
        },
    }


ANSWERS: Mapping[str, _Answer] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:iam/getRole:getRole": _role,
    "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": _oidc_provider,
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getVpcEndpointService:getVpcEndpointService": _endpoint_service,
    "aws:eks/getAddonVersion:getAddonVersion": _addon,
    "aws:eks/getCluster:getCluster": _cluster,
    "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": _image,
    "aws:kms/getKey:getKey": _key,
}
