"""Targets: one GCP project and region each."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints

from mlplatform.deprecation import former_names
from mlplatform.spec.later import later
from mlplatform.spec.target import Target

if TYPE_CHECKING:
    from mlplatform.backends.gcp.adopted import GcpAdopted as _Adopted
    from mlplatform.backends.gcp.adopted_file_system import GcpFileSystem as _FileSystem
    from mlplatform.backends.gcp.adopted_network import GcpAdoptedNetwork as _AdoptedNetwork
    from mlplatform.backends.gcp.adopted_network import GcpHub as _Hub
else:
    _Adopted = later("mlplatform.backends.gcp.adopted:GcpAdopted")
    _AdoptedNetwork = later("mlplatform.backends.gcp.adopted_network:GcpAdoptedNetwork")
    _FileSystem = later("mlplatform.backends.gcp.adopted_file_system:GcpFileSystem")
    _Hub = later("mlplatform.backends.gcp.adopted_network:GcpHub")

_NAME = r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"
_IMAGES = (
    r"^[a-z0-9][a-z0-9.-]*\.[a-z]+(/[a-z0-9._-]+)*/(\*{1,2}|[a-z0-9._-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})?)$"
)
_PROJECT = r"^[a-z][-a-z0-9]{4,28}[a-z0-9]$"


class GcpTarget(Target):
    """One GCP project and region."""

    cloud: Literal["gcp"] = "gcp"  # pyright: ignore[reportIncompatibleVariableOverride] - frozen
    """Names the backend."""

    project: str = Field(pattern=_PROJECT)
    """Project id. Only one platform and environment per project: workload identities belong to the project."""

    project_number: str = Field(pattern=r"^[1-9][0-9]{5,18}$")
    """Project number, which names the project's service agents and workload identities."""

    region: str = Field(pattern=r"^[a-z]+-[a-z]+[0-9]{1,2}$")
    """The region, for example `us-central1`."""

    billing_account: str | None = Field(default=None, pattern=r"^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$")
    """Billing account of the budget; its currency must be USD. Omitted: a budget is refused."""

    network: _AdoptedNetwork | None = None
    """An existing network to use. Omitted: one is created from the spec's `network`."""

    existing: _Adopted | None = None
    """Existing keys, stores, cluster, image repositories and identities to use. Omitted: all are created."""

    shared_file_system: _FileSystem | None = None
    """An existing Lustre file system, which every namespace of jobs mounts by the claim `shared`. Omitted: none."""

    hub: _Hub | None = None
    """The network that the created one is peered with. Omitted: none."""

    incarnation: str = Field(default="", pattern=r"^[a-z0-9]{0,6}$")
    """Part of names that stay taken after a destroy (key rings, log buckets, CI pools). Change it to build again."""

    security_group: str | None = Field(default=None, pattern=r"^gke-security-groups@[a-z0-9.-]+\.[a-z]+$")
    """Google group with the member groups that Kubernetes RBAC may name. Omitted: RBAC names only users."""

    admitted_images: tuple[Annotated[str, StringConstraints(pattern=_IMAGES)], ...] | None = None
    """Images that run in the project besides the platform's own and Google's, for example `registry.k8s.io/**`.

    The cluster and Cloud Run enforce the project's one Binary Authorization policy. Given, also empty, the platform
    declares that policy, which refuses every other image of the whole project. Omitted: the policy stays as it is; that
    of a new project admits every image. Patterns end in `/*` (one level) or `/**` (all levels):
    https://docs.cloud.google.com/binary-authorization/docs/policy-yaml-reference#admissionwhitelistpatterns
    """

    audit_logs: bool = False
    """Log every read and write of data in the project; costs per GiB. Only one platform per project may set it."""

    @property
    def location(self) -> str:
        """The region."""
        return self.region

    @property
    def workload_pool(self) -> str:
        """The project's pool of Kubernetes identities; it exists once the project has a cluster."""
        return f"{self.project}.svc.id.goog"

    def subnet_path(self, name: str, project: str | None = None) -> str:
        """Resource path of a subnet of the target's region by its known name."""
        return f"projects/{project or self.project}/regions/{self.region}/subnetworks/{name}"


_NETWORKS = "mlplatform.backends.gcp.adopted_network"
__getattr__ = former_names(
    __name__,
    {
        "AdoptedNetwork": f"{_NETWORKS}:GcpAdoptedNetwork",
        "GcpAdoptedNetwork": f"{_NETWORKS}:GcpAdoptedNetwork",
        "GcpHub": f"{_NETWORKS}:GcpHub",
    },
)
