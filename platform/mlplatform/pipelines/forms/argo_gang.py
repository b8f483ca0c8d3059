"""A step of several nodes on Argo: a JobSet that Argo makes and waits for.

Argo hands folders to one pod alone. So they are handed to and from such a step as archives at known addresses, which
its pods see in a folder of the store: one object each, so that nothing of a former attempt is left in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from mlplatform.cluster.objects import argo
from mlplatform.cluster.objects.containers import Mount
from mlplatform.cluster.objects.jobs import JobSet
from mlplatform.cluster.objects.volumes import EmptyDir, Volume
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.pipelines.forms.entry import MetricFile, entry_script
from mlplatform.pipelines.forms.seen import metric_outputs
from mlplatform.pipelines.meaning import FromStep, FromStore, Meaning, Task

RUN = "{{workflow.name}}"
"""Name of the run."""

PLACE = "/mlplatform"
"""Folder of the step's folders in its container."""

OWN_VARIABLES = frozenset(
    {"NODES", "MASTER_ADDR", "MASTER_PORT", "WORLD_SIZE", "PET_MASTER_ADDR", "PET_MASTER_PORT", "PET_NNODES"}
    | {"PET_NPROC_PER_NODE"}
)
"""Variables with which the nodes of a step find each other."""

WORK = (Volume(name="work", empty_dir=EmptyDir()), Mount(name="work", mount_path=PLACE))
"""Where the pods of such a step have them: an image's own user cannot make folders at the root."""


_RAY = """\
head="$MASTER_ADDR:6379"
if [ "${{JOB_COMPLETION_INDEX:-0}}" = 0 ]; then
  ray start --head --port=6379 --num-cpus={cpus} --include-dashboard=false --disable-usage-stats
  export RAY_ADDRESS="$head"
else
  set -- sh -c 'until ray health-check --address="$1" >/dev/null 2>&1; do sleep 2; done
    ray start --address="$1" --num-cpus={cpus} --disable-usage-stats --block || ! ray health-check --address="$1"
    ' ray "$head"
fi
"""
"""A cluster of Ray on the nodes of a step. The program runs on the first; on the others, Ray runs until the head ends,
a minute later at most. One that ends before the head has failed, and all of them start again.
https://docs.ray.io/en/latest/cluster/cli.html (2.60)"""


def is_gang(task: Task) -> bool:
    """Whether a step runs on several nodes."""
    return task.resources.nodes > 1


def handed_as_archive(meaning: Meaning) -> frozenset[tuple[str, str]]:
    """Step and output of all that a step of several nodes writes, or reads from another."""
    found = {(task.name, name) for task in meaning.tasks if is_gang(task) for name in task.outputs}
    found |= {
        (source.step, source.output)
        for task in meaning.tasks
        if is_gang(task)
        for source in task.inputs.values()
        if isinstance(source, FromStep)
    }
    return frozenset(found)


def archive_path(pipeline: str, step: str, output: str) -> str:
    """Path of what a step hands on as an archive, in the store's place of pipelines."""
    return f"runs/{pipeline}/{RUN}/{step}/{output}.tgz"


def gang_script(meaning: Meaning, task: Task, *, pipelines: str, folder: dict[str, str]) -> str:
    """The lines of shell around the program on each node.

    Args:
        meaning: the pipeline.
        task: the step.
        pipelines: the path at which pods see the place of pipelines.
        folder: the path at which they see each address of the store that it reads.
    """

    def first() -> Iterator[str]:
        if task.distribution == "ray":
            yield from _RAY.format(cpus=task.resources.vcpus).splitlines()
        yield f'mkdir -p "{PLACE}/inputs"'
        for name, source in task.inputs.items():
            own = f"{PLACE}/inputs/{name}"
            match source:
                case FromStore(uri=uri):
                    yield f'ln -s "{folder[uri]}" "{own}"'
                case FromStep(step=step, output=output):
                    file = f"{pipelines}/{archive_path(meaning.name, step, output)}"
                    # the archive has the folder itself as its only entry at the top
                    yield f'mkdir -p "{own}"; tar -xzf "{file}" -C "{own}" --strip-components=1'

    def last() -> Iterator[str]:
        for name in task.outputs:
            file = f"{pipelines}/{archive_path(meaning.name, task.name, name)}"
            yield f'mkdir -p "$(dirname "{file}")"; tar -czf - -C "{PLACE}/outputs" "{name}" >"{file}"'

    return entry_script(
        folders=[f"{PLACE}/outputs/{name}" for name in task.outputs],
        metrics=[
            MetricFile(folder=f"{PLACE}/outputs/{name}", metric=metric, file="/dev/null")
            for name, metric in metric_outputs(task)
        ],
        timeout_minutes=task.timeout_minutes,
        first=first(),
        last=last(),
        leader=True,
    )


def gang_template(name: str, jobs: JobSet) -> argo.ArgoTemplate:
    """The template that makes the JobSet and ends as it does.

    Args:
        name: of the template.
        jobs: the JobSet; each attempt of a run gets a name of its own that begins with this one's.
    """
    body = wire_object(jobs)
    metadata = body["metadata"]
    if isinstance(metadata, dict):
        metadata["generateName"] = f"{metadata.pop('name')}-"
    return argo.ArgoTemplate(
        name=name,
        resource=argo.ArgoResource(
            manifest=json.dumps(body, sort_keys=True),
            # https://jobset.sigs.k8s.io/docs/reference/jobset.v1alpha2/#jobset-x-k8s-io-v1alpha2-JobSetStatus
            success_condition="status.terminalState == Completed",
            failure_condition="status.terminalState == Failed",
        ),
    )
