"""An existing shared file system that a target names. Imports no SDK."""

from mlplatform.spec.base import SpecModel
from mlplatform.spec.private_address import PrivateAddress


class AzureFileSystem(SpecModel):
    """A file system of Azure Managed Lustre in the network of the cluster, or in one that is peered with it.

    Its owner manages its size, key, backups and network: nodes must reach its ports 988 and 1018 to 1023.
    """

    address: PrivateAddress
    """The address of its management service, `clientInfo.mgsAddress`."""
