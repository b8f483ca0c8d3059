"""The steps of a pipeline: containers with inputs, outputs and machines."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldPath, FieldProblem, refuses, repeated
from mlplatform.similar import nearest_names
from mlplatform.spec.accelerators import Accelerators
from mlplatform.spec.base import SpecModel, default
from mlplatform.spec.endpoints import EnvName
from mlplatform.spec.gates import GateSpec, MetricName
from mlplatform.spec.later import later
from mlplatform.spec.nodes import PoolName
from mlplatform.spec.plain_secrets import variable_problems
from mlplatform.spec.step_folders import InputSpec, OutputSpec, PortName, StepName
from mlplatform.spec.variants import Image

if TYPE_CHECKING:
    from mlplatform.spec.data_checks import DataChecks as _DataChecks
    from mlplatform.spec.tune import TuneSpec as _Tune
else:
    _DataChecks = later("mlplatform.spec.data_checks:DataChecks")
    _Tune = later("mlplatform.spec.tune:TuneSpec")

SliceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=16)]

StepKind = Literal[
    "ingest", "validate", "features", "train", "champion", "evaluate", "gate", "register", "score", "custom"
]
"""What a step does: shown in views and read by checks. The platform's own programs are `champion`, which fetches the
model that is released when it runs, `gate`, `register`, and `validate` with `data_checks`."""

Distribution = Literal["torch", "tensorflow", "mpi", "ray"]
"""How the nodes of a step find each other.

- `torch`, `tensorflow`, `mpi`: the program runs on each node.
- `ray`: the program runs on the first node alone, beside the head of a cluster of Ray that the other nodes join.
"""

RUN_VARIABLES = "MLPLATFORM_RUN_"
"""How the variables begin with which the platform tells a step of kind `train` of its run: `IMAGE`, `PIPELINE`."""

LONGEST_COPY = 60
"""Longest time for comparing the machines of a search and copying the best one's files, minutes."""

_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")

ALONE = ("checkpoint", "released", "slice", "run")
"""Placeholders without a name: folder that survives an attempt, released version, value of `slices`, id of the run."""


OWN_OUTPUTS: Mapping[StepKind, Mapping[str, OutputSpec]] = {
    "champion": {"released": default(OutputSpec)},
    "gate": {"verdict": default(OutputSpec)},
    "register": {"candidate": default(OutputSpec)},
    "validate": {
        "validation": OutputSpec.model_construct(
            {"kind", "metrics"},
            kind="metrics",
            metrics=("data_passed", "data_rows", "data_failures", "data_null_share"),
        )
    },
}
"""What the platform's own programs write: `verdict.json` and `card.md`; `candidate.json` and the model's files;
`validation.json`, `card.md` and `metrics.json`."""


class StepResources(SpecModel):
    """The machines of a step."""

    by_meaning = frozenset({"accelerator"})

    vcpus: int = Field(default=4, ge=1, le=96)
    """Least vCPUs."""

    memory_gib: int = Field(default=16, ge=2, le=768)
    """Least memory, GiB."""

    disk_gib: int = Field(default=50, ge=10, le=16000)
    """Least local disk, GiB."""

    accelerator: Accelerators | None = None
    """Accelerators of each node, for example `"H100:8"`. Omitted: none."""

    nodes: int = Field(default=1, ge=1, le=256)
    """Nodes that start together; more than one needs `distribution` in the step."""

    capacity: Literal["on-demand", "spot"] = "on-demand"
    """Spot nodes are cheaper and end at any time: a step on them needs `retries`, and a long one `checkpoint`."""

    pool: PoolName | None = None
    """Pool of the training cluster; only where the pipeline runs there. Omitted: the first by name with the
    accelerator and capacity, or the first CPU pool."""


class StepCondition(SpecModel):
    """A comparison with a metric that a former step wrote: the step is left out unless it holds."""

    step: StepName
    """The step that wrote it."""

    output: PortName
    """Its output, of kind `metrics`."""

    metric: MetricName
    """The metric."""

    at_least: float | None = None
    """Holds from this value on. Exactly one of the bounds."""

    at_most: float | None = None
    """Holds up to this value."""

    @model_validator(mode="after")
    @refuses
    def _one_bound(self) -> Iterator[FieldProblem]:
        if (self.at_least is None) == (self.at_most is None):
            yield FieldProblem(("at_least",), "one of at_least and at_most", "give one of them", fields=(("at_most",),))


