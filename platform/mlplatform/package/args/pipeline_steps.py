"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from mlplatform.package.args.data_checks import DataChecks
from mlplatform.package.args.gates import GateSpec
from mlplatform.package.args.step_folders import InputSpec, OutputSpec
from mlplatform.package.args.tune import TuneSpec


class StepResources(TypedDict):
    """The machines of a step."""

    vcpus: NotRequired[int]
    """Least vCPUs."""

    memory_gib: NotRequired[int]
    """Least memory, GiB."""

    disk_gib: NotRequired[int]
    """Least local disk, GiB."""

    accelerator: NotRequired[Sequence[str]]
    """Accelerators of each node, for example `"H100:8"`. Omitted: none."""

    nodes: NotRequired[int]
    """Nodes that start together; more than one needs `distribution` in the step."""

    capacity: NotRequired[str]
    """Spot nodes are cheaper and end at any time: a step on them needs `retries`, and a long one `checkpoint`.

    One of on-demand, spot.
    """

    pool: NotRequired[str]
    """Pool of the training cluster; only where the pipeline runs there. Omitted: the first by name with the
    accelerator and capacity, or the first CPU pool.
    """


class StepCondition(TypedDict):
    """A comparison with a metric that a former step wrote: the step is left out unless it holds."""

    step: str
    """The step that wrote it."""

    output: str
    """Its output, of kind `metrics`."""

    metric: str
    """The metric."""

    at_least: NotRequired[float]
    """Holds from this value on. Exactly one of the bounds."""

    at_most: NotRequired[float]
    """Holds up to this value."""


class StepSpec(TypedDict):
    """A container that runs once per run of the pipeline, with its inputs, outputs and machines.

    `command` names the folders and values with placeholders: `{{inputs.NAME}}`, `{{outputs.NAME}}`,
    `{{parameters.NAME}}`, `{{checkpoint}}`, `{{slice}}`, `{{run}}`, `{{tune.NAME}}`, and `{{released}}`, the
    version of the released model or nothing. A folder is a local path on every engine.
    """

    name: str
    """Unique in the pipeline."""

    kind: NotRequired[str]
    """What it does.

    One of ingest, validate, features, train, champion, evaluate, gate, register, score, custom.
    """

    image: NotRequired[str]
    """Container image. Omitted: the pipeline's; the platform's own programs have the one of `programs_image`."""

    command: NotRequired[Sequence[str]]
    """Program and arguments. Needed, except of `champion`, `gate`, `register`, and `validate` with `data_checks`."""

    inputs: NotRequired[Mapping[str, InputSpec]]
    """Folders that it reads, by name."""

    outputs: NotRequired[Mapping[str, OutputSpec]]
    """Folders that it writes, by name."""

    env: NotRequired[Mapping[str, str]]
    """Environment variables. Secrets are refused: the program reads them by its identity."""

    resources: NotRequired[StepResources]
    """Its machines."""

    distribution: NotRequired[str]
    """How the nodes of the step find each other. Omitted: it has one node.

    One of torch, tensorflow, mpi, ray.
    """

    after: NotRequired[Sequence[str]]
    """Steps that must have ended besides those whose outputs it reads."""

    when: NotRequired[StepCondition]
    """Condition of a former step's metric. Omitted: it always runs."""

    slices: NotRequired[Sequence[str]]
    """Runs once for each of these, side by side, with `{{slice}}` as its value. Omitted: once."""

    gate: NotRequired[GateSpec]
    """What the candidate must prove; of kind `gate` alone, and needed there."""

    data_checks: NotRequired[DataChecks]
    """What the data must be; of kind `validate` alone, which is the platform's own program then. Omitted: the step's
    command looks at the data.
    """

    tune: NotRequired[TuneSpec]
    """A search: the command runs once for each of its trials, and the outputs of the best one are the step's.
    Omitted: the command runs once.
    """

    retries: NotRequired[int]
    """Further attempts after a failure or the loss of a spot node."""

    timeout_minutes: NotRequired[int]
    """Longest run of one attempt, minutes."""

    cache_days: NotRequired[int]
    """Days for which the outputs are used again when image, command, inputs and parameters are the same. 0: never."""

    checkpoint: NotRequired[bool]
    """Whether `{{checkpoint}}` is a folder of the store that the next attempt and the next run of the same id find.
    A search keeps its trials there, and goes on with them.
    """
