"""Pipelines: steps from data to a gated candidate, compiled to the service that runs them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldPath, FieldProblem, refuses, repeated
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel
from mlplatform.spec.later import later
from mlplatform.spec.model_names import ModelName
from mlplatform.spec.pipeline_parameters import MOST_PARAMETERS, ParameterSpec
from mlplatform.spec.pipeline_sources import register_problems, slice_problems, source_problems
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.variants import Image

if TYPE_CHECKING:
    from mlplatform.spec.base_models import BaseModelSpec
    from mlplatform.spec.triggers import TriggersSpec as _Triggers
else:
    _Triggers = later("mlplatform.spec.triggers:TriggersSpec")

PipelineName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=32)]

Engine = Literal["managed", "cluster", "airflow"]
"""What runs a pipeline.

- `managed`: the cloud's own service: SageMaker Pipelines, Vertex AI Pipelines, Azure ML.
- `cluster`: Argo Workflows on the training cluster.
- `airflow`: an Airflow that loads the rendered DAG; each step is a pod on the training cluster.
"""


PIPELINES_NAMESPACE = "pipelines"
"""Namespace of the steps that run on the training cluster. Their service account there has the same name, and acts as
the platform's identity of pipelines."""


STARTER_NAMESPACE = "starter"
"""Namespace of what starts runs there for the door. Its service account has the same name."""


