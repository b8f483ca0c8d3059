"""What a person asks for when submitting a job."""

from __future__ import annotations

from typing import Literal, get_args

from mlplatform.fast.record import record

JobKind = Literal["torch", "tensorflow", "ray", "sweep", "jobset"]
"""Kinds of jobs.

- `torch`: a TrainJob; `torchrun` finds its peers (DDP, FSDP).
- `tensorflow`: a TrainJob; the program makes TF_CONFIG of JOBSET_NAME, NODES and JOB_COMPLETION_INDEX.
- `ray`: a RayJob with a head and workers.
- `sweep`: a Job with one pod per trial, numbered by JOB_COMPLETION_INDEX.
- `jobset`: a JobSet, for any other program.
"""

JOB_KINDS: tuple[JobKind, ...] = get_args(JobKind)

JobPriority = Literal["low", "normal", "high"]
"""Places in the queue."""

MOST_HOURS = 720
"""Longest run, hours: thirty days."""


LEASE_MARGIN = 1
"""Hours that a job's machines are kept beyond its own time: they start, fetch the image, and save at the end."""


@record(kw_only=True)
class JobMount:
    """A place of the store as a folder of a job."""

    place: str
    """The place."""

    read_only: bool = False
    """Whether the job may not write there, even where its identity may."""


@record(kw_only=True)
class JobRequest:
    """A job as it is asked for."""

    name: str
    """Its name, unique in the namespace; checkpoints are in a folder of this name."""

    pool: str
    """The pool that it runs on, with GPUs or without."""

    image: str
    """Its image, with a tag or a digest."""

    command: tuple[str, ...]
    """Program and arguments."""

    kind: JobKind = "torch"
    """The engine."""

    team: str | None = None
    """The team whose namespace, queue and identity it uses. Omitted: the platform's own."""

    nodes: int = 1
    """Nodes, all at the same time; of a sweep, trials at the same time."""

    devices: int | None = None
    """Devices of each node. Omitted: all of a node, one of a shared GPU, none of a CPU pool."""

    head_pool: str | None = None
    """The CPU pool of the head of a cluster of Ray. Omitted: the first on demand that has room for it, else the
    cluster's own nodes."""

    trials: int | None = None
    """Trials of a sweep. Omitted: as many as nodes."""

    max_hours: int = 168
    """Hours of running, over all attempts, after which it is stopped."""

    priority: JobPriority = "normal"
    """Its place in the queue."""

    fabric: bool = False
    """Whether it must have the fast fabric, and is refused on a pool without one."""

    mounts: tuple[JobMount, ...] = ()
    """Places of the store that it has as folders, at `/mnt/PLACE`."""
