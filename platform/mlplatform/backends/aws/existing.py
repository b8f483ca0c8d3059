"""Existing resources on AWS, by ids or by outputs of other resources. Imports no SDK when it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pulumi

from mlplatform.components.existing import (
    ExistingCluster,
    ExistingIdentities,
    ExistingIdentity,
    ExistingKeys,
    ExistingNetwork,
    ExistingRegistry,
    ExistingStore,
    Workload,
)
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.keys import KeyPurpose
from mlplatform.spec.references import References, by_key, by_position


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingNetwork(ExistingNetwork):
    """A VPC. Its owner manages NAT, private endpoints and flow logs."""

    cloud: ClassVar[str] = "aws"

    vpc_id: pulumi.Input[str]
    """Id of the VPC; DNS support and DNS host names must be on."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet with egress, by zone: at least two. The zones are plain values, because they name resources."""

    cidrs: Sequence[str]
    """All IPv4 ranges of the VPC, as plain values, because each becomes a rule."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("subnets", self.subnets)
        yield by_position("cidrs", self.cidrs)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingKeys(ExistingKeys):
    """KMS keys. Their policies must give access to the account's IAM and to the services that encrypt with them.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
    """

    cloud: ClassVar[str] = "aws"

    default: pulumi.Input[str] | None = None
    """ARN of the key for every purpose that is not in `arns`. Omitted: `arns` must name all purposes."""

    arns: Mapping[KeyPurpose, pulumi.Input[str]] = field(default_factory=dict["KeyPurpose", "pulumi.Input[str]"])
    """ARN by purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingBucket:
    """A bucket that holds one place of the store."""

    name: pulumi.Input[str]
    """Its name. If it is a plain value, resources that depend on it also notice when it changes."""

    key_arn: pulumi.Input[str] | None = None
    """ARN of the key of its objects. Omitted: the key of S3, which needs no rights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingStore(ExistingStore):
    """Buckets. Their owner manages versioning, lifecycle, policies and access logs."""

    cloud: ClassVar[str] = "aws"

    buckets: Mapping[Place, AwsExistingBucket]
    """Bucket by place; other places are created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {f"buckets.{place}": bucket.name for place, bucket in self.buckets.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingCluster(ExistingCluster):
    """An EKS cluster. Its authentication mode must include the API, so that the role of node groups can join.

    Pods can use identities if the pod identity agent runs in it. GPU pools start from zero if the cluster autoscaler
    runs in it.
    """

    cloud: ClassVar[str] = "aws"

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    node_role_arn: pulumi.Input[str]
    """Role of its nodes. Its owner gives it the rights of workers, of the network add-on and to images."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet for nodes, by zone. The zones are plain values, because they name resources."""

    version: pulumi.Input[str] | None = None
    """Kubernetes version of new nodes. Omitted: the version of the cluster, looked up."""

    security_group_id: pulumi.Input[str] | None = None
    """Security group of nodes. Omitted: the group that EKS created for the cluster, looked up."""

    vpc_id: pulumi.Input[str] | None = None
    """The VPC, for pools with fabric. Omitted: the VPC of the cluster, looked up."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("subnets", self.subnets)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingRegistry(ExistingRegistry):
    """ECR repositories in the target's region, of this account or another one.

    Every grant on images holds for them too. The owner of another account's repository allows this account in the
    repository's policy. Their owner manages retention, scanning, keys and tags.
    """

    cloud: ClassVar[str] = "aws"

    repositories: Mapping[str, pulumi.Input[str]]
    """ARN by the repository's name in the platform; names of `registry.repositories` that are here are not created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("repositories", self.repositories)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsExistingIdentities(ExistingIdentities):
    """Roles of the target's account, without a permission boundary that takes the grants away.

    They get every grant of their workload. Their owner decides who may act as them; the plan lists what is needed.
    """

    cloud: ClassVar[str] = "aws"

    training: pulumi.Input[str] | None = None
    """ARN of the role of jobs in the cluster. Omitted: one is created."""

    pipelines: pulumi.Input[str] | None = None
    """ARN of the role of pipelines and machine learning jobs. Omitted: one is created."""

    ci: pulumi.Input[str] | None = None
    """ARN of the role of CI jobs that push images (`access.ci`). Omitted: one is created."""

    endpoints: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, "pulumi.Input[str]"])
    """ARN of the role by endpoint; others are created."""

    def of(self, workload: Workload, endpoint: str = "") -> ExistingIdentity | None:
        """The identity of a workload, for `serving` of an endpoint; None where it is not named."""
        by_workload = {"training": self.training, "pipelines": self.pipelines, "ci": self.ci}
        named = self.endpoints.get(endpoint) if workload == "serving" else by_workload[workload]
        if named is None:
            return None
        return ExistingIdentity(acts=True, principal=named)
