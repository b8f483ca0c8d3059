"""Places of the artifact store as folders in the pods of jobs."""

from typing import Literal, get_args

from pydantic import Field

from mlplatform.spec.base import SpecModel

MountPlace = Literal["data", "features", "models", "pipelines"]
"""A place that jobs have rights on. `monitoring` has what people sent to the endpoints: no job reads it."""

MOUNT_PLACES: tuple[MountPlace, ...] = get_args(MountPlace)


class MountSpec(SpecModel):
    """A place of the artifact store as a folder, in every namespace of jobs, by the identity of its jobs.

    The volume claim is called `store-PLACE` in each namespace; `mlplatform render job --mount PLACE` mounts it at
    `/mnt/PLACE`. A team's jobs write where their identity may, and elsewhere the folder is read-only. So is a
    write-once place (`worm`), whose objects only the cloud's API can write.

    An object store is no file system: [the cluster's page](cluster.md#folders-of-the-store) says what it cannot do.
    """

    place: MountPlace
    """The place: `data`, `features`, `models` or `pipelines`."""

    cache_gib: int = Field(default=10, ge=1, le=10_000)
    """Most of a node's disk that keeps what was read, for each claim with pods there, GiB.

    It must fit beside images and logs: on pools with local NVMe that is thousands, on others at most a part of the
    system's disk. Omitted: 10.
    """
