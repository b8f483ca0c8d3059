"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from mlplatform.package.args.pipeline_parameters import ParameterSpec
from mlplatform.package.args.pipeline_steps import StepSpec
from mlplatform.package.args.triggers import TriggersSpec


class PipelineSpec(TypedDict):
    """Steps from data to a gated candidate. A run ends with a version registered; `mlplatform promote` releases it."""

    name: str
    """Unique in the platform: `fraud-retrain`."""

    model: str
    """Name of the model whose candidates it makes."""

    on: NotRequired[str]
    """Name of the target that runs it. Needed with several targets: a model is trained in one place."""

    engine: NotRequired[str]
    """What runs it.

    One of managed, cluster, airflow.
    """

    endpoint: NotRequired[str]
    """Endpoint whose released version of the model inputs with `released` read. Omitted: the only endpoint of the
    target that serves the model.
    """

    image: NotRequired[str]
    """Container image of steps without one of their own."""

    programs_image: NotRequired[str]
    """Image with the platform's own programs, `mlplatform-step`, by its digest. Needed for steps of kind `champion`,
    `gate` and `register`, and of kind `validate` with `data_checks`, without an image of their own.
    """

    parameters: NotRequired[Sequence[ParameterSpec]]
    """Values that a run may be given. Omitted: none."""

    steps: Sequence[StepSpec]
    """The steps; their order follows from what each reads, not from this list."""

    timeout_hours: NotRequired[int]
    """Longest run, hours: whoever starts it also stops it then."""

    max_usd_per_run: NotRequired[float]
    """Most that a run may cost by the machines and timeouts of its steps, USD. Omitted: no bound."""

    triggers: NotRequired[TriggersSpec]
    """What starts its runs without a person, and what holds them back. Omitted: nothing starts one but a person, at
    the cloud's own service, or in the cluster.
    """
