"""Runs of SageMaker's pipelines: every request of a run, as the role that makes it, held against the planned grants.

A pipeline is taken whatever its role may do; each of these refusals ends a run, hours later.
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mlplatform.checks.rules.serving_encryption import NVME
from mlplatform.mock_cloud.rights import aws_allows
from mlplatform.providers.wire import as_list, as_object, value_at_path

PIPELINE = "aws:sagemaker/pipeline:Pipeline"
_SUBNET, _GROUP = "aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup"
_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
_ROLE = "aws:iam/role:Role"
_IMAGE = re.compile(r"^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)")
_BUCKET = re.compile(r"^s3://([^/]+)/(.*)$")
_INTERFACES = (
    "CreateNetworkInterface",
    "CreateNetworkInterfacePermission",
    "DeleteNetworkInterface",
    "DeleteNetworkInterfacePermission",
)
_LOOKS = ("DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs")
_KINDS = {"Processing": "processing-job", "Training": "training-job"}


class Made(Protocol):
    """A planned or held resource with its id."""

    @property
    def type(self) -> str:
        """Type token."""
        ...

    @property
    def inputs(self) -> Mapping[str, object]:
        """Inputs in wire names."""
        ...

    @property
    def id(self) -> str:
        """Physical id."""
        ...


@dataclass(frozen=True, slots=True)
class _Request:
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict[str, str])


def refused_requests(resources: Iterable[Made], pipeline: Made, region: str) -> tuple[str, ...]:
    """What a run of a planned pipeline is refused: `STEP: ACTION on RESOURCE`, and networks that are not there.

    Args:
        resources: everything of the platform, with its values known.
        pipeline: the pipeline.
        region: where it is.
    """
    return tuple(dict.fromkeys(_Run(tuple(resources), pipeline, region).refused()))


class _Run:
    def __init__(self, resources: Sequence[Made], pipeline: Made, region: str) -> None:
        self.resources, self.region = resources, region
        self.starter = _text(pipeline.inputs.get("roleArn"))
        self.account = self.starter.split(":")[4]
        self.definition = as_object(json.loads(_text(pipeline.inputs.get("pipelineDefinition")))) or {}
        self.keys = {
            _text(each.inputs.get("bucket")): _text(
                value_at_path(each.inputs, "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId")
            )
            for each in resources
            if each.type == _ENCRYPTION
        }

    def refused(self) -> Iterator[str]:
        yield from self._trust()
        for step in _jobs(as_list(self.definition.get("Steps")) or ()):
            name, kind = _text(step.get("Name")), _text(step.get("Type"))
            job = as_object(step.get("Arguments")) or {}
            role = _text(job.get("RoleArn"))
            for who, each in (
                *((self.starter, request) for request in self._start(kind, name, job)),
                *((role, request) for request in self._job(kind, job)),
            ):
                if not aws_allows(self.resources, who.rpartition("/")[2], each.action, each.resource, each.context):
                    yield f"{name}: {each.action} on {each.resource}"
            yield from (f"{name}: {each}" for each in (*self._network(job), *_disks(job)))

    def _arn(self, service: str, rest: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{rest}"

    def _trust(self) -> Iterator[str]:
        """A role of the platform's that SageMaker may not take; of another's nobody knows."""
        for each in self._of_type(_ROLE):
            trusted = "sagemaker.amazonaws.com" in _text(each.inputs.get("assumeRolePolicy"))
            if each.inputs.get("name") == self.starter.rpartition("/")[2] and not trusted:
                yield f"sts:AssumeRole on {self.starter} by sagemaker.amazonaws.com"

    def _start(self, kind: str, step: str, job: Mapping[str, object]) -> Iterator[_Request]:
        """What the pipeline's own role asks for. SageMaker names the job itself."""
        arn = self._arn("sagemaker", f"{_KINDS[kind]}/pipelines-abcdefghijkl-{step}-0123456789")
        for verb in ("Create", "Describe", "Stop"):
            yield _Request(f"sagemaker:{verb}{kind}Job", arn)
        if job.get("Tags"):
            yield _Request("sagemaker:AddTags", arn)
        yield _Request("iam:PassRole", _text(job.get("RoleArn")), {"iam:PassedToService": "sagemaker.amazonaws.com"})

    def _job(self, kind: str, job: Mapping[str, object]) -> Iterator[_Request]:
        """What the job asks for: its image, its files and their keys, its disk, its network interface, its logs."""
        yield _Request("ecr:GetAuthorizationToken", "*")
        image = _text(value_at_path(job, "AppSpecification.ImageUri")) or _text(
            value_at_path(job, "AlgorithmSpecification.TrainingImage")
        )
        if found := _IMAGE.match(image):
            repository = f"arn:aws:ecr:{found[2]}:{found[1]}:repository/{found[3]}"
            for action in ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"):
                yield _Request(f"ecr:{action}", repository)
        yield from self._files(job)
        if disk := _text(_machines(job).get("VolumeKmsKeyId")):
            yield _Request("kms:CreateGrant", disk, {"kms:GrantIsForAWSResource": "true"})
            yield _Request("kms:DescribeKey", disk)
            yield _Request("kms:GenerateDataKeyWithoutPlaintext", disk)
        for subnet in _vpc(job, "Subnets"):
            yield _Request("ec2:CreateNetworkInterface", self._arn("ec2", f"subnet/{subnet}"))
        for group in _vpc(job, "SecurityGroupIds"):
            yield _Request("ec2:CreateNetworkInterface", self._arn("ec2", f"security-group/{group}"))
        for verb in _INTERFACES if _vpc(job, "Subnets") else ():
            yield _Request(f"ec2:{verb}", self._arn("ec2", "network-interface/eni-0"))
        for what in _LOOKS if _vpc(job, "Subnets") else ():
            yield _Request(f"ec2:Describe{what}", "*")
        yield _Request("logs:CreateLogGroup", self._arn("logs", f"log-group:/aws/sagemaker/{kind}Jobs"))
        stream = self._arn("logs", f"log-group:/aws/sagemaker/{kind}Jobs:log-stream:x")
        yield _Request("logs:CreateLogStream", stream)
        yield _Request("logs:PutLogEvents", stream)
        yield _Request("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": f"/aws/sagemaker/{kind}Jobs"})

    def _files(self, job: Mapping[str, object]) -> Iterator[_Request]:
        through = {"kms:ViaService": f"s3.{self.region}.amazonaws.com"}
        for bucket, path in _addresses(job, ("ProcessingInputs", "InputDataConfig")):
            yield _Request("s3:ListBucket", f"arn:aws:s3:::{bucket}", {"s3:prefix": path})
            yield _Request("s3:GetObject", f"arn:aws:s3:::{bucket}/{path}x")
            if key := self.keys.get(bucket):
                yield _Request("kms:Decrypt", key, through)
        named = _text(value_at_path(job, "ProcessingOutputConfig.KmsKeyId")) or _text(
            value_at_path(job, "OutputDataConfig.KmsKeyId")
        )
        for bucket, path in _addresses(job, ("ProcessingOutputConfig", "OutputDataConfig", "CheckpointConfig")):
            yield _Request("s3:PutObject", f"arn:aws:s3:::{bucket}/{path}x")
            if key := named or self.keys.get(bucket):
                yield _Request("kms:Encrypt", key, through)
                yield _Request("kms:GenerateDataKey", key, through)

    def _network(self, job: Mapping[str, object]) -> Iterator[str]:
        """Subnets and groups that a made network lacks, and groups through which no request leaves."""
        if not _vpc(job, "Subnets"):
            yield "no VpcConfig: the job runs in SageMaker's own network, with a way to the internet"
            return
        for key, kind in (("Subnets", _SUBNET), ("SecurityGroupIds", _GROUP)):
            made = {each.id for each in self._of_type(kind)}
            yield from (f"{each} is not there" for each in _vpc(job, key) if made and each not in made)
        ways = {_text(each.inputs.get("securityGroupId")) for each in self._of_type(_RULE) if _https(each)}
        if any(self._of_type(_GROUP)):
            yield from (f"{each} lets no HTTPS out" for each in _vpc(job, "SecurityGroupIds") if each not in ways)

    def _of_type(self, kind: str) -> Iterator[Made]:
        return (each for each in self.resources if each.type == kind)


