"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class AwsExistingNetworkArgs(TypedDict):
    """A VPC. Its owner manages NAT, private endpoints and flow logs."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC; DNS support and DNS host names must be on."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet with egress, by zone: at least two. The zones are plain values, because they name resources."""

    cidrs: Sequence[str]
    """All IPv4 ranges of the VPC, as plain values, because each becomes a rule."""


class AwsExistingKeysArgs(TypedDict):
    """KMS keys. Their policies must give access to the account's IAM and to the services that encrypt with them.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
    """

    default: NotRequired[pulumi.Input[str]]
    """ARN of the key for every purpose that is not in `arns`. Omitted: `arns` must name all purposes."""

    arns: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """ARN by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class AwsExistingBucketArgs(TypedDict):
    """A bucket that holds one place of the store."""

    name: pulumi.Input[str]
    """Its name. If it is a plain value, resources that depend on it also notice when it changes."""

    key_arn: NotRequired[pulumi.Input[str]]
    """ARN of the key of its objects. Omitted: the key of S3, which needs no rights."""


class AwsExistingStoreArgs(TypedDict):
    """Buckets. Their owner manages versioning, lifecycle, policies and access logs."""

    buckets: Mapping[str, AwsExistingBucketArgs]
    """Bucket by place; other places are created.

    One of data, features, models, pipelines, monitoring.
    """


class AwsExistingClusterArgs(TypedDict):
    """An EKS cluster. Its authentication mode must include the API, so that the role of node groups can join.

    Pods can use identities if the pod identity agent runs in it. GPU pools start from zero if the cluster
    autoscaler runs in it.
    """

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    node_role_arn: pulumi.Input[str]
    """Role of its nodes. Its owner gives it the rights of workers, of the network add-on and to images."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet for nodes, by zone. The zones are plain values, because they name resources."""

    version: NotRequired[pulumi.Input[str]]
    """Kubernetes version of new nodes. Omitted: the version of the cluster, looked up."""

    security_group_id: NotRequired[pulumi.Input[str]]
    """Security group of nodes. Omitted: the group that EKS created for the cluster, looked up."""

    vpc_id: NotRequired[pulumi.Input[str]]
    """The VPC, for pools with fabric. Omitted: the VPC of the cluster, looked up."""


class AwsExistingRegistryArgs(TypedDict):
    """ECR repositories in the target's region, of this account or another one.

    Every grant on images holds for them too. The owner of another account's repository allows this account in the
    repository's policy. Their owner manages retention, scanning, keys and tags.
    """

    repositories: Mapping[str, pulumi.Input[str]]
    """ARN by the repository's name in the platform; names of `registry.repositories` that are here are not created."""


class AwsExistingIdentitiesArgs(TypedDict):
    """Roles of the target's account, without a permission boundary that takes the grants away.

    They get every grant of their workload. Their owner decides who may act as them; the plan lists what is
    needed.
    """

    training: NotRequired[pulumi.Input[str]]
    """ARN of the role of jobs in the cluster. Omitted: one is created."""

    pipelines: NotRequired[pulumi.Input[str]]
    """ARN of the role of pipelines and machine learning jobs. Omitted: one is created."""

    ci: NotRequired[pulumi.Input[str]]
    """ARN of the role of CI jobs that push images (`access.ci`). Omitted: one is created."""

    endpoints: NotRequired[Mapping[str, pulumi.Input[str]]]
    """ARN of the role by endpoint; others are created."""


class AwsExistingArgs(TypedDict):
    """Existing resources on AWS."""

    network: NotRequired[AwsExistingNetworkArgs]
    """A VPC. Its owner manages NAT, private endpoints and flow logs. Omitted: created."""

    keys: NotRequired[AwsExistingKeysArgs]
    """KMS keys. Their policies must give access to the account's IAM and to the services that encrypt with them.
    Omitted: created.
    """

    store: NotRequired[AwsExistingStoreArgs]
    """Buckets. Their owner manages versioning, lifecycle, policies and access logs. Omitted: created."""

    cluster: NotRequired[AwsExistingClusterArgs]
    """An EKS cluster. Its authentication mode must include the API, so that the role of node groups can join.
    Omitted: created.
    """

    registry: NotRequired[AwsExistingRegistryArgs]
    """ECR repositories in the target's region, of this account or another one. Omitted: created."""

    identities: NotRequired[AwsExistingIdentitiesArgs]
    """Roles of the target's account, without a permission boundary that takes the grants away. Omitted: created."""


class AwsMadeNetwork(TypedDict):
    """A VPC."""

    vpc_id: str
    """Id of the VPC; DNS support and DNS host names must be on."""

    subnets: Mapping[str, str]
    """Private subnet with egress, by zone: at least two."""

    cidrs: Sequence[str]
    """All IPv4 ranges of the VPC, as plain values, because each becomes a rule."""


class AwsMadeKeys(TypedDict):
    """KMS keys."""

    default: NotRequired[str]
    """ARN of the key for every purpose that is not in `arns`."""

    arns: NotRequired[Mapping[str, str]]
    """ARN by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class AwsMadeBucket(TypedDict):
    """A bucket that holds one place of the store."""

    name: str
    """Its name."""

    key_arn: NotRequired[str]
    """ARN of the key of its objects."""


class AwsMadeStore(TypedDict):
    """Buckets."""

    buckets: Mapping[str, AwsMadeBucket]
    """Bucket by place; other places are created.

    One of data, features, models, pipelines, monitoring.
    """


class AwsMadeCluster(TypedDict):
    """An EKS cluster."""

    cluster_name: str
    """Name of the cluster."""

    node_role_arn: str
    """Role of its nodes."""

    subnets: Mapping[str, str]
    """Private subnet for nodes, by zone."""

    version: NotRequired[str]
    """Kubernetes version of new nodes."""

    security_group_id: NotRequired[str]
    """Security group of nodes."""

    vpc_id: NotRequired[str]
    """The VPC, for pools with fabric."""


class AwsMadeRegistry(TypedDict):
    """ECR repositories in the target's region, of this account or another one."""

    repositories: Mapping[str, str]
    """ARN by the repository's name in the platform; names of `registry.repositories` that are here are not created."""


class AwsMadeIdentities(TypedDict):
    """Roles of the target's account, without a permission boundary that takes the grants away."""

    training: NotRequired[str]
    """ARN of the role of jobs in the cluster."""

    pipelines: NotRequired[str]
    """ARN of the role of pipelines and machine learning jobs."""

    ci: NotRequired[str]
    """ARN of the role of CI jobs that push images (`access.ci`)."""

    endpoints: NotRequired[Mapping[str, str]]
    """ARN of the role by endpoint; others are created."""


class AwsMade(TypedDict):
    """Existing resources on AWS."""

    network: NotRequired[AwsMadeNetwork]
    """A VPC."""

    keys: NotRequired[AwsMadeKeys]
    """KMS keys."""

    store: NotRequired[AwsMadeStore]
    """Buckets."""

    cluster: NotRequired[AwsMadeCluster]
    """An EKS cluster."""

    registry: NotRequired[AwsMadeRegistry]
    """ECR repositories in the target's region, of this account or another one."""

    identities: NotRequired[AwsMadeIdentities]
    """Roles of the target's account, without a permission boundary that takes the grants away."""
