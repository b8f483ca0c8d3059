"""What a pipeline means, whatever runs it: tests hold every form against it.

Slices are steps of their own here, images and addresses are known, and commands are words with placeholders that each
form writes in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from mlplatform.components.champion import Champion
from mlplatform.fast.record import record
from mlplatform.pipelines.commands import best_command, own_command, search_command, stand_ins
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.pipeline_parameters import ParameterSpec
from mlplatform.spec.pipeline_steps import RUN_VARIABLES, Distribution, StepKind, StepResources, StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.step_folders import OutputSpec

Group = Literal["inputs", "outputs", "parameters", "checkpoint", "run"]


@record()
class Slot:
    """A placeholder."""

    group: Group
    """What it stands for."""

    name: str = ""
    """Which one; empty for the run and the checkpoint."""


Word: TypeAlias = "tuple[str | Slot, ...]"
"""One argument: text and placeholders, joined."""


@record()
class FromStep:
    """What another step writes."""

    step: str
    """Name of the step, with its slice."""

    output: str
    """Name of its output."""


@record()
class FromStore:
    """A folder of the store."""

    uri: str
    """Its address, with a slash at the end."""


@record()
class When:
    """The condition of a step."""

    source: FromStep
    """The metrics that it reads."""

    metric: str
    """The metric."""

    at_least: float | None
    """Least value, or None."""

    at_most: float | None
    """Greatest value, or None."""


@record(kw_only=True)
class Task:
    """One container of a run."""

    name: str
    """Name, unique in the pipeline; a slice's is behind a hyphen."""

    kind: StepKind
    """What it does."""

    image: str
    """Image, with its digest where it is known."""

    command: tuple[Word, ...]
    """Program and arguments."""

    env: Mapping[str, Word]
    """Environment variables."""

    inputs: Mapping[str, FromStep | FromStore]
    """Folders that it reads."""

    outputs: Mapping[str, OutputSpec]
    """Folders that it writes."""

    after: tuple[str, ...]
    """Tasks that must have ended, those included whose outputs it reads, in the order of the run."""

    when: When | None
    """Its condition."""

    resources: StepResources
    """Its machines, as the spec asks for them."""

    distribution: Distribution | None
    """How its nodes find each other."""

    retries: int
    """Further attempts."""

    timeout_minutes: int
    """Longest attempt, minutes."""

    cache_days: int
    """Days for which its outputs are used again."""

    checkpoint: str | None
    """Address of its checkpoints below which each run has a folder of its own; None without."""


@record(kw_only=True)
class Meaning:
    """A pipeline, resolved."""

    name: str
    """Its name."""

    model: str
    """Name of the model whose candidates it makes."""

    parameters: tuple[ParameterSpec, ...]
    """Values that a run may be given."""

    tasks: tuple[Task, ...]
    """The containers, each after those that it needs."""

    timeout_hours: int
    """Longest run, hours."""

    def task(self, name: str) -> Task:
        """A task by name.

        Raises:
            LookupError: there is none of that name.
        """
        for task in self.tasks:
            if task.name == name:
                return task
        raise LookupError(name)


@record(kw_only=True)
class Surroundings:
    """What a pipeline's meaning needs from the platform that it is in."""

    uri: Callable[[Place, str], str]
    """Address of a folder of a place of the store."""

    image: Callable[[str], str]
    """An image as the platform pulls it."""

    released: Champion | None = None
    """The released version of the pipeline's model; None where nothing is released, or the platform has none."""

    record: str = ""
    """Address of the copy of the record of releases, which a gate reads when it judges; empty where there is none."""


def meaning_of(pipeline: PipelineSpec, surroundings: Surroundings) -> Meaning:
    """Resolve a pipeline: slices become tasks, names become addresses."""
    edges = pipeline.edges()
    tasks = [
        task
        for step in pipeline.in_order()
        for chosen in (step.slices or ("",))
        for task in _tasks(pipeline, step, chosen, edges[step.name], surroundings)
    ]
    return Meaning(
        name=pipeline.name,
        model=pipeline.model,
        parameters=pipeline.parameters,
        tasks=tuple(tasks),
        timeout_hours=pipeline.timeout_hours,
    )


def _named(name: str, chosen: str) -> str:
    return f"{name}-{chosen}" if chosen else name