class PipelineSpec(SpecModel):
    """Steps from data to a gated candidate. A run ends with a version registered; `mlplatform promote` releases it."""

    name: PipelineName
    """Unique in the platform: `fraud-retrain`."""

    model: ModelName
    """Name of the model whose candidates it makes."""

    on: str | None = None
    """Name of the target that runs it. Needed with several targets: a model is trained in one place."""

    engine: Engine = "managed"
    """What runs it."""

    endpoint: str | None = None
    """Endpoint whose released version of the model inputs with `released` read. Omitted: the only endpoint of the
    target that serves the model."""

    image: Image | None = None
    """Container image of steps without one of their own."""

    programs_image: Image | None = None
    """Image with the platform's own programs, `mlplatform-step`, by its digest. Needed for steps of kind `champion`,
    `gate` and `register`, and of kind `validate` with `data_checks`, without an image of their own."""

    parameters: tuple[ParameterSpec, ...] = Field(default=(), max_length=MOST_PARAMETERS)
    """Values that a run may be given. Omitted: none."""

    steps: tuple[StepSpec, ...] = Field(min_length=1, max_length=100)
    """The steps; their order follows from what each reads, not from this list."""

    timeout_hours: int = Field(default=72, ge=1, le=28 * 24)
    """Longest run, hours: whoever starts it also stops it then."""

    max_usd_per_run: float | None = Field(default=None, gt=0.0)
    """Most that a run may cost by the machines and timeouts of its steps, USD. Omitted: no bound."""

    triggers: _Triggers | None = None
    """What starts its runs without a person, and what holds them back. Omitted: nothing starts one but a person, at the
    cloud's own service, or in the cluster."""

    @property
    def reads_released(self) -> bool:
        """Whether a step reads the released version of the model, or its name."""
        return any(
            any(each.released for each in step.inputs.values())
            or any(use == ("released", "") for _, use in step.placeholders())
            or step.kind == "champion"
            for step in self.steps
        )

    @property
    def base_models(self) -> "tuple[BaseModelSpec, ...]":
        """The models of others that its steps start from, each once."""
        inputs = (source for step in self.steps for source in step.inputs.values())
        return tuple(dict.fromkeys(source.base_model for source in inputs if source.base_model))

    def step(self, name: str) -> StepSpec:
        """A step by name.

        Raises:
            LookupError: it has none of that name.
        """
        for step in self.steps:
            if step.name == name:
                return step
        raise LookupError(name)

    def edges(self) -> Mapping[str, tuple[str, ...]]:
        """For each step, the steps that must end before it, in the order of the list; unknown names are left out."""
        order = {step.name: index for index, step in enumerate(self.steps)}
        found: dict[str, tuple[str, ...]] = {}
        for step in self.steps:
            before = {source.step for source in step.inputs.values() if source.step} | set(step.after)
            if step.when:
                before.add(step.when.step)
            found[step.name] = tuple(sorted((name for name in before if name in order), key=lambda name: order[name]))
        return found

    def in_order(self) -> tuple[StepSpec, ...]:
        """The steps, each after those that it needs; of those that could be next, the first in the list."""
        edges, done = self.edges(), dict[str, StepSpec]()
        while len(done) < len(self.steps):
            ready = [s for s in self.steps if s.name not in done and all(name in done for name in edges[s.name])]
            if not ready:
                break
            done[ready[0].name] = ready[0]
        return tuple(done.values())

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        yield from repeated("steps", [step.name for step in self.steps], of="step")
        yield from repeated("parameters", [parameter.name for parameter in self.parameters], of="parameter")
        for index, step in enumerate(self.steps):
            at: FieldPath = ("steps", index)
            yield from source_problems(self, at, step)
            yield from self._placeholder_problems(at, step)
            yield from slice_problems(self, at, step)
            if step.kind == "register":
                yield from register_problems(self, at, step)
            yield from self._image_problems(at, step)
            if step.timeout_minutes > self.timeout_hours * 60:
                yield FieldProblem(
                    (*at, "timeout_minutes"),
                    f"at most timeout_hours, {self.timeout_hours * 60} minutes: the run is stopped then",
                    "lower it, or raise timeout_hours",
                    fields=((*at, "timeout_minutes"), ("timeout_hours",)),
                )
        yield from self._same_tasks()
        yield from self._cycle()
        if self.triggers:
            yield from self._trigger_problems(self.triggers)

    def _trigger_problems(self, triggers: "_Triggers") -> Iterator[FieldProblem]:
        from mlplatform.spec.triggers import trigger_problems

        yield from trigger_problems(
            triggers,
            parameters=self.parameters,
            timeout_hours=self.timeout_hours,
            max_usd_per_run=self.max_usd_per_run,
            folders=[(i.place, i.path) for step in self.steps for i in step.inputs.values() if i.place and i.path],
            programs_image=self.programs_image,
        )

    def image_of(self, step: StepSpec) -> str | None:
        """The image of one of its steps; None where the spec names none."""
        return step.image or (self.programs_image if step.own else self.image)

    def _image_problems(self, at: FieldPath, step: StepSpec) -> Iterator[FieldProblem]:
        if self.image_of(step) is None:
            field = "programs_image" if step.own else "image"
            yield FieldProblem(
                (*at, "image"),
                "the image with mlplatform-step, here or in programs_image of the pipeline"
                if step.own
                else "an image, here or of the pipeline",
                f"give one, or set the pipeline's {field}",
                got="none",
                fields=((field,), (*at, "image")),
            )

    def _same_tasks(self) -> Iterator[FieldProblem]:
        """Slices, or parts of a search, whose names behind that of their step are those of another step."""
        names: dict[str, str] = {}
        for index, step in enumerate(self.steps):
            for each in step.runs():
                first = names.setdefault(each, step.name)
                if first != step.name:
                    yield FieldProblem(
                        ("steps", index, "name"),
                        f"a name that makes no other step's: {first} runs as {each} too",
                        "rename the step, or the slice",
                        fields=(("steps", index, "name"), ("steps",)),
                    )

    def _placeholder_problems(self, at: FieldPath, step: StepSpec) -> Iterator[FieldProblem]:
        known = [parameter.name for parameter in self.parameters]
        for index, tuned in enumerate(step.tune.parameters if step.tune else ()):
            if tuned.name in known:
                yield FieldProblem(
                    (*at, "tune", "parameters", index, "name"),
                    "another name than those of the pipeline's parameters: the candidate's record has both",
                    "rename it",
                    got=f"'{tuned.name}'",
                    fields=((*at, "tune", "parameters"), ("parameters",)),
                )
        for path, (group, name) in step.placeholders():
            if group == "parameters" and name not in known:
                near = nearest_names(name, known)
                yield FieldProblem(
                    (*at, *path),
                    f"one of the pipeline's parameters: {', '.join(known) or 'it has none'}",
                    f"write {{{{parameters.{near[0]}}}}}" if near else f"add {name} to parameters",
                    got=f"{{{{parameters.{name}}}}}",
                    fields=((*at, *path), ("parameters",)),
                )

    def _cycle(self) -> Iterator[FieldProblem]:
        """Steps that wait for each other: the shortest walk that comes back."""
        ordered = {step.name for step in self.in_order()}
        edges = self.edges()
        stuck = [step.name for step in self.steps if step.name not in ordered]
        inside = [name for name in stuck if _walk(edges, name)]
        if inside:
            walk = min((_walk(edges, name) for name in inside), key=len)
            index = next(i for i, step in enumerate(self.steps) if step.name == walk[0])
            yield FieldProblem(
                ("steps", index),
                f"steps without a cycle: {' waits for '.join(walk)}",
                "remove one of these inputs, or of `after`",
                got=f"'{walk[0]}'",
                fields=(("steps",),),
            )


def _walk(edges: Mapping[str, tuple[str, ...]], start: str) -> tuple[str, ...]:
    """The shortest walk from a step back to itself; empty if there is none."""
    walks: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for walk in walks:
        for name in edges[walk[-1]]:
            if name == start:
                return (*walk, name)
            if name not in seen:
                seen.add(name)
                walks.append((*walk, name))
    return ()
