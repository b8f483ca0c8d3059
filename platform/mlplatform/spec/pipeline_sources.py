"""Problems of what the steps of a pipeline read: outputs that no step writes, and what gates and registrations need."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlplatform.field_problem import FieldPath, FieldProblem
from mlplatform.similar import nearest_names
from mlplatform.spec.gates import GateSpec
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.step_folders import OutputSpec

if TYPE_CHECKING:
    from mlplatform.spec.pipelines import PipelineSpec


def source_problems(pipeline: "PipelineSpec", at: FieldPath, step: StepSpec) -> Iterator[FieldProblem]:
    """What a step reads and no other writes."""
    for name, source in step.inputs.items():
        if source.step:
            path = (*at, "inputs", name)
            yield from _output_problems(pipeline, path, step, source.step, source.output or "")
    for index, name in enumerate(step.after):
        yield from _step_problems(pipeline, (*at, "after", index), step, name)
    if step.when:
        path = (*at, "when")
        problems = list(_output_problems(pipeline, path, step, step.when.step, step.when.output))
        yield from problems
        if not problems:
            output = pipeline.step(step.when.step).written[step.when.output]
            yield from _metric_problems((*path, "metric"), step.when.metric, output.metrics, step.when.step)
    if step.kind == "champion":
        yield from _champion_problems(at, step)
    if step.gate:
        yield from _gate_problems(pipeline, at, step, step.gate)
        yield from _licence_problems(pipeline, at, step.gate)


def _champion_problems(at: FieldPath, step: StepSpec) -> Iterator[FieldProblem]:
    """What would let it say what was released some time ago, and inputs that it does not read."""
    if step.cache_days:
        yield FieldProblem(
            (*at, "cache_days"), "0: it asks what is released when it runs", "remove it", fields=((*at, "kind"),)
        )
    for name in step.inputs:
        yield FieldProblem(
            (*at, "inputs", name),
            "none: it reads the record of releases, and fetches the model from the store",
            "remove it; name steps that come before it in after",
            got=f"'{name}'",
            fields=((*at, "kind"),),
        )


def _licence_problems(pipeline: "PipelineSpec", at: FieldPath, gate: GateSpec) -> Iterator[FieldProblem]:
    """Base models whose licence the gate refuses: every run would end there, after the training."""
    for index, step in enumerate(pipeline.steps):
        for name, source in step.inputs.items():
            base = source.base_model
            if base and gate.licences and base.licence not in gate.licences:
                yield FieldProblem(
                    ("steps", index, "inputs", name, "base_model", "licence"),
                    f"one that the gate lets pass: {', '.join(gate.licences)}",
                    "take another base model, or add its licence to the gate's licences after a review",
                    fields=((*at, "gate", "licences"),),
                )


def _step_problems(pipeline: "PipelineSpec", path: FieldPath, step: StepSpec, name: str) -> Iterator[FieldProblem]:
    names = [other.name for other in pipeline.steps if other.name != step.name]
    if name not in names:
        near = nearest_names(name, names)
        yield FieldProblem(
            path,
            f"another step: {', '.join(names) or 'there is none'}",
            f"write {near[0]}" if near else "use one of these names, or add the step",
            got="the step itself" if name == step.name else f"'{name}'",
            fields=(path, ("steps",)),
        )


def _output_problems(
    pipeline: "PipelineSpec", path: FieldPath, step: StepSpec, name: str, output: str
) -> Iterator[FieldProblem]:
    problems = list(_step_problems(pipeline, (*path, "step"), step, name))
    yield from problems
    if not problems and output not in (known := list(pipeline.step(name).written)):
        near = nearest_names(output, known)
        yield FieldProblem(
            (*path, "output"),
            f"an output of {name}: {', '.join(known) or 'it has none'}",
            f"write {near[0]}" if near else f"use one of these, or add it to {name}",
            got=f"'{output}'",
            fields=((*path, "output"), ("steps",)),
        )


def _gate_problems(pipeline: "PipelineSpec", at: FieldPath, step: StepSpec, gate: GateSpec) -> Iterator[FieldProblem]:
    """A gate reads metrics that nobody writes, or compares predictions that it is not given."""
    read = list(_read_outputs(pipeline, step))
    metrics = [output for kind, output in read if kind == "metrics"]
    if not metrics:
        yield FieldProblem(
            (*at, "inputs"), "the metrics that it judges", "add an input from an output of kind metrics", got="none"
        )
    # the metrics of all inputs: those of the evaluating step, and those of the platform's look at the data
    known = tuple(name for output in metrics for name in output.metrics)
    for index, threshold in enumerate(gate.thresholds if metrics else ()):
        yield from _metric_problems((*at, "gate", "thresholds", index, "metric"), threshold.metric, known, "its input")
    if gate.needs_model and "model" not in (kind for kind, _ in read):
        yield FieldProblem(
            (*at, "inputs"),
            "the model, whose size or licence is asked for",
            "add an input from an output of kind model",
            fields=((*at, "inputs"), (*at, "gate")),
        )
    if gate.needs_predictions and "predictions" not in (kind for kind, _ in read):
        yield FieldProblem(
            (*at, "inputs"),
            "the predictions of each test row, which champion and slices compare",
            "add an input from an output of kind predictions",
            fields=((*at, "inputs"), (*at, "gate")),
        )


def slice_problems(pipeline: "PipelineSpec", at: FieldPath, step: StepSpec) -> Iterator[FieldProblem]:
    """A slice is read by the same slice of another step."""
    for name, source in step.inputs.items():
        for other in pipeline.steps:
            if other.name == source.step and other.slices and set(other.slices) != set(step.slices):
                yield FieldProblem(
                    (*at, "slices"),
                    f"the slices of {other.name}, whose output it reads: {', '.join(other.slices)}",
                    f"give it the same slices, or read what {other.name} leaves in the store",
                    fields=((*at, "slices"), (*at, "inputs", name), ("steps",)),
                )


def register_problems(pipeline: "PipelineSpec", at: FieldPath, step: StepSpec) -> Iterator[FieldProblem]:
    """A candidate needs a model, and the verdict of a gate."""
    sources = {(source.step or "", source.output or "") for source in step.inputs.values()}
    written = {(s.name, name): output for s in pipeline.steps for name, output in s.written.items()}
    if not any(written[source].kind == "model" for source in sources if source in written):
        yield FieldProblem(
            (*at, "inputs"), "the model that it registers", "add an input from an output of kind model", got="none"
        )
    gates = {(other.name, "verdict") for other in pipeline.steps if other.kind == "gate"}
    if not sources & gates:
        yield FieldProblem(
            (*at, "inputs"),
            "the verdict of a gate: a candidate that nothing judged is never registered",
            "add an input from the output `verdict` of a step of kind gate",
            got="no verdict",
        )


def _read_outputs(pipeline: "PipelineSpec", step: StepSpec) -> Iterator[tuple[str, OutputSpec]]:
    for source in step.inputs.values():
        for other in pipeline.steps:
            output = other.written.get(source.output or "")
            if other.name == source.step and output:
                yield output.kind, output


def _metric_problems(path: FieldPath, metric: str, known: tuple[str, ...], of: str) -> Iterator[FieldProblem]:
    if metric not in known:
        near = nearest_names(metric, known)
        yield FieldProblem(
            path,
            f"a metric that {of} writes: {', '.join(known) or 'it is not of kind metrics'}",
            f"write {near[0]}" if near else "use one of these, or add it to the output's metrics",
            got=f"'{metric}'",
            fields=(path, ("steps",)),
        )
