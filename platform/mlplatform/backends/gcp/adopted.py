"""Existing keys, buckets, clusters, repositories and identities that a target on GCP names. Imports no SDK."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from mlplatform.spec.adopted import Adopted, AdoptedPart
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.base import Name, SpecModel
from mlplatform.spec.keys import KeyPurpose
from mlplatform.spec.references import References, by_key, by_position

_Key = Annotated[
    str, StringConstraints(pattern=r"^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[A-Za-z0-9_-]{1,63}$")
]
_Bucket = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$")]
_Account = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+@[a-z0-9-]+\.iam\.gserviceaccount\.com$")]
_Repository = Annotated[
    str,
    StringConstraints(
        pattern=r"^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/locations/[a-z0-9-]+/repositories/[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"
    ),
]
_NAME = r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"


class GcpAdoptedKeys(AdoptedPart):
    """Cloud KMS keys in the target's region. Their owner gives access to the service agents that encrypt with them."""

    default: _Key | None = None
    """Full resource name of the key for every purpose that is not in `ids`. Omitted: `ids` must name all purposes."""

    ids: dict[KeyPurpose, _Key] = Field(default_factory=dict[KeyPurpose, _Key])
    """Full resource name by purpose."""


class GcpAdoptedStore(AdoptedPart):
    """Buckets with uniform access. Their owner manages retention, lifecycle, keys and access logs."""

    buckets: dict[Place, _Bucket] = Field(min_length=1)
    """Name of the bucket by place; other places are created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield {f"buckets.{place}": name for place, name in self.buckets.items()}


class GcpFabricNetwork(SpecModel):
    """The network of one extra interface of machines with GPUDirect-TCPX or TCPXO."""

    network: str = Field(pattern=_NAME)
    """Name of the network."""

    subnet: str = Field(pattern=_NAME)
    """Name of its subnet in the target's region."""


class GcpAdoptedCluster(AdoptedPart):
    """A VPC-native GKE cluster in the target's project with workload identity."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"zones", "fabric_networks"})

    cluster_name: str = Field(pattern=r"^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$")
    """Name of the cluster."""

    node_service_account: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.gserviceaccount\.com$")
    """E-mail address of the nodes' service account. Its owner gives it rights to logs, metrics and images."""

    zones: tuple[str, ...] = Field(min_length=1)
    """Zones for nodes, over which a pool is spread."""

    location: str | None = Field(default=None, pattern=r"^[a-z]+-[a-z]+[0-9]{1,2}(-[a-z])?$")
    """The cluster's region, or the zone of a zonal cluster. Omitted: the target's region."""

    fabric_networks: tuple[GcpFabricNetwork, ...] = ()
    """Network of each extra interface, in order. Omitted: pools of such machines with `fabric` are refused."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_position("zones", self.zones)
        yield {f"fabric_networks[{index}].network": each.network for index, each in enumerate(self.fabric_networks)}


class GcpAdoptedRegistry(AdoptedPart):
    """Docker repositories of Artifact Registry, of the target's project or another one.

    Every grant on images holds for them too, so the deployer must be allowed to grant on those of another project.
    Their owner manages clean-up, scanning, keys and tags.
    """

    repositories: dict[Name, _Repository] = Field(min_length=1, max_length=20)
    """`projects/P/locations/L/repositories/R` by the repository's name in the platform; names of
    `registry.repositories` that are here are not created."""

    def references(self) -> Iterator[References]:
        """References that must differ from each other."""
        yield by_key("repositories", self.repositories)


class GcpAdoptedIdentities(AdoptedPart):
    """Service accounts of the target's project.

    They get every grant of their workload. Their owner decides who may act as them; the plan lists what is needed.
    """

    training: _Account | None = None
    """E-mail address of the service account of jobs in the cluster. Omitted: one is created."""

    pipelines: _Account | None = None
    """E-mail address of the service account of pipelines and machine learning jobs. Omitted: one is created."""

    ci: _Account | None = None
    """E-mail address of the service account of CI jobs that push images (`access.ci`). Omitted: one is created."""

    endpoints: dict[Name, _Account] = Field(default_factory=dict[Name, _Account])
    """E-mail address of the service account by endpoint; others are created."""


class GcpAdopted(Adopted):
    """Existing parts on GCP; those that are omitted are created."""

    keys: GcpAdoptedKeys | None = None
    """Encryption keys. Omitted: one key per purpose is created."""

    store: GcpAdoptedStore | None = None
    """Places of the artifact store. Omitted: all are created."""

    cluster: GcpAdoptedCluster | None = None
    """Training cluster. Omitted: one is created if the spec has `training`."""

    registry: GcpAdoptedRegistry | None = None
    """Repositories of images. Omitted: those of `registry.repositories` are created."""

    identities: GcpAdoptedIdentities | None = None
    """Identities of workloads. Omitted: all are created."""
