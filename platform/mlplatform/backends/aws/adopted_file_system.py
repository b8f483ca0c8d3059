"""An existing shared file system that a target names. Imports no SDK."""

from pydantic import Field

from mlplatform.spec.base import SpecModel


class AwsFileSystem(SpecModel):
    """A file system of FSx for Lustre in the VPC of the cluster, or in one that is connected with it.

    Its owner manages its size, key, backups and network: nodes must reach its ports 988 and 1018 to 1023.
    """

    id: str = Field(pattern=r"^fs-[0-9a-f]{8,40}$")
    """Its id."""

    mount_name: str = Field(pattern=r"^[a-z0-9_]{1,8}$")
    """Its mount name; `aws fsx describe-file-systems` prints both."""