def _jobs(steps: Iterable[object]) -> Iterator[Mapping[str, object]]:
    """Every job, those behind conditions too."""
    for each in steps:
        step = as_object(each) or {}
        if step.get("Type") == "Condition":
            yield from _jobs(as_list(value_at_path(step, "Arguments.IfSteps")) or ())
        else:
            yield step


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _machines(job: Mapping[str, object]) -> Mapping[str, object]:
    found = value_at_path(job, "ProcessingResources.ClusterConfig") or value_at_path(job, "ResourceConfig")
    return as_object(found) or {}


def _disks(job: Mapping[str, object]) -> Iterator[str]:
    """https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html"""
    machines = _machines(job)
    kind = _text(machines.get("InstanceType"))
    if machines.get("VolumeKmsKeyId") and NVME.match(kind):
        yield f"{kind} has disks of its own, and a job with a key for them is refused"


def _https(rule: Made) -> bool:
    ports = rule.inputs.get("fromPort"), rule.inputs.get("toPort")
    return all(isinstance(port, (int, float)) for port in ports) and ports[0] <= 443 <= ports[1]  # type: ignore[operator]


def _vpc(job: Mapping[str, object], key: str) -> list[str]:
    vpc = as_object(value_at_path(job, "NetworkConfig.VpcConfig") or job.get("VpcConfig")) or {}
    return [_text(each) for each in as_list(vpc.get(key)) or ()]


def _addresses(job: Mapping[str, object], parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Bucket and folder of every address of S3 that is known before a run, of a joined one as far as it is."""
    pending = [job.get(part) for part in parts]
    for each in pending:  # it grows
        if isinstance(each, str) and (found := _BUCKET.match(each)):
            yield found[1], found[2]
        elif (entries := as_object(each)) is not None:
            pending.extend(entries.values())
        elif (items := as_list(each)) is not None:
            pending.extend(items)
