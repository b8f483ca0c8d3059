"""A task that is a custom job of Vertex AI: several nodes, spot machines, or a larger disk.

A container step of a pipeline has one machine on demand, with a disk that nobody chooses. The specification's own
executor for such jobs is deprecated
(https://github.com/kubeflow/pipelines/blob/master/api/v2alpha1/pipeline_spec.proto, `custom_job`). So the step is the
platform's own program, `mlplatform-step job`: it sends the job, waits for it, and ends as it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from mlplatform.fast.record import record
from mlplatform.pipelines.forms.nodes import tell_nodes
from mlplatform.spec.pipeline_steps import Distribution

if TYPE_CHECKING:
    # for annotations alone: the checks of a spec load this file
    from mlplatform.pipelines.meaning import Task

RUN = "{{$.pipeline_job_resource_name}}"
"""Full name of the run, `projects/P/locations/R/pipelineJobs/RUN`."""

DISTRIBUTIONS: tuple[Distribution, ...] = ("torch", "tensorflow")
"""What the nodes of a job can be told: MPI starts its processes by SSH, for which an image has no keys."""

VCPUS, MEMORY_GIB = 1, 2
"""Of the machine that waits for the job."""

WAITS_MINUTES = 7 * 24 * 60
"""Longest wait: that of every container step of Vertex AI Pipelines. The job itself ends by its own time."""

_PORT = '"$port"'

NODE = (
    # arguments: how the nodes find each other or `alone`, processes on each, seconds, folders; `--` and the program
    'how=$1;each=$2;seconds=$3;shift 3;while [ "$1" != -- ];do mkdir -p "$1";shift;done;shift;'
    'if [ "$how" != alone ];then '
    "c=$(printf %s \"$CLUSTER_SPEC\"|tr -d ' \\n\\r\\t');"
    # the job's own text is in the variable too, where quotes stand behind backslashes
    "a=${c#*'\"workerpool0\":['};a=${a%%]*};b=${c#*'\"workerpool1\":['};b=${b%%]*};all=$a,$b;"
    'n=$(printf %s "$all"|tr -cd ,|wc -c);n=$((n+1));first=${a#\\"};first=${first%%\\"*};'
    "port=${first##*:};first=${first%:*};"
    't=${c#*\'"task":{\'};t=${t%%\\}*};i=${t#*\'"index":\'};i=${i#\\"};i=${i%%[!0-9]*};rank=;'
    'case $t in *\'"type":"workerpool0"\'*)rank=0;;*\'"type":"workerpool1"\'*)rank=$((i+1));;esac;'
    'if [ -z "$rank" ]||[ "$port" = "$first" ];then '
    'echo "CLUSTER_SPEC does not say who the nodes are" >&2;exit 65;fi;'
    f"{tell_nodes(_PORT)}fi;"
    'exec timeout -k 30 "$seconds" "$@"'
)
"""What runs on each node before the program. Vertex AI names the nodes in `CLUSTER_SPEC` alone, with the port that it
opens between them, https://docs.cloud.google.com/vertex-ai/docs/training/distributed-training (2026-11)."""

_LAUNCH = ("mlplatform-step", "job")
_BEFORE = ("/bin/sh", "-c", NODE, "node")


@record(kw_only=True)
class VertexJob:
    """What a task is as a custom job."""

    image: str
    """Image with `mlplatform-step`, which sends it."""

    machine_type: str
    """Machine of each node."""

    accelerator: tuple[str, int] | None
    """Vertex AI's name of its accelerators, and how many. None: none."""


def is_job(nodes: int, capacity: str, disk_gib: int, default_disk: int) -> bool:
    """Whether a container step cannot do it.

    Args:
        nodes: nodes that it asks for.
        capacity: `spot` or `on-demand`.
        disk_gib: disk that it asks for, GiB.
        default_disk: disk of a container step, GiB.
    """
    return nodes > 1 or capacity == "spot" or disk_gib > default_disk


def job_words(task: Task, job: VertexJob, folders: Mapping[str, str], program: Iterable[str]) -> tuple[str, ...]:
    """The words that send the job: those of the platform's program, and behind `--` those of each node.

    Args:
        task: the task.
        job: what it is as a job.
        folders: the folders that it writes, as the service writes them, by name.
        program: the words of its program.
    """
    return tuple(_words(task, job, folders, program))


def _words(task: Task, job: VertexJob, folders: Mapping[str, str], program: Iterable[str]) -> Iterator[str]:
    asked = task.resources
    yield from (*_LAUNCH, "--run", RUN, "--task", task.name, "--image", task.image, "--machine", job.machine_type)
    yield from ("--nodes", str(asked.nodes), "--minutes", str(task.timeout_minutes), "--disk", str(asked.disk_gib))
    if job.accelerator:
        yield from ("--accelerator", f"{job.accelerator[0]}:{job.accelerator[1]}")
    if asked.capacity == "spot":
        yield "--spot"
    for name, folder in folders.items():
        yield from ("--output", f"{name}={folder}")
    processes = job.accelerator[1] if job.accelerator else 1
    seconds = str(task.timeout_minutes * 60)
    yield from (
        "--",
        *_BEFORE,
        task.distribution or "alone",
        str(processes),
        seconds,
        *folders.values(),
        "--",
        *program,
    )


@record(kw_only=True)
class SeenJob:
    """What a reader finds of a job in the words of its step."""

    image: str
    """Image of the nodes."""

    machine_type: str
    """Their machine."""

    nodes: int
    """How many."""

    minutes: int
    """Longest time."""

    accelerator: str | None
    """Vertex AI's name of the accelerators with their number."""

    program: tuple[str, ...]
    """Words of the program."""


def seen_job(words: Sequence[str]) -> SeenJob | None:
    """The job that a step's words send; None where they are the program itself."""
    if tuple(words[: len(_LAUNCH)]) != _LAUNCH:
        return None
    at = words.index("--")
    options = words[len(_LAUNCH) : at]
    given = dict(pairwise(options))
    node = words[at + 1 :]
    return SeenJob(
        image=given["--image"],
        machine_type=given["--machine"],
        nodes=int(given["--nodes"]),
        minutes=int(given["--minutes"]),
        accelerator=given.get("--accelerator"),
        program=tuple(node[node.index("--") + 1 :]),
    )
