"""The record of releases: which model version each variant of an endpoint serves, by target.

One reviewed file per environment, `models/<environment>.json` beside the spec. `mlplatform promote` writes it, and a
person may; what it does not name is not deployed, whatever the spec names.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_names import ModelName, Version
from mlplatform.spec.training_run import TrainingRun

Words = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^\S(.*\S)?$")]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]

BY_HAND = "by hand"
"""Name of the gate of a release that a person decided without a pipeline."""

RECORD_FOLDER = "models"
"""Folder of the records, beside the spec files."""


COPY_PATH = "_released/record.json"
"""Where the copy of the record is in the store's place `models`. No model's name begins with an underscore."""


class GateResult(SpecModel):
    """One check that a model version went through before it was released."""

    name: Words
    """Name of the check; `by hand` where a person decided without a pipeline."""

    passed: bool = True
    """Whether the version passed it. A release with a failed one is refused unless `by` overrules it."""

    value: float | None = None
    """The measured value. Omitted: none was measured."""

    threshold: float | None = None
    """The value that it was held against. Omitted: none."""

    released: float | None = None
    """The same value of the model that was released then, on the same rows. Omitted: it was not compared."""

    test: Words | None = None
    """The statistical test: `delong`, `mcnemar` or `bootstrap`. Omitted: the value alone decided."""

    p_value: float | None = None
    """Chance of such a result if the version were no better than asked for. Omitted: no test."""

    rows: int | None = None
    """Labelled test rows that it was measured on. Omitted: unknown."""

    by: Words | None = None
    """Name of the person who decided, or who overruled a failed check. Omitted: nobody did, a pipeline decided."""

    reason: Words | None = None
    """Why that person did so. Omitted: no reason was asked for."""

    @model_validator(mode="after")
    @refuses
    def _decided(self) -> Iterator[FieldProblem]:
        if self.name == BY_HAND and not self.by:
            yield FieldProblem(
                ("by",), "the name of the person who decided by hand", "add `by`", got="nothing", fields=(("name",),)
            )
        if not self.passed and not self.by:
            yield FieldProblem(
                ("passed",),
                "a gate that was passed, or that somebody overruled",
                "remove the release, or name who overruled the gate in `by`",
                fields=(("by",),),
            )


class FormerRelease(SpecModel):
    """A model version as it was released."""

    model: ModelName | None = None
    """Name of the model, its path in the store's `models` place without the version. Omitted: the image holds it."""

    version: Version | None = None
    """Version of the model, the last part of its path. Omitted: the image holds the model."""

    artifact: Words | None = None
    """Address of the version's folder in the store of this target. Omitted: the image holds the model."""

    digests: dict[Words, Digest] = Field(default_factory=dict)
    """SHA-256 of each file of the artefact, by its path in the folder."""

    image: Words | None = None
    """Container image, without tag or digest. Omitted: the spec's, or the server's public image."""

    image_digest: Digest | None = None
    """Digest of the container image. Omitted: the image is the server's public one."""

    data_version: Words | None = None
    """Version of the data that the model was trained on. Omitted: unknown."""

    commit: Words | None = None
    """Commit of the training code. Omitted: unknown."""

    run: Words | None = None
    """Training or pipeline run. Omitted: unknown."""

    registry: Words | None = None
    """Name and version in the model registry of MLflow, `fraud/12`, where its run registered it. Omitted: nowhere."""

    training: TrainingRun | None = None
    """How the version was trained, as its run stamped it, for `mlplatform reproduce`. Omitted: unknown."""

    gates: tuple[GateResult, ...] = ()
    """Checks that the version went through, in their order."""

    approver: Words
    """Who released it."""

    @model_validator(mode="after")
    @refuses
    def _whole(self) -> Iterator[FieldProblem]:
        parts = (("model",), ("version",), ("artifact",))
        if (self.model is None) != (self.version is None) or (self.model is None) != (self.artifact is None):
            yield FieldProblem(
                ("model",),
                "model, version and artifact, which belong together",
                "give all three, or none",
                fields=parts,
            )
        if self.model is None and self.image_digest is None and not self.gates:
            yield FieldProblem(
                ("model",),
                "a model, an image digest or a gate",
                "give one of them",
                got="a release of nothing",
                fields=(*parts, ("image_digest",), ("gates",)),
            )
        path = f"/{self.path}" if self.path else ""
        if self.artifact and not self.artifact.rstrip("/").endswith(path):
            yield FieldProblem(
                ("artifact",),
                f"an address that ends in {path}/, the path of model and version",
                "correct one of them",
                fields=parts,
            )
        if self.image and self.image_digest is None:
            yield FieldProblem(
                ("image_digest",), "the digest of the image", "give sha256:…", got="nothing", fields=(("image",),)
            )

    @property
    def path(self) -> str | None:
        """Path below the store's `models` place: `fraud/7`; None where the image holds the model."""
        return f"{self.model}/{self.version}" if self.model else None


class ModelReview(SpecModel):
    """Somebody looked whether a released model still fits its purpose."""

    day: date
    """The day."""

    by: Words
    """Who looked."""

    note: Words | None = None
    """What was found. Omitted: nothing to note."""


class Release(FormerRelease):
    """The release of one variant or shadow on one target."""

    review: ModelReview | None = None
    """The last review after the release; a new version starts without one. Omitted: only the release itself was one."""

    previous: FormerRelease | None = None
    """The release before this one, to which `mlplatform promote --back` returns. Omitted: this is the first one."""


class ReleaseRecord(SpecModel):
    """All releases of one platform in one environment."""

    record_version: Literal[1] = 1
    """Version of this format."""

    platform: str
    """Name of the platform, as in its spec."""

    environment: str
    """Environment of the platform, as in its spec and in the file's name."""

    targets: dict[str, dict[str, dict[str, Release]]] = Field(default_factory=dict)
    """Releases by name of the target, name of the endpoint, and name of the variant or shadow."""

    def of(self, target: str, endpoint: str) -> dict[str, Release]:
        """The releases of one endpoint on one target, by variant or shadow."""
        return self.targets.get(target, {}).get(endpoint, {})


class AwaitingEndpoint(EndpointSpec):
    """An endpoint of which nothing is released: it exists, and waits for its first model."""

    @property
    def awaits_model(self) -> bool:
        """True: nothing is released."""
        return True


def registered_name(model: str) -> str:
    """Name of a model in the registry of MLflow, whose names have no slashes."""
    return model.replace("/", "-")
