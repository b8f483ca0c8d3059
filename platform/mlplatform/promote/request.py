"""What a person or a pipeline asks to release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlplatform.spec.candidates import CandidateSpec
from mlplatform.spec.releases import GateResult
from mlplatform.spec.training_run import TrainingRun


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionRequest:
    """One release of one variant or shadow, on some targets."""

    endpoint: str
    """Name of the endpoint."""

    model: str | None = None
    """Model and version, `fraud/7`. None where the image holds the model, or on the way back."""

    variant: str | None = None
    """Name of the variant. None: the only one."""

    shadow: bool = False
    """True for the endpoint's shadow."""

    targets: tuple[str, ...] = ()
    """Names of the targets. Empty: all that have the endpoint."""

    back: bool = False
    """True to return to the release before the present one."""

    approver: str | None = None
    """Name of the person who decides; None where nobody was named, which is refused."""

    artifact: Path | None = None
    """Local file or folder of the artefact."""

    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    """SHA-256 of each file by its path in the artefact, where it is in the store already."""

    source: str | None = None
    """The target whose store and registry it is copied from, as `--from` names it. None: from this machine."""

    profiles: Mapping[str, str] = field(default_factory=dict[str, str])
    """Login of this machine by target, where the command line's usual one is not meant."""

    check: bool = False
    """True to copy nothing: the artefact is in the store already."""

    image: str | None = None
    """Container image without tag and digest. None: the spec's, or the server's public one."""

    image_digest: str | None = None
    """Digest of the container image."""

    data_version: str | None = None
    """Version of the training data."""

    commit: str | None = None
    """Commit of the training code."""

    run: str | None = None
    """Training or pipeline run."""

    registry: str | None = None
    """Name and version in the model registry."""

    training: TrainingRun | None = None
    """How it was trained, as its run stamped it."""

    gates: tuple[GateResult, ...] = ()
    """Results of a pipeline's gates. Empty: the gate is `by hand`, by the approver."""

    signed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Who signed it off, by what they are."""

    candidate: CandidateSpec | None = None
    """The candidate that all this is of. None: a person named it."""

    without_gate: str | None = None
    """Why a model that the spec gates is released without a candidate of its pipeline. None: it is not."""

    overrule: bool = False
    """True to release a candidate that was compared with another model than the one that is released now."""
