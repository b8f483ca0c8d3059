"""An existing shared file system that a target names. Imports no SDK."""

from pydantic import Field

from mlplatform.spec.base import SpecModel
from mlplatform.spec.private_address import PrivateAddress


class GcpFileSystem(SpecModel):
    """An instance of Managed Lustre in the network of the cluster, made without `gke-support-enabled`.

    Its owner manages its size, key, backups and network: nodes must reach its ports 988 and 1018 to 1023.
    """

    instance: str = Field(
        pattern=r"^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/locations/[a-z]+-[a-z]+[0-9]{1,2}-[a-z]/instances/[a-z][a-z0-9-]{0,62}$"
    )
    """Its resource name, `projects/PROJECT/locations/ZONE/instances/NAME`, in a zone of the target's region."""

    address: PrivateAddress
    """The address in its mount point."""

    filesystem: str = Field(pattern=r"^[a-z][a-z0-9]{0,7}$")
    """The name in its mount point, `ADDRESS@tcp:/NAME`."""
