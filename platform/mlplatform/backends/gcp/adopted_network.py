"""An existing VPC, and the organisation's hub network, that a target names. Imports no SDK."""

from collections.abc import Iterator

from pydantic import Field

from mlplatform.spec.base import SpecModel
from mlplatform.spec.references import References

_NAME = r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"
_PROJECT = r"^[a-z][-a-z0-9]{4,28}[a-z0-9]$"


class GcpAdoptedNetwork(SpecModel):
    """An existing VPC. Its owner manages its egress, private DNS, firewall and flow logs."""

    network: str = Field(pattern=_NAME)
    """Name of the VPC."""

    subnet: str = Field(pattern=_NAME)
    """Name of a subnet in the target's region for nodes and endpoints, with Private Google Access."""

    pods_range: str = Field(pattern=_NAME)
    """Name of the subnet's secondary range for pods."""

    services_range: str = Field(pattern=_NAME)
    """Name of the subnet's secondary range for services."""

    apps_subnet: str | None = Field(default=None, pattern=_NAME)
    """Name of a subnet for Cloud Run's direct egress, /26 or larger. Omitted: `subnet`."""

    project: str | None = Field(default=None, pattern=_PROJECT)
    """Host project of a shared VPC; its owner must let the GKE and Cloud Run agents use it. Omitted: the target's."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {"pods_range": self.pods_range, "services_range": self.services_range}


class GcpHub(SpecModel):
    """The organisation's hub network. Needs `access.entry` to be `peering`."""

    network: str = Field(
        pattern=r"^projects/[a-z][-a-z0-9]{4,28}[a-z0-9]/global/networks/[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"
    )
    """`projects/PROJECT/global/networks/NAME`; its owner makes the other half of the peering."""
