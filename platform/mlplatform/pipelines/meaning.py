"""What a pipeline means, whatever runs it: tests hold every form against it.

Slices are steps of their own here, images and addresses are known, and commands are words with placeholders that each
form writes in its own way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Literal, TypeAlias, cast

from mlplatform.components.champion import Champion
from mlplatform.fast.record import record
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.base import SpecModel
from mlplatform.spec.pipeline_parameters import ParameterSpec
from mlplatform.spec.pipeline_steps import RUN_VARIABLES, Distribution, OutputSpec, StepKind, StepResources, StepSpec
from mlplatform.spec.pipelines import PipelineSpec

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


def meaning_of(pipeline: PipelineSpec, surroundings: Surroundings) -> Meaning:
    """Resolve a pipeline: slices become tasks, names become addresses."""
    edges = pipeline.edges()
    tasks = [
        _task(pipeline, step, chosen, edges[step.name], surroundings)
        for step in pipeline.in_order()
        for chosen in (step.slices or ("",))
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


def _task(
    pipeline: PipelineSpec, step: StepSpec, chosen: str, before: Iterable[str], surroundings: Surroundings
) -> Task:
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

    def word(text: str) -> Word:
        # an input that is not there is an empty word: only the released model's can be missing
        known = {("slice", ""): chosen, ("released", ""): released.version if released else ""}
        return _word(text, known | {("inputs", each): "" for each in step.inputs.keys() - inputs.keys()})

    name = _named(step.name, chosen)
    image = surroundings.image(pipeline.image_of(step) or "")
    when = step.when
    return Task(
        name=name,
        kind=step.kind,
        image=image,
        command=tuple(word(each) for each in step.command or _own_command(pipeline, step, inputs, surroundings)),
        env=dict(
            sorted({**{key: word(value) for key, value in step.env.items()}, **_stamps(pipeline, step, image)}.items())
        ),
        inputs=inputs,
        outputs=dict(sorted(step.written.items())),
        after=tuple(each for name_before in before for each in tasks_of(name_before)),
        when=When(source(when.step, when.output), when.metric, when.at_least, when.at_most) if when else None,
        resources=step.resources,
        distribution=step.distribution,
        retries=step.retries,
        timeout_minutes=step.timeout_minutes,
        cache_days=step.cache_days,
        checkpoint=surroundings.uri("pipelines", f"{pipeline.name}/checkpoints/{name}") if step.checkpoint else None,
    )


def _stamps(pipeline: PipelineSpec, step: StepSpec, image: str) -> dict[str, Word]:
    """What a training program is told of its run. Nothing here differs from run to run: else no output of a step were
    ever used again."""
    if step.kind != "train":
        return {}
    return {f"{RUN_VARIABLES}IMAGE": (image,), f"{RUN_VARIABLES}PIPELINE": (pipeline.name,)}


def _own_command(
    pipeline: PipelineSpec, step: StepSpec, inputs: Iterable[str], surroundings: Surroundings
) -> tuple[str, ...]:
    """The platform's own programs: they get every input by its name, and the gate as it is written in the spec."""
    words = ["mlplatform-step", step.kind, "--pipeline", pipeline.name, "--model", pipeline.model, "--run", "{{run}}"]
    for name in sorted(inputs):
        words += ["--input", f"{name}={{{{inputs.{name}}}}}"]
    for name in step.written:
        words += ["--output", f"{name}={{{{outputs.{name}}}}}"]
    if step.gate:
        words += ["--gate", _text(step.gate)]
    if step.kind in ("gate", "register"):
        for base in pipeline.base_models:
            words += ["--base-model", _text(base)]
    if step.kind == "register":
        words += ["--definition", definition_of(pipeline)]
        trained = next((step for step in map(pipeline.step, _writers(step)) if _writes_model(step)), None)
        if trained and (image := pipeline.image_of(trained)):
            words += ["--training-image", surroundings.image(image)]
        for parameter in pipeline.parameters:
            words += ["--parameter", f"{parameter.name}:{parameter.type}={{{{parameters.{parameter.name}}}}}"]
    if step.data_checks:
        words += ["--checks", _text(step.data_checks)]
    return tuple(words)


def _writers(step: StepSpec) -> Iterator[str]:
    return (source.step for _, source in sorted(step.inputs.items()) if source.step)


def _writes_model(step: StepSpec) -> bool:
    return any(output.kind == "model" for output in step.written.values())


def definition_of(pipeline: PipelineSpec) -> str:
    """`sha256:…` of a pipeline as the spec has it: the same for every run until somebody changes it. What starts its
    runs, and what they may cost, makes no other model.

    Args:
        pipeline: its lists in their order (`spec.order`).
    """
    said = {each: getattr(pipeline, each) for each in type(pipeline).model_fields if each not in _NO_PART_OF_IT}
    return f"sha256:{sha256(json.dumps(_said(said), sort_keys=True).encode()).hexdigest()}"


_NO_PART_OF_IT = ("triggers", "max_usd_per_run", "timeout_hours")


def _text(model: SpecModel) -> str:
    return json.dumps(_said(model), separators=(",", ":"))


def _said(value: object) -> object:
    """A model as plain data without what is as by default. Pydantic's own way builds a serializer first, which costs
    more than a whole validation.
    """
    match value:
        case SpecModel():
            fields = type(value).model_fields
            given = {name: getattr(value, name) for name in fields}
            return {
                name: _said(each)
                for name, each in given.items()
                if each != fields[name].get_default(call_default_factory=True)
            }
        case tuple():
            return [_said(each) for each in cast("tuple[object, ...]", value)]
        case dict():
            return {name: _said(each) for name, each in cast("dict[str, object]", value).items()}
        case _:
            return value


_SLOT = re.compile(r"\{\{\s*(inputs|outputs|parameters|checkpoint|released|slice|run)(?:\.([A-Za-z0-9_]+))?\s*\}\}")


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