def _tasks(
    pipeline: PipelineSpec, step: StepSpec, chosen: str, before: Iterable[str], surroundings: Surroundings
) -> Iterator[Task]:
    def tasks_of(name: str) -> Iterator[str]:
        other = pipeline.step(name)
        if chosen and set(other.slices) == set(step.slices):
            yield _named(name, chosen)
        else:
            yield from (_named(name, each) for each in other.slices or ("",))

    def source(name: str, output: str) -> FromStep:
        return FromStep(next(tasks_of(name)), output)

    released = surroundings.released
    inputs: dict[str, FromStep | FromStore] = {}
    for name, given in sorted(step.inputs.items()):
        if given.step and given.output:
            inputs[name] = source(given.step, given.output)
        elif given.place and given.path:
            inputs[name] = FromStore(f"{surroundings.uri(given.place, given.path).rstrip('/')}/")
        elif given.base_model:
            inputs[name] = FromStore(f"{surroundings.uri('models', given.base_model.path).rstrip('/')}/")
        elif given.released and released and released.uri:
            inputs[name] = FromStore(f"{released.uri.rstrip('/')}/")

    known = {("slice", ""): chosen, ("released", ""): released.version if released else ""}
    # an input that is not there is an empty word: only the released model's can be missing
    known |= {("inputs", each): "" for each in step.inputs.keys() - inputs.keys()}

    def words(texts: Iterable[str]) -> tuple[Word, ...]:
        return tuple(_word(text, known) for text in texts)

    # what a trial of a search is given, its own program fills in
    program = {**known, **stand_ins(step)}
    name, image, when = _named(step.name, chosen), surroundings.image(pipeline.image_of(step) or ""), step.when
    env = {key: _word(value, program) for key, value in step.env.items()} | _stamps(pipeline, step, image)
    task = Task(
        name=name,
        kind=step.kind,
        image=image,
        command=tuple(_word(text, program) for text in step.command)
        or words(own_command(pipeline, step, inputs, surroundings.image, surroundings.record, released)),
        env=dict(sorted(env.items())),
        inputs=inputs,
        outputs=dict(sorted(step.written.items())),
        after=tuple(each for name_before in before for each in tasks_of(name_before)),
        when=When(source(when.step, when.output), when.metric, when.at_least, when.at_most) if when else None,
        resources=step.resources,
        distribution=step.distribution,
        retries=step.retries,
        timeout_minutes=step.timeout_minutes,
        cache_days=step.cache_days,
        checkpoint=_checkpoint(pipeline, step, name, surroundings),
    )
    if not step.tune:
        yield task
        return
    from mlplatform.spec.tune import SEARCH

    parts = step.search_names(name)
    for machine, part in enumerate(parts or (name,)):
        yield replace(
            task,
            name=part,
            command=(*words(search_command(step, step.tune, machine)), *task.command),
            outputs={SEARCH: task.outputs[SEARCH]} if parts else task.outputs,
            checkpoint=_checkpoint(pipeline, step, part, surroundings),
        )
    if parts:
        *_, asked = step.asked()
        inputs = {f"search{number}": FromStep(part, SEARCH) for number, part in enumerate(parts, 1)}
        yield replace(
            task,
            command=words(best_command(step, step.tune, inputs)),
            env=_stamps(pipeline, step, image),
            inputs=inputs,
            after=parts,
            when=None,
            resources=asked.resources,
            timeout_minutes=asked.timeout_minutes,
            checkpoint=None,
        )


def _checkpoint(pipeline: PipelineSpec, step: StepSpec, task: str, surroundings: Surroundings) -> str | None:
    return surroundings.uri("pipelines", f"{pipeline.name}/checkpoints/{task}") if step.checkpoint else None


def _stamps(pipeline: PipelineSpec, step: StepSpec, image: str) -> dict[str, Word]:
    """What a training program is told of its run. Nothing here differs from run to run: else no output of a step were
    ever used again."""
    if step.kind != "train":
        return {}
    return {f"{RUN_VARIABLES}IMAGE": (image,), f"{RUN_VARIABLES}PIPELINE": (pipeline.name,)}


_SLOT = re.compile(
    r"\{\{\s*(inputs|outputs|parameters|checkpoint|released|slice|run|tune)(?:\.([A-Za-z0-9_]+))?\s*\}\}"
)


def _word(text: str, known: Mapping[tuple[str, str], str]) -> Word:
    """A word in its parts: what is known already is text."""
    parts: list[str | Slot] = []
    at = 0
    for match in _SLOT.finditer(text):
        before = text[at : match.start()]
        given = known.get((match[1], match[2] or ""))
        if given is not None:
            parts.append(before + given)
        else:
            group: Group = match[1]  # type: ignore[assignment]
            parts += [before, Slot(group, match[2] or "")]
        at = match.end()
    parts.append(text[at:])
    return _joined(parts)


def _joined(parts: list[str | Slot]) -> Word:
    found: list[str | Slot] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part != "":
            found.append(part)
    return tuple(found)
