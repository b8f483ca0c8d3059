"""Folders that a step reads and writes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses, repeated
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.base import SpecModel
from mlplatform.spec.gates import MetricName
from mlplatform.spec.later import later

if TYPE_CHECKING:
    from mlplatform.spec.base_models import BaseModelSpec as _BaseModel
else:
    _BaseModel = later("mlplatform.spec.base_models:BaseModelSpec")

StepName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=32)]
"""Lower-case words with hyphens; Azure ML writes them with underscores."""

PortName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=32)]
"""Name of an input or output: lower-case words with underscores, which each service takes as it is."""

StorePath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._=-]*(/[A-Za-z0-9][A-Za-z0-9._=-]*)*$")]
"""Path of a folder in a place of the store, without the slashes at both ends: `claims/2026`."""

OutputKind = Literal["folder", "model", "metrics", "predictions"]
"""What is written to an output.

- `folder`: any files.
- `model`: the files of a model.
- `metrics`: `metrics.json`, numbers by name; a gate without predictions also needs `rows`, the labelled test rows.
- `predictions`: `predictions.parquet`, one row per test row: `id`, `label`, `score`, `predicted` where the class is not
  score >= 0.5, and the columns of slices. For a comparison with the released model also `released_score` or
  `released_predicted`, and `released.json`: `{"version": "7"}`, or null where nothing is released.
"""


class InputSpec(SpecModel):
    """A folder that a step reads: another step's output, a folder of the store, the released model, or a base model."""

    step: StepName | None = None
    """The step that writes it, with `output`. Omitted: it is in the store."""

    output: PortName | None = None
    """Name of that step's output."""

    place: Place | None = None
    """Place of the store, with `path`. Omitted: a step writes it."""

    path: StorePath | None = None
    """Folder in that place."""

    released: bool = False
    """The files of the released version of the pipeline's model, to compare a candidate with. The version is the one in
    the record of releases when the plan is applied; a step of kind `champion` fetches the one that is released when it
    runs. Nothing released yet: the placeholder is an empty word."""

    base_model: _BaseModel | None = None
    """A model that others published, to start from: its files in the store, where `mlplatform import-model --to` has
    mirrored them. Gates and the record say which one it was. Omitted: none."""

    @model_validator(mode="after")
    @refuses
    def _one_source(self) -> Iterator[FieldProblem]:
        names = ("step", "output", "place", "path", "base_model")
        given = {name for name in names if getattr(self, name) is not None}
        given |= {"released"} if self.released else set()
        if given not in ({"step", "output"}, {"place", "path"}, {"released"}, {"base_model"}):
            yield FieldProblem(
                (),
                "a step and its output, a place and a path, released, or a base model",
                "give step and output, place and path, released, or base_model",
                got=", ".join(sorted(given)) or "nothing",
            )


class OutputSpec(SpecModel):
    """A folder that a step writes."""

    kind: OutputKind = "folder"
    """What is in it."""

    metrics: tuple[MetricName, ...] = ()
    """Names in `metrics.json`; only of that kind. What gates and conditions read must be named here."""

    @model_validator(mode="after")
    @refuses
    def _of_a_kind(self) -> Iterator[FieldProblem]:
        if bool(self.metrics) != (self.kind == "metrics"):
            yield FieldProblem(
                ("metrics",),
                "the names of the metrics"
                if self.kind == "metrics"
                else f"none, an output of kind {self.kind} has none",
                "name them" if self.kind == "metrics" else "remove them, or set kind to metrics",
                fields=(("kind",),),
            )
        yield from repeated("metrics", self.metrics, inner=None, of="metric")
