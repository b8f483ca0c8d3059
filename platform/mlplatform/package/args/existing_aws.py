"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class AwsExistingNetworkArgs(TypedDict):
    """A VPC. NAT, private endpoints and flow logs are its owner's."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC; DNS support and DNS host names must be on."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet with egress, by zone: at least two. The zones are plain, because they name resources."""

    cidrs: Sequence[str]
    """All IPv4 ranges of the VPC, plain, because each becomes a rule."""


class AwsExistingKeysArgs(TypedDict):
    """KMS keys. Their policies must let the account's IAM decide, and let the services in that encrypt with them.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
    """

    default: NotRequired[pulumi.Input[str]]
    """ARN of the key of every purpose that `arns` leaves out. Omitted: `arns` must name all purposes."""

    arns: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """ARN by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class AwsExistingBucketArgs(TypedDict):
    """A bucket that holds one place of the store."""

    name: pulumi.Input[str]
    """Its name. A plain one also tells the resources built on it when it changes."""

    key_arn: NotRequired[pulumi.Input[str]]
    """Key of its objects. Omitted: S3's own, which needs no rights."""


class AwsExistingStoreArgs(TypedDict):
    """Buckets; their versioning, lifecycle, policies and access logs are their owner's."""

    buckets: Mapping[str, AwsExistingBucketArgs]
    """Bucket by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class AwsExistingClusterArgs(TypedDict):
    """An EKS cluster whose authentication mode includes the API, so that node groups let their role join.

    Pods act as identities where it runs the pod identity agent; GPU pools start from zero where it runs the
    cluster autoscaler.
    """

    cluster_name: pulumi.Input[str]
    """Name of the cluster."""

    node_role_arn: pulumi.Input[str]
    """Role of its nodes: worker, network add-on and image rights are its owner's."""

    subnets: Mapping[str, pulumi.Input[str]]
    """Private subnet for nodes by zone. The zones are plain, because they name resources."""

    version: NotRequired[pulumi.Input[str]]
    """Kubernetes version of new nodes. Omitted: the cluster's, looked up."""

    security_group_id: NotRequired[pulumi.Input[str]]
    """Security group of nodes. Omitted: the one EKS made for the cluster, looked up."""

    vpc_id: NotRequired[pulumi.Input[str]]
    """The VPC, for pools with fabric. Omitted: the cluster's, looked up."""


class AwsExistingArgs(TypedDict):
    """What somebody else made on AWS."""

    network: NotRequired[AwsExistingNetworkArgs]
    """A VPC. NAT, private endpoints and flow logs are its owner's. Omitted: made."""

    keys: NotRequired[AwsExistingKeysArgs]
    """KMS keys. Their policies must let the account's IAM decide, and let the services in that encrypt with them.
    Omitted: made.
    """

    store: NotRequired[AwsExistingStoreArgs]
    """Buckets; their versioning, lifecycle, policies and access logs are their owner's. Omitted: made."""

    cluster: NotRequired[AwsExistingClusterArgs]
    """An EKS cluster whose authentication mode includes the API, so that node groups let their role join. Omitted:
    made.
    """


class AwsMadeNetwork(TypedDict):
    """A VPC."""

    vpc_id: str
    """Id of the VPC; DNS support and DNS host names must be on."""

    subnets: Mapping[str, str]
    """Private subnet with egress, by zone: at least two."""

    cidrs: Sequence[str]
    """All IPv4 ranges of the VPC, plain, because each becomes a rule."""


class AwsMadeKeys(TypedDict):
    """KMS keys."""

    default: NotRequired[str]
    """ARN of the key of every purpose that `arns` leaves out."""

    arns: NotRequired[Mapping[str, str]]
    """ARN by purpose.

    One of store, cluster, volumes, registry, serving, monitoring.
    """


class AwsMadeBucket(TypedDict):
    """A bucket that holds one place of the store."""

    name: str
    """Its name."""

    key_arn: NotRequired[str]
    """Key of its objects."""


class AwsMadeStore(TypedDict):
    """Buckets; their versioning, lifecycle, policies and access logs are their owner's."""

    buckets: Mapping[str, AwsMadeBucket]
    """Bucket by place; other places are made.

    One of data, features, models, pipelines, monitoring.
    """


class AwsMadeCluster(TypedDict):
    """An EKS cluster whose authentication mode includes the API, so that node groups let their role join."""

    cluster_name: str
    """Name of the cluster."""

    node_role_arn: str
    """Role of its nodes: worker, network add-on and image rights are its owner's."""

    subnets: Mapping[str, str]
    """Private subnet for nodes by zone."""

    version: NotRequired[str]
    """Kubernetes version of new nodes."""

    security_group_id: NotRequired[str]
    """Security group of nodes."""

    vpc_id: NotRequired[str]
    """The VPC, for pools with fabric."""


class AwsMade(TypedDict):
    """What somebody else made on AWS."""

    network: NotRequired[AwsMadeNetwork]
    """A VPC."""

    keys: NotRequired[AwsMadeKeys]
    """KMS keys."""

    store: NotRequired[AwsMadeStore]
    """Buckets; their versioning, lifecycle, policies and access logs are their owner's."""

    cluster: NotRequired[AwsMadeCluster]
    """An EKS cluster whose authentication mode includes the API, so that node groups let their role join."""
