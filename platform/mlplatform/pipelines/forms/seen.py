"""What a reader finds in a form: the part of the meaning that every form must carry, spelt alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlplatform.fast.record import record
from mlplatform.pipelines.meaning import FromStep, FromStore, Meaning, Task, When, Word
from mlplatform.spec.pipeline_parameters import value_text


@record(kw_only=True)
class SeenTask:
    """One container, as a form has it."""

    name: str
    """Its name."""

    image: str
    """Its image."""

    command: tuple[Word, ...]
    """Program and arguments."""

    env: Mapping[str, Word]
    """Environment variables of the step."""

    inputs: Mapping[str, FromStep | FromStore]
    """What it reads."""

    outputs: frozenset[str]
    """Names of what it writes."""

    after: frozenset[str]
    """Tasks that end before it."""

    conditions: frozenset[When]
    """All of these hold, or it is left out."""

    vcpus: int
    """CPUs."""

    memory_gib: int
    """Memory, GiB."""

    accelerator: str | None
    """Accelerators as the spec writes them; of alternatives, the first."""

    retries: int
    """Further attempts."""

    timeout_minutes: int
    """Longest attempt, minutes."""

    nodes: int = 1
    """Nodes that start together."""


@record(kw_only=True)
class Seen:
    """A pipeline, as a form has it."""

    name: str
    """Its name."""

    parameters: Mapping[str, str]
    """Values of a run that is not given any, as the steps get them."""

    tasks: tuple[SeenTask, ...]
    """The containers, by name."""


def seen_of(meaning: Meaning) -> Seen:
    """What every reader must find."""
    conditions = all_conditions(meaning)
    return Seen(
        name=meaning.name,
        parameters={each.name: value_text(each.default) for each in meaning.parameters},
        tasks=tuple(
            SeenTask(
                name=task.name,
                image=task.image,
                command=task.command,
                env=task.env,
                inputs=task.inputs,
                outputs=frozenset(task.outputs),
                after=frozenset(task.after),
                conditions=frozenset(conditions[task.name]),
                vcpus=task.resources.vcpus,
                memory_gib=task.resources.memory_gib,
                accelerator=task.resources.accelerator[0] if task.resources.accelerator else None,
                retries=task.retries,
                timeout_minutes=task.timeout_minutes,
                nodes=task.resources.nodes,
            )
            for task in sorted(meaning.tasks, key=lambda task: task.name)
        ),
    )


def all_conditions(meaning: Meaning) -> dict[str, tuple[When, ...]]:
    """For each task its own condition behind those of the tasks that it needs.

    What waits for a task that is left out is left out itself.
    """
    found: dict[str, tuple[When, ...]] = {}
    for task in meaning.tasks:
        inherited = [when for name in task.after for when in found[name]]
        found[task.name] = tuple(dict.fromkeys([*inherited, *([task.when] if task.when else [])]))
    return found


def metric_outputs(task: Task) -> Iterator[tuple[str, str]]:
    """Each output of metrics with each of its metrics."""
    for name, output in task.outputs.items():
        for metric in output.metrics:
            yield name, metric


def tasks_before(after: Mapping[str, Iterable[str]], name: str) -> set[str]:
    """All tasks that end before one, by way of others too; the task itself where it waits for itself.

    Args:
        after: for each task, those that it names; unknown names are left out.
        name: the task.
    """
    found: set[str] = set()
    ahead = [*after[name]]
    while ahead:
        other = ahead.pop()
        if other not in found and other in after:
            found.add(other)
            ahead += after[other]
    return found
