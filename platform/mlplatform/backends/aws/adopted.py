"""Existing keys, buckets, clusters, repositories and identities that a target on AWS names. Imports no SDK."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from mlplatform.spec.adopted import Adopted, AdoptedPart
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.base import Name, SpecModel
from mlplatform.spec.keys import KeyPurpose
from mlplatform.spec.references import References, by_key

_Key = Annotated[str, StringConstraints(pattern=r"^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+$")]
_Role = Annotated[str, StringConstraints(pattern=r"^arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/.+$", max_length=2048)]
_Repository = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws(-[a-z]+)*:ecr:[a-z0-9-]+:[0-9]{12}:repository/[a-z0-9]+([._/-]+[a-z0-9]+)*$", max_length=320
    ),
]
_Subnet = Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]


class AwsAdoptedKeys(AdoptedPart):
    """KMS keys in the target's region.

    Their policies must give access to the account's IAM and to the services that encrypt with them.
    """

    default: _Key | None = None
    """ARN of the key for every purpose that is not in `arns`. Omitted: `arns` must name all purposes."""

    arns: dict[KeyPurpose, _Key] = Field(default_factory=dict[KeyPurpose, _Key])
    """ARN by purpose."""


class AwsAdoptedBucket(SpecModel):
    """A bucket that holds one place of the store."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    """Its name."""

    key_arn: _Key | None = None
    """ARN of the key of its objects. Omitted: the key of S3, which needs no rights."""


class AwsAdoptedStore(AdoptedPart):
    """Buckets. Their owner manages versioning, lifecycle, policies and access logs."""

    buckets: dict[Place, AwsAdoptedBucket] = Field(min_length=1)
    """Bucket by place; other places are created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {f"buckets.{place}": bucket.name for place, bucket in self.buckets.items()}


class AwsAdoptedCluster(AdoptedPart):
    """An EKS cluster. Its authentication mode must include the API, so that the role of node groups can join."""

    cluster_name: str = Field(pattern=r"^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$")
    """Name of the cluster."""

    node_role_arn: str = Field(pattern=r"^arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/.+$")
    """Role of its nodes. Its owner gives it the rights of workers, of the network add-on and to images."""

    subnets: dict[str, _Subnet] = Field(min_length=1)
    """Private subnet for nodes, by zone."""

    version: str | None = Field(default=None, pattern=r"^1\.[0-9]{2}$")
    """Kubernetes version of new nodes. Omitted: the version of the cluster, looked up."""

    security_group_id: str | None = Field(default=None, pattern=r"^sg-[0-9a-f]{8,17}$")
    """Security group of nodes. Omitted: the group that EKS created for the cluster, looked up."""

    vpc_id: str | None = Field(default=None, pattern=r"^vpc-[0-9a-f]{8,17}$")
    """The VPC, for pools with fabric. Omitted: the VPC of the cluster, looked up."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("subnets", self.subnets)


class AwsAdoptedRegistry(AdoptedPart):
    """ECR repositories in the target's region, of this account or another one.

    Every grant on images holds for them too. The owner of another account's repository allows this account in the
    repository's policy. Their owner manages retention, scanning, keys and tags.
    """

    repositories: dict[Name, _Repository] = Field(min_length=1, max_length=20)
    """ARN by the repository's name in the platform; names of `registry.repositories` that are here are not created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("repositories", self.repositories)


class AwsAdoptedIdentities(AdoptedPart):
    """Roles of the target's account, without a permission boundary that takes the grants away.

    They get every grant of their workload. Their owner decides who may act as them; the plan lists what is needed.
    """

    training: _Role | None = None
    """ARN of the role of jobs in the cluster. Omitted: one is created."""

    pipelines: _Role | None = None
    """ARN of the role of pipelines and machine learning jobs. Omitted: one is created."""

    ci: _Role | None = None
    """ARN of the role of CI jobs that push images (`access.ci`). Omitted: one is created."""

    endpoints: dict[Name, _Role] = Field(default_factory=dict[Name, _Role])
    """ARN of the role by endpoint; others are created."""


class AwsAdopted(Adopted):
    """Existing parts on AWS; those that are omitted are created."""

    keys: AwsAdoptedKeys | None = None
    """Encryption keys. Omitted: one key per purpose is created."""

    store: AwsAdoptedStore | None = None
    """Places of the artifact store. Omitted: all are created."""

    cluster: AwsAdoptedCluster | None = None
    """Training cluster. Omitted: one is created if the spec has `training`."""

    registry: AwsAdoptedRegistry | None = None
    """Repositories of images. Omitted: those of `registry.repositories` are created."""

    identities: AwsAdoptedIdentities | None = None
    """Identities of workloads. Omitted: all are created."""