class StepSpec(SpecModel):
    """A container that runs once per run of the pipeline, with its inputs, outputs and machines.

    `command` names the folders and values with placeholders: `{{inputs.NAME}}`, `{{outputs.NAME}}`,
    `{{parameters.NAME}}`, `{{checkpoint}}`, `{{slice}}`, `{{run}}`, `{{tune.NAME}}`, and `{{released}}`, the version of
    the released model or nothing. A folder is a local path on every engine.
    """

    by_meaning = frozenset({"command"})

    name: StepName
    """Unique in the pipeline."""

    kind: StepKind = "custom"
    """What it does."""

    image: Image | None = None
    """Container image. Omitted: the pipeline's; the platform's own programs have the one of `programs_image`."""

    command: tuple[str, ...] = ()
    """Program and arguments. Needed, except of `champion`, `gate`, `register`, and `validate` with `data_checks`."""

    inputs: dict[PortName, InputSpec] = Field(default_factory=dict[str, InputSpec])
    """Folders that it reads, by name."""

    outputs: dict[PortName, OutputSpec] = Field(default_factory=dict[str, OutputSpec])
    """Folders that it writes, by name."""

    env: dict[EnvName, Annotated[str, StringConstraints(max_length=1024)]] = Field(default_factory=dict[str, str])
    """Environment variables. Secrets are refused: the program reads them by its identity."""

    resources: StepResources = default(StepResources)
    """Its machines."""

    distribution: Distribution | None = None
    """How the nodes of the step find each other. Omitted: it has one node."""

    after: tuple[StepName, ...] = ()
    """Steps that must have ended besides those whose outputs it reads."""

    when: StepCondition | None = None
    """Condition of a former step's metric. Omitted: it always runs."""

    slices: tuple[SliceName, ...] = ()
    """Runs once for each of these, side by side, with `{{slice}}` as its value. Omitted: once."""

    gate: GateSpec | None = None
    """What the candidate must prove; of kind `gate` alone, and needed there."""

    data_checks: _DataChecks | None = None
    """What the data must be; of kind `validate` alone, which is the platform's own program then. Omitted: the step's
    command looks at the data."""

    tune: _Tune | None = None
    """A search: the command runs once for each of its trials, and the outputs of the best one are the step's. Omitted:
    the command runs once."""

    retries: int = Field(default=0, ge=0, le=10)
    """Further attempts after a failure or the loss of a spot node."""

    timeout_minutes: int = Field(default=60, ge=1, le=28 * 24 * 60)
    """Longest run of one attempt, minutes."""

    cache_days: int = Field(default=0, ge=0, le=365)
    """Days for which the outputs are used again when image, command, inputs and parameters are the same. 0: never."""

    checkpoint: bool = False
    """Whether `{{checkpoint}}` is a folder of the store that the next attempt and the next run of the same id find. A
    search keeps its trials there, and goes on with them."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        own = self.own
        for name in self.outputs if own else ():
            yield FieldProblem(
                ("outputs", name),
                f"none: a step of kind {self.kind} writes {', '.join(OWN_OUTPUTS[self.kind])}",
                "remove it",
                fields=(("kind",),),
            )
        if own == bool(self.command) or (self.command and self.command[0].split() != [self.command[0]]):
            from mlplatform.spec.step_commands import command_problems

            yield from command_problems(self)
        if self.data_checks:
            from mlplatform.spec.data_checks import input_problems

            yield from input_problems(self.data_checks, self.kind, tuple(self.inputs))
        if (self.kind == "gate") != (self.gate is not None):
            yield FieldProblem(
                ("gate",),
                "what the candidate must prove" if self.kind == "gate" else f"none in a step of kind {self.kind}",
                "add thresholds" if self.kind == "gate" else "remove it, or set kind to gate",
                fields=(("kind",),),
            )
        if (self.resources.nodes > 1) != (self.distribution is not None):
            yield FieldProblem(
                ("distribution",),
                "how the nodes find each other" if self.resources.nodes > 1 else "none for one node",
                "set torch, tensorflow, mpi or ray"
                if self.resources.nodes > 1
                else "remove it, or raise resources.nodes",
                fields=(("resources", "nodes"),),
            )
        if self.resources.capacity == "spot" and not self.retries:
            yield FieldProblem(
                ("retries",),
                "at least 1: a spot node ends at any time",
                "set retries to 3 or more, or use on-demand",
                fields=(("resources", "capacity"),),
            )
        if self.tune:
            from mlplatform.spec.tune import tune_problems

            yield from tune_problems(self.tune, self)
        hands_on = own or self.tune or any(use == ("checkpoint", "") for _, use in self.placeholders())
        if self.checkpoint and not hands_on:
            yield FieldProblem(
                ("checkpoint",), "a command that names {{checkpoint}}", "hand it to the program, or remove checkpoint",
                fields=(("command",),),
            )  # fmt: skip
        yield from variable_problems(self.env, secrets=False)
        yield from repeated("slices", self.slices, inner=None, of="slice")
        for name in self.env:
            if name.startswith(RUN_VARIABLES):
                yield FieldProblem(
                    ("env", name), f"another name: variables {RUN_VARIABLES}… are the platform's own", "rename it",
                    got=f"'{name}'",
                )  # fmt: skip
        yield from self._placeholder_problems()

    @property
    def own(self) -> bool:
        """Whether it is one of the platform's own programs, `mlplatform-step`."""
        return self.kind in ("champion", "gate", "register") or (
            self.kind == "validate" and self.data_checks is not None
        )

    @property
    def written(self) -> Mapping[str, OutputSpec]:
        """Its outputs by name; those of the platform's own programs are always the same."""
        own = OWN_OUTPUTS[self.kind] if self.own else {"search": default(OutputSpec)} if self.tune else {}
        return {**self.outputs, **own}

    def task_names(self) -> tuple[str, ...]:
        """Names of what writes its outputs: its own, or one of each slice."""
        return tuple(f"{self.name}-{chosen}" for chosen in self.slices) or (self.name,)

    def search_names(self, task: str) -> tuple[str, ...]:
        """Names of the parts of a search on several machines; none for what runs on one.

        Args:
            task: what keeps the best of them, one of `task_names`.
        """
        machines = self.tune.machines if self.tune else 1
        return tuple(f"{task}-search{number}" for number in range(1, machines + 1)) if machines > 1 else ()

    def runs(self) -> Mapping[str, "StepSpec"]:
        """All that runs for it, by name, each with the machines and the time that it asks for."""
        found: dict[str, StepSpec] = {}
        *_, last = self.asked()
        for task in self.task_names():
            found |= {**dict.fromkeys(self.search_names(task), self), task: last}
        return found

    def asked(self) -> tuple["StepSpec", ...]:
        """It, and behind it what keeps the best of several machines' trials: that compares and copies alone."""
        if self.tune is None or self.tune.machines == 1:
            return (self,)
        asked = self.resources
        if asked.accelerator or asked.capacity == "spot":
            asked = StepResources(vcpus=2, memory_gib=8, disk_gib=asked.disk_gib)
        minutes = min(self.timeout_minutes, LONGEST_COPY)
        keeps = {"resources": asked, "checkpoint": False, "timeout_minutes": minutes}
        return (self, self.model_copy(update=keeps))

    def placeholders(self) -> Iterator[tuple[FieldPath, tuple[str, str]]]:
        """Every placeholder of the command and the variables: where it stands, and its group and name."""
        places: list[tuple[FieldPath, str]] = [(("command", index), word) for index, word in enumerate(self.command)]
        places += [(("env", name), value) for name, value in self.env.items()]
        for path, text in places:
            for match in _PLACEHOLDER.finditer(text):
                group, _, name = match[1].strip().partition(".")
                yield path, (group, name)

    def _placeholder_problems(self) -> Iterator[FieldProblem]:
        used: set[tuple[str, str]] = set()
        known = {("inputs", name) for name in self.inputs} | {("outputs", name) for name in self.outputs}
        known |= {(name, "") for name in ALONE if name != "checkpoint" or self.checkpoint}
        if not self.slices:
            known.discard(("slice", ""))
        known |= {("tune", each.name) for each in self.tune.parameters} if self.tune else set()
        for path, use in self.placeholders():
            used.add(use)
            if use in known or (use[0] == "parameters" and use[1]):
                continue
            words = [f"{{{{{'.'.join(filter(None, each))}}}}}" for each in sorted(known)]
            written = f"{{{{{'.'.join(filter(None, use))}}}}}"
            near = nearest_names(written, words)
            yield FieldProblem(
                path,
                f"placeholders of this step: {', '.join(words)}, {{{{parameters.NAME}}}}",
                f"write {near[0]}" if near else "use one of these",
                got=written,
                fields=(path, ("inputs",), ("outputs",)),
            )
        if self.command:
            for field, names in (("inputs", self.inputs), ("outputs", self.outputs)):
                for name in names:
                    if (field, name) not in used:
                        does = "reads" if field == "inputs" else "writes"
                        yield FieldProblem(
                            (field, name),
                            f"a command that {does} it: nothing names {{{{{field}.{name}}}}}",
                            "hand the placeholder to the program, or remove it",
                            got=f"'{name}'",
                            fields=(("command",), ("env",)),
                        )
