"""Targets: one AWS account and region each."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mlplatform.backends.aws.adopted import AwsAdopted
from mlplatform.backends.aws.file_system import AwsFileSystem
from mlplatform.deprecation import former_names
from mlplatform.spec.base import SpecModel
from mlplatform.spec.references import References, by_key, by_position
from mlplatform.spec.target import Target

_Arn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws(-[a-z]+)*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+$", max_length=2048)
]


class AwsAdoptedNetwork(SpecModel):
    """An existing VPC. Its owner manages its gateways, endpoints and flow logs."""

    vpc_id: str = Field(pattern=r"^vpc-[0-9a-f]{8,17}$")
    """The VPC; DNS support and DNS host names must be on."""

    subnets: dict[str, Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]] = Field(min_length=2)
    """Private subnet with egress, by zone; at least two, and one for each of the target's zones."""

    cidrs: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9.]+/[0-9]{1,2}$")], ...] = Field(min_length=1)
    """All IPv4 ranges of the VPC, for security group rules."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("subnets", self.subnets)
        yield by_position("cidrs", self.cidrs)


class AwsHub(SpecModel):
    """The organisation's transit gateway, which leads to people's networks. Needs `access.entry` to be `peering`."""

    transit_gateway_id: str = Field(pattern=r"^tgw-[0-9a-f]{8,17}$")
    """The transit gateway, of this account or shared with it, in the target's region."""

    cidrs: tuple[IPv4Network, ...] = Field(min_length=1)
    """Ranges behind it: the network routes them there, and lets them reach the cluster's API."""


class AwsTarget(Target):
    """One AWS account and region."""

    cloud: Literal["aws"] = "aws"  # pyright: ignore[reportIncompatibleVariableOverride] - frozen
    """Names the backend."""

    account_id: str = Field(pattern=r"^[0-9]{12}$")
    """The account. The provider refuses credentials of any other."""

    region: str = Field(pattern=r"^[a-z]{2,4}(-[a-z]+)+-[0-9]$")
    """The region, for example `us-east-1`."""

    network: AwsAdoptedNetwork | None = None
    """An existing VPC to use. Omitted: one is created from the spec's `network`."""

    existing: AwsAdopted | None = None
    """Existing keys, stores, cluster, image repositories and identities to use. Omitted: all are created."""

    shared_file_system: AwsFileSystem | None = None
    """An existing Lustre file system, which every namespace of jobs mounts by the claim `shared`. Omitted: none."""

    hub: AwsHub | None = None
    """The transit gateway that the created network is attached to. Omitted: none."""

    oidc_provider_arn: _Arn | None = None
    """IAM OIDC provider of the CI system, of which an account has only one. Omitted: it is created."""

    ci_connection_arn: _Arn | None = None
    """Connection of the account to the CI system (`arn:aws:codeconnections:…`), which a person makes and authorises in
    the console. Needed for `access.ci.runner` in the network; omitted otherwise."""

    grafana_login: Literal["AWS_SSO", "SAML"] = "AWS_SSO"
    """How people log in to managed Grafana; `AWS_SSO` needs IAM Identity Center in the organisation."""

    account_baseline: bool = False
    """Also set the account's own switches: no public S3, encrypted EBS and IMDSv2 by default.

    Only one platform per account and region may set them. Omitted: the account is not changed.
    """

    audit_trail: bool = False
    """Also record calls in the account, and access to the platform's objects and endpoints.

    An account may have five trails per region, and an organisation often has one already. Omitted: no trail is created.
    """

    @property
    def location(self) -> str:
        """The region."""
        return self.region

    @property
    def partition(self) -> Literal["aws", "aws-cn", "aws-us-gov"]:
        """First part of every ARN after `arn:`."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    @property
    def dns_suffix(self) -> str:
        """Domain of the services' addresses."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def arn(self, service: str, resource: str, *, regional: bool = True) -> str:
        """The ARN of a resource of this account, by its known name."""
        return f"arn:{self.partition}:{service}:{self.region if regional else ''}:{self.account_id}:{resource}"

    def managed_policy(self, name: str) -> str:
        """The ARN of an IAM policy that AWS manages."""
        return f"arn:{self.partition}:iam::aws:policy/{name}"


__getattr__ = former_names(__name__, {"AdoptedNetwork": AwsAdoptedNetwork})
