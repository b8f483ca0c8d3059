"""Places of the store in the pods of a job, and the client of the tracking server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.jobs.request import JobMount
from mlplatform.cluster.objects.containers import Mount
from mlplatform.cluster.objects.volumes import ClaimVolume, Volume
from mlplatform.cluster.parts.mounts import SHARED, claim_of, folder_of, is_writable, place_volume
from mlplatform.cluster.pod_facts import PodWiring
from mlplatform.cluster.tracking.client import client_mount, client_volume
from mlplatform.fast.record import record
from mlplatform.spec.mounts import MountSpec


@record(kw_only=True)
class JobFolders:
    """What a job's pods have for the places that it mounts, and to reach the tracking server."""

    volumes: tuple[Volume, ...] = ()
    """Volumes of the pods."""

    mounts: tuple[Mount, ...] = ()
    """Those of the container that computes."""

    annotations: Mapping[str, str] | None = None
    """Annotations of the pods, without which the cloud's driver serves none."""

    def wired(self, wiring: PodWiring) -> PodWiring:
        """A pool's wiring with these."""
        if not self.volumes:
            return wiring
        return replace(
            wiring,
            volumes=(*wiring.volumes, *self.volumes),
            mounts=(*wiring.mounts, *self.mounts),
            annotations={**(wiring.annotations or {}), **(self.annotations or {})} or None,
        )


def job_folders(layer: LayerContext, wanted: Iterable[JobMount], namespace: str) -> JobFolders:
    """The claims of a job's namespace for the places that it mounts, and what the tracking server's client needs.

    Args:
        layer: of the target.
        wanted: the places, which the layer has.
        namespace: of the job.
    """
    known: dict[str, MountSpec] = {
        mount.place: mount for mount in (layer.spec.cluster.mounts if layer.spec.cluster else ())
    }
    annotations: dict[str, str] = {}
    volumes: list[Volume] = []
    mounts: list[Mount] = []
    for asked in wanted:
        if asked.place == SHARED:
            own = asked.read_only or None
            volumes.append(Volume(name=SHARED, persistent_volume_claim=ClaimVolume(claim_name=SHARED, read_only=own)))
            mounts.append(Mount(name=SHARED, mount_path=folder_of(SHARED), read_only=own))
            continue
        mount = known[asked.place]
        read_only = asked.read_only or not is_writable(layer.spec, mount.place, namespace) or None
        name = claim_of(mount.place)
        annotations |= place_volume(layer.spec, mount, namespace).pod_annotations or {}
        volumes.append(Volume(name=name, persistent_volume_claim=ClaimVolume(claim_name=name, read_only=read_only)))
        mounts.append(Mount(name=name, mount_path=folder_of(mount.place), read_only=read_only))
    if layer.spec.cluster_tracking:
        volumes.append(client_volume())
        mounts.append(client_mount())
    return JobFolders(volumes=tuple(volumes), mounts=tuple(mounts), annotations=annotations or None)
