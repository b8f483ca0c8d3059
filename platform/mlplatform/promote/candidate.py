"""Reads a candidate that a pipeline registered, and turns it into a request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from mlplatform.json_text import NotJson, parse_json
from mlplatform.promote.digests import compute_digests
from mlplatform.promote.request import PromotionRequest
from mlplatform.reading.file import read_text
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.refusals.errors import problems_of
from mlplatform.spec.candidates import CandidateSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import GateResult
from mlplatform.spec.training_run import TrainingRun

_FROM_CANDIDATE = ("model", "data_version", "commit", "run", "gates", "digests", "back")
"""What a request has from its candidate, and must not say too."""

_OPTIONS = {"model": "MODEL/VERSION", "data_version": "--data-version"}


def read_candidate(file: Path) -> CandidateSpec:
    """Read `candidate.json`.

    Raises:
        Unacceptable: it is no candidate; every problem is in it.
    """
    fix = "name the file that the pipeline's step of kind register wrote"
    try:
        given = parse_json(read_text(file))
    except NotJson as error:
        problem = Problem("--candidate", error.got, error.expected, fix, file=str(file), line=error.line)
        raise Unacceptable(problem) from None
    if not isinstance(given, dict):
        raise Unacceptable(Problem("--candidate", "no object", "a candidate", fix, file=str(file)))
    try:
        return CandidateSpec.model_validate(cast("dict[str, object]", given))
    except ValidationError as error:
        raise Unacceptable(*(replace(each, file=str(file)) for _, each in problems_of(error, CandidateSpec))) from None


def with_candidate(request: PromotionRequest, candidate: CandidateSpec, file: Path) -> PromotionRequest:
    """A request with what its candidate says.

    The model's files are those of `--artifact`, or those beside the candidate, or, with `--check`, those in the
    store, or, with `--from`, those in the store of another target.

    Raises:
        Unacceptable: the request contradicts the candidate, or the files are not those that were judged.
    """
    artifact = request.artifact
    beside = file.parent / "models" / candidate.model / candidate.version
    if artifact is None and beside.is_dir() and not request.source:
        artifact = beside
    problems = [*_contradictions(request), *_unsigned(request, candidate), *_other_files(candidate, artifact)]
    if artifact is None and not request.check and not request.source:
        problems.append(
            Problem(
                "--artifact",
                f"nothing, and no {beside}",
                "the model's files",
                "add --artifact PATH, --from TARGET where its pipeline ran, or --check if the store has them",
            )
        )
    if problems:
        raise Unacceptable(*problems)
    return replace(
        request,
        model=candidate.path,
        artifact=artifact,
        digests={} if artifact else candidate.digests,
        data_version=candidate.data_version,
        commit=candidate.commit,
        run=candidate.run,
        registry=candidate.registry,
        gates=(
            *candidate.gates,
            *(GateResult(name=f"signed off as {role}", by=request.signed[role]) for role in candidate.sign_off),
        ),
        training=request.training or _training(candidate),
        candidate=candidate,
    )


def _unsigned(request: PromotionRequest, candidate: CandidateSpec) -> Iterator[Problem]:
    """Nobody signed it off who must, or somebody did whom the gate does not ask for."""
    for role in candidate.sign_off:
        if role not in request.signed:
            yield Problem(
                "--signed-off",
                f"no {role}",
                f"who signed {candidate.path} off as {role}: its gate asks for it",
                f"show them the card, and add --signed-off {role}=NAME",
            )
    for role in request.signed:
        if role not in candidate.sign_off:
            asked = ", ".join(candidate.sign_off) or "nobody"
            yield Problem("--signed-off", f"'{role}'", f"whom the gate asks for: {asked}", "correct it, or remove it")


def _training(candidate: CandidateSpec) -> TrainingRun:
    """What a candidate says of its run. An image without a digest is not the one that trained: the tag may have moved.

    The metrics of the gates stay with them: a second run is held against numbers that follow from the training alone.
    """
    if candidate.training:
        return candidate.training
    try:
        return TrainingRun(pipeline=candidate.pipeline, image=candidate.image)
    except ValidationError:
        return TrainingRun(pipeline=candidate.pipeline)


def _contradictions(request: PromotionRequest) -> Iterator[Problem]:
    for name in _FROM_CANDIDATE:
        if getattr(request, name):
            option = _OPTIONS.get(name, f"--{name}")
            yield Problem(option, "given beside --candidate", "nothing: the candidate says it", f"omit {option}")


def _other_files(candidate: CandidateSpec, artifact: Path | None) -> Iterator[Problem]:
    """Files that are not those of the candidate."""
    if artifact is None or not artifact.exists():
        return
    there = compute_digests(artifact)
    names = sorted({*there, *candidate.digests}, key=lambda name: (name not in candidate.digests, name))
    wrong = [name for name in names if there.get(name) != candidate.digests.get(name)]
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        yield Problem(
            "--artifact",
            f"{artifact}, in which {', '.join(wrong[:3])}{more} differ",
            "the files that the gate judged, by their digests",
            "fetch the files of this candidate again; if they were changed on purpose, let the pipeline judge them",
        )
