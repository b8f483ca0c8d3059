"""Candidates: what a pipeline's run hands on to `mlplatform promote`, as `candidate.json`."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel
from mlplatform.spec.gates import SignOffRole
from mlplatform.spec.model_names import ModelName, Version
from mlplatform.spec.releases import Digest, GateResult, Words
from mlplatform.spec.training_run import TrainingRun

VERSION_TAG, RUN_TAG = "mlplatform.version", "mlplatform.run"
"""Tags of a version in the model registry of MLflow: what it is here, and the run that made it."""


class CandidateSpec(SpecModel):
    """A model version that passed its gate and may be released."""

    candidate_version: Literal[1] = 1
    """Version of this format."""

    model: ModelName
    """Name of the model."""

    version: Version
    """Its version."""

    pipeline: Words
    """Name of the pipeline that made it."""

    run: Words
    """The run that made it."""

    commit: Words | None = None
    """Commit of the training code. Omitted: unknown."""

    data_version: Words | None = None
    """Version of the data that it was trained on. Omitted: unknown."""

    image: Words | None = None
    """Image that trained it, with its digest. Omitted: unknown."""

    training: TrainingRun | None = None
    """How it was trained, as its run stamped it. Omitted: unknown."""

    digests: dict[Words, Digest] = Field(min_length=1)
    """SHA-256 of each file of the model, by its path in the version's folder."""

    gates: tuple[GateResult, ...] = Field(min_length=1)
    """What it passed."""

    compared: bool = False
    """Whether the gate compares with the released model: a release is refused if that is another one by now."""

    released: Version | None = None
    """Version that was released when it was judged. Omitted: none was."""

    metrics: dict[Words, float] = Field(default_factory=dict[str, float])
    """All metrics that the evaluating step wrote."""

    sign_off: tuple[SignOffRole, ...] = ()
    """Who must sign it off before it is released, by what they are."""

    registry: Words | None = None
    """Its name and version in the model registry. Omitted: no registry was named."""

    @property
    def path(self) -> str:
        """Path below the store's `models` place: `fraud/7`."""
        return f"{self.model}/{self.version}"

    @model_validator(mode="after")
    @refuses
    def _passed(self) -> Iterator[FieldProblem]:
        for index, gate in enumerate(self.gates):
            if not gate.passed:
                yield FieldProblem(
                    ("gates", index, "passed"), "a gate that was passed: a pipeline registers no others", "train again"
                )
        if self.released and not self.compared:
            yield FieldProblem(
                ("released",), "none, because nothing was compared", "remove it", fields=(("compared",),)
            )
