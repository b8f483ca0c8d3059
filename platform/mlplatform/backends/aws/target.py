"""Targets: one AWS account and region each."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints

from mlplatform.deprecation import former_names
from mlplatform.spec.later import later
from mlplatform.spec.target import Target

if TYPE_CHECKING:
    from mlplatform.backends.aws.adopted import AwsAdopted as _Adopted
    from mlplatform.backends.aws.adopted_file_system import AwsFileSystem as _FileSystem
    from mlplatform.backends.aws.adopted_network import AwsAdoptedNetwork as _AdoptedNetwork
    from mlplatform.backends.aws.adopted_network import AwsHub as _Hub
else:
    _Adopted = later("mlplatform.backends.aws.adopted:AwsAdopted")
    _AdoptedNetwork = later("mlplatform.backends.aws.adopted_network:AwsAdoptedNetwork")
    _FileSystem = later("mlplatform.backends.aws.adopted_file_system:AwsFileSystem")
    _Hub = later("mlplatform.backends.aws.adopted_network:AwsHub")

_Arn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws(-[a-z]+)*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[ -~]+$", max_length=2048)
]


class AwsTarget(Target):
    """One AWS account and region."""

    cloud: Literal["aws"] = "aws"  # pyright: ignore[reportIncompatibleVariableOverride] - frozen
    """Names the backend."""

    account_id: str = Field(pattern=r"^[0-9]{12}$")
    """The account. The provider refuses credentials of any other."""

    region: str = Field(pattern=r"^[a-z]{2,4}(-[a-z]+)+-[0-9]$")
    """The region, for example `us-east-1`."""

    network: _AdoptedNetwork | None = None
    """An existing VPC to use. Omitted: one is created from the spec's `network`."""

    existing: _Adopted | None = None
    """Existing keys, stores, cluster, image repositories and identities to use. Omitted: all are created."""

    shared_file_system: _FileSystem | None = None
    """An existing Lustre file system, which every namespace of jobs mounts by the claim `shared`. Omitted: none."""

    hub: _Hub | None = None
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


_NETWORKS = "mlplatform.backends.aws.adopted_network"
__getattr__ = former_names(
    __name__,
    {
        "AdoptedNetwork": f"{_NETWORKS}:AwsAdoptedNetwork",
        "AwsAdoptedNetwork": f"{_NETWORKS}:AwsAdoptedNetwork",
        "AwsHub": f"{_NETWORKS}:AwsHub",
    },
)
