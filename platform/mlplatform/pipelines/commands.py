"""The words of the platform's own programs, `mlplatform-step`, and the digest of what a pipeline is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from mlplatform.spec.base import SpecModel
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.pipelines import PipelineSpec

if TYPE_CHECKING:
    from mlplatform.components.champion import Champion
    from mlplatform.spec.tune import TuneSpec


def own_command(
    pipeline: PipelineSpec,
    step: StepSpec,
    inputs: Iterable[str],
    image: Callable[[str], str],
    record: str = "",
    released: Champion | None = None,
) -> tuple[str, ...]:
    """The platform's own programs: they get every input by its name, and the gate as it is written in the spec.

    Args:
        pipeline: the pipeline.
        step: one of its steps, without a command.
        inputs: names of the inputs that are there.
        image: an image as the platform pulls it.
        record: address of the copy of the record of releases. Omitted: there is none.
        released: what is released when the definition is written. Omitted: nothing.
    """
    words = ["mlplatform-step", step.kind, "--pipeline", pipeline.name, "--model", pipeline.model, "--run", "{{run}}"]
    for name in sorted(inputs):
        words += ["--input", f"{name}={{{{inputs.{name}}}}}"]
    for name in step.written:
        words += ["--output", f"{name}={{{{outputs.{name}}}}}"]
    if step.gate:
        words += ["--gate", _text(step.gate)]
    if record and (step.kind == "champion" or (step.gate and step.gate.champion)):
        words += ["--record", record]
    if step.kind == "champion" and released:
        # where nobody has copied the record yet
        words += ["--version", released.version, *(("--artifact", released.uri) if released.uri else ())]
    if step.kind in ("gate", "register"):
        for base in pipeline.base_models:
            words += ["--base-model", _text(base)]
    if step.kind == "register":
        words += ["--definition", definition_of(pipeline)]
        trained = next((step for step in map(pipeline.step, _writers(step)) if _writes_model(step)), None)
        if trained and (named := pipeline.image_of(trained)):
            words += ["--training-image", image(named)]
        for parameter in pipeline.parameters:
            words += ["--parameter", f"{parameter.name}:{parameter.type}={{{{parameters.{parameter.name}}}}}"]
    if step.data_checks:
        words += ["--checks", _text(step.data_checks)]
    return tuple(words)


def search_command(step: StepSpec, tune: TuneSpec, machine: int) -> tuple[str, ...]:
    """What runs the trials of one machine: the words before those of a trial's program.

    Args:
        step: the step.
        tune: its search.
        machine: number of the machine, from 0.
    """
    from mlplatform.spec.tune import SEARCH

    words = ["mlplatform-step", "tune", "--search", _text(tune), "--machine", str(machine)]
    # several machines hand all their files on in one folder: some services count folders
    for name in step.written if tune.machines == 1 else (SEARCH,):
        words += ["--output", f"{name}={{{{outputs.{name}}}}}"]
    for name, output in sorted(step.outputs.items()):
        words += ["--kept", f"{name}:{output.kind}"]
    (metrics,) = (name for name, output in step.outputs.items() if tune.metric in output.metrics)
    words += ["--metrics", metrics]
    if step.resources.accelerator:
        words += ["--devices", step.resources.accelerator[0].partition(":")[2] or "1"]
    if step.checkpoint:
        words += ["--checkpoint", "{{checkpoint}}"]
    return (*words, "--")


def stand_ins(step: StepSpec) -> Mapping[tuple[str, str], str]:
    """What `mlplatform-step tune` fills in for each trial: values, and folders of its own in place of the step's.

    Without braces, in which every engine looks for references of its own.

    Args:
        step: the step; without a search there are none.
    """
    if step.tune is None:
        return {}
    names = [("tune", each.name) for each in step.tune.parameters] + [("outputs", name) for name in step.outputs]
    return {**{each: f"<{'.'.join(each)}>" for each in names}, ("checkpoint", ""): "<checkpoint>"}


def best_command(step: StepSpec, tune: TuneSpec, parts: Iterable[str]) -> tuple[str, ...]:
    """The program that compares what several machines found.

    Args:
        step: the step.
        tune: its search.
        parts: names of its inputs, one of each machine.
    """
    words = ["mlplatform-step", "best", "--goal", tune.goal]
    for name in parts:
        words += ["--input", f"{name}={{{{inputs.{name}}}}}"]
    for name in sorted(step.written):
        words += ["--output", f"{name}={{{{outputs.{name}}}}}"]
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
