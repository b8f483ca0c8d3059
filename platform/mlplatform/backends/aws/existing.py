"""Existing resources on AWS, by ids or by outputs of other resources. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pulumi

from mlplatform.components.existing import ExistingCluster, ExistingKeys, ExistingNetwork, ExistingStore
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.keys import KeyPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingNetwork(ExistingNetwork):
    """A VPC. NAT, private endpoints and flow logs are its owner's."""

    cloud: ClassVar[str] = "aws"

    vpc_id: pulumi.Input[str]
    """Id of the VPC; DNS support and DNS host names must be on."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet with egress, by zone: at least two. The zones are plain, because they name resources."""

    cidrs: Sequence[str]
    """All IPv4 ranges of the VPC, plain, because each becomes a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingKeys(ExistingKeys):
    """KMS keys. Their policies must let the account's IAM decide, and let the services in that encrypt with them.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
    """

    cloud: ClassVar[str] = "aws"

    default: pulumi.Input[str] | None = None
    """ARN of the key of every purpose that `arns` leaves out. Omitted: `arns` must name all purposes."""

    arns: Mapping[KeyPurpose, pulumi.Input[str]] = field(default_factory=dict["KeyPurpose", "pulumi.Input[str]"])
    """ARN by purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingBucket:
    """A bucket that holds one place of the store."""

    name: pulumi.Input[str]
    """Its name. A plain one also tells the resources built on it when it changes."""

    key_arn: pulumi.Input[str] | None = None
    """Key of its objects. Omitted: S3's own, which needs no rights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingStore(ExistingStore):
    """Buckets; their versioning, lifecycle, policies and access logs are their owner's."""

    cloud: ClassVar[str] = "aws"

    buckets: Mapping[Place, AwsExistingBucket]
    """Bucket by place; other places are made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingCluster(ExistingCluster):
    """An EKS cluster whose authentication mode includes the API, so that node groups let their role join.

    Pods act as identities where it runs the pod identity agent; GPU pools start from zero where it runs the cluster
    autoscaler.
    """

    cloud: ClassVar[str] = "aws"

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    node_role_arn: pulumi.Input[str]
    """Role of its nodes: worker, network add-on and image rights are its owner's."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet for nodes by zone. The zones are plain, because they name resources."""

    version: pulumi.Input[str] | None = None
    """Kubernetes version of new nodes. Omitted: the cluster's, looked up."""

    security_group_id: pulumi.Input[str] | None = None
    """Security group of nodes. Omitted: the one EKS made for the cluster, looked up."""

    vpc_id: pulumi.Input[str] | None = None
    """The VPC, for pools with fabric. Omitted: the cluster's, looked up."""
