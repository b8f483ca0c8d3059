"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class MountSpec(TypedDict):
    """A place of the artifact store as a folder, in every namespace of jobs, by the identity of its jobs.

    The volume claim is called `store-PLACE` in each namespace; `mlplatform render job --mount PLACE` mounts it at
    `/mnt/PLACE`. A team's jobs write where their identity may, and elsewhere the folder is read-only. So is a
    write-once place (`worm`), whose objects only the cloud's API can write.

    An object store is no file system: [the cluster's page](cluster.md#folders-of-the-store) says what it cannot
    do.
    """

    place: str
    """The place: `data`, `features`, `models` or `pipelines`.

    One of data, features, models, pipelines.
    """

    cache_gib: NotRequired[int]
    """Most of a node's disk that keeps what was read, for each claim with pods there, GiB.

    It must fit beside images and logs: on pools with local NVMe that is thousands, on others at most a part of
    the system's disk. Omitted: 10.
    """
