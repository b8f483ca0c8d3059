"""Places of the artifact store as folders: in each namespace of jobs a claim, opened by the identity of its jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from mlplatform import discovery
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.storage import (
    AccessMode,
    ClaimReference,
    ClaimResources,
    PersistentVolume,
    PersistentVolumeClaim,
    PersistentVolumeClaimSpec,
    PersistentVolumeSpec,
)
from mlplatform.cluster.objects.wire import wire_value
from mlplatform.cluster.volume_facts import MountsFileSystem, MountsPlace, PlaceVolume, SharedVolume
from mlplatform.components.job_rights import JOB_RIGHTS, PIPELINE_RIGHTS, TEAM_RIGHTS, team_folder
from mlplatform.components.names import short_hash
from mlplatform.spec.artifact_store import Place, StoreAccess
from mlplatform.spec.mounts import MountSpec
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE
from mlplatform.spec.platform import PlatformSpec

SHARED: Final = "shared"
"""The shared file system, in claims and in `--mount`."""

_SIZE = "1Pi"
"""Kubernetes wants a size; no driver looks at it."""


def claim_of(place: Place) -> str:
    """Name of the claim of a place, the same in every namespace of jobs."""
    return f"store-{place}"


def folder_of(place: Place | Literal["shared"]) -> str:
    """Where `mlplatform render job` mounts a place."""
    return f"/mnt/{place}"


def job_rights(spec: PlatformSpec, namespace: str) -> Mapping[Place, StoreAccess]:
    """What the jobs of a namespace may do in each place."""
    own = {spec.access.training_namespace: JOB_RIGHTS, PIPELINES_NAMESPACE: PIPELINE_RIGHTS}
    return own.get(namespace, TEAM_RIGHTS)


def is_writable(spec: PlatformSpec, place: Place, namespace: str) -> bool:
    """Whether the jobs of a namespace may write files in a place.

    Never in a write-once place: the drivers write an object more than once before it is whole.
    """
    return job_rights(spec, namespace).get(place) == "write" and spec.artifact_store.place(place).worm is None


def place_volume(spec: PlatformSpec, mount: MountSpec, namespace: str) -> PlaceVolume:
    """How the cloud mounts a place in a namespace."""
    mounts = discovery.backend(spec.targets[0].cloud).load(MountsPlace)
    # a team's identity sees no more of a place that it writes
    rights = job_rights(spec, namespace)
    own = rights is TEAM_RIGHTS and rights.get(mount.place) == "write"
    return mounts(
        spec,
        mount,
        namespace,
        writable=is_writable(spec, mount.place, namespace),
        folder=team_folder(namespace) if own else None,
    )


def shared_volume(spec: PlatformSpec, namespace: str) -> SharedVolume | None:
    """How the cloud mounts the shared file system in a namespace; None where there is none."""
    return discovery.backend(spec.targets[0].cloud).load(MountsFileSystem)(spec, namespace)


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """A volume and its claim in each namespace: for each place, and for the shared file system."""
    spec, cluster = layer.spec, layer.spec.cluster
    if cluster is None:
        return
    pipelines = (PIPELINES_NAMESPACE,) if spec.cluster_pipelines else ()
    for namespace in (spec.access.training_namespace, *pipelines, *(team.namespace for team in cluster.teams)):
        for mount in cluster.mounts:
            volume = place_volume(spec, mount, namespace)
            writable = is_writable(spec, mount.place, namespace)
            yield from _volume(namespace, mount.place, claim_of(mount.place), volume, writable=writable)
        if shared := shared_volume(spec, namespace):
            # every namespace sees all of it: its owners and modes alone decide who writes what
            yield from _volume(namespace, SHARED, SHARED, shared, writable=True)


def _volume(
    namespace: str, what: str, claim: str, volume: PlaceVolume | SharedVolume, *, writable: bool
) -> Iterator[LayerItem]:
    modes: tuple[AccessMode, ...] = ("ReadWriteMany" if writable else "ReadOnlyMany",)
    role = f"{namespace}-{what}"
    # what moves is another volume beside the first: one that is claimed can neither be changed nor deleted
    known = volume.place if isinstance(volume, PlaceVolume) else ""
    name = f"{role}-{short_hash(f'{known} {wire_value(volume.source)!r}')}"
    yield LayerItem(
        role=f"volume-{role}",
        stage="queues",
        named_by_content=True,
        body=PersistentVolume(
            metadata=Metadata(name=name),
            spec=PersistentVolumeSpec(
                access_modes=modes,
                capacity={"storage": _SIZE},
                claim_ref=ClaimReference(name=claim, namespace=namespace),
                csi=volume.source,
                mount_options=volume.options,
            ),
        ),
    )
    yield LayerItem(
        role=f"volume-claim-{role}",
        stage="access",
        body=PersistentVolumeClaim(
            metadata=Metadata(name=claim, namespace=namespace),
            spec=PersistentVolumeClaimSpec(
                access_modes=modes,
                resources=ClaimResources(requests={"storage": _SIZE}),
                volume_name=name,
            ),
        ),
    )
