"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from mlplatform.package.args.base_models import BaseModelSpec


class InputSpec(TypedDict):
    """A folder that a step reads: another step's output, a folder of the store, the released model, or a base model."""

    step: NotRequired[str]
    """The step that writes it, with `output`. Omitted: it is in the store."""

    output: NotRequired[str]
    """Name of that step's output."""

    place: NotRequired[str]
    """Place of the store, with `path`. Omitted: a step writes it.

    One of data, features, models, pipelines, monitoring.
    """

    path: NotRequired[str]
    """Folder in that place."""

    released: NotRequired[bool]
    """The files of the released version of the pipeline's model, to compare a candidate with. The version is the one
    in the record of releases when the plan is applied; a step of kind `champion` fetches the one that is released
    when it runs. Nothing released yet: the placeholder is an empty word.
    """

    base_model: NotRequired[BaseModelSpec]
    """A model that others published, to start from: its files in the store, where `mlplatform import-model --to` has
    mirrored them. Gates and the record say which one it was. Omitted: none.
    """


class OutputSpec(TypedDict):
    """A folder that a step writes."""

    kind: NotRequired[str]
    """What is in it.

    One of folder, model, metrics, predictions.
    """

    metrics: NotRequired[Sequence[str]]
    """Names in `metrics.json`; only of that kind. What gates and conditions read must be named here."""
