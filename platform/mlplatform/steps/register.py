"""Registers a candidate: its files in a folder of its version, their digests, and what it passed."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from mlplatform.promote.digests import compute_digests
from mlplatform.spec.candidates import CandidateSpec
from mlplatform.spec.releases import GateResult
from mlplatform.steps import tracking
from mlplatform.steps.model_files import model_folder
from mlplatform.steps.stamp import KnownOfRun, RunStamp, stamp_of
from mlplatform.steps.validation import VALIDATION, DataVerdict
from mlplatform.steps.verdict import CARD, FILE, GateVerdict, Judgement

CANDIDATE = "candidate.json"

_LONGEST = 63


class NotRegistered(Exception):
    """A candidate that may not be registered, with the reason."""


def register(
    inputs: Mapping[str, Path],
    output: Path,
    *,
    pipeline: str,
    model: str,
    run: str,
    version: str | None = None,
    models: Path | None = None,
    known: KnownOfRun | None = None,
) -> CandidateSpec:
    """Register a candidate.

    Args:
        inputs: the model's folder and the verdict's, by name.
        output: where `candidate.json` and the card go.
        pipeline: name of the pipeline.
        model: name of the model.
        run: id of the run.
        version: version of the model. Omitted: made of the run's id.
        models: folder in which `MODEL/VERSION/` is made. Omitted: `models` in the output.
        known: what the pipeline knows of its run. Omitted: its name.

    Raises:
        NotRegistered: it did not pass, the verdict is of another run, or the version is there with other files.
        ValueError: something is missing or cannot be read; one problem per argument.
    """
    verdict, where = _verdict(inputs)
    if verdict.outcome != "passed":
        raise NotRegistered(f"the gate {_SAID[verdict.outcome]}: {_first(verdict).words}")
    for what, judged, given in (
        ("pipeline", verdict.pipeline, pipeline),
        ("model", verdict.model, model),
        ("run", verdict.run, run),
    ):
        if judged != given:
            again = "; set cache_days of the gate's step to 0" if what == "run" else ""
            raise NotRegistered(f"the verdict is of {what} {judged}, and this is {what} {given}{again}")
    source = model_folder(inputs)
    digests = compute_digests(source)
    if not digests:
        raise ValueError(f"--input: the model's folder {source} has no files")
    judged = {name.partition("/")[2]: digest for name, digest in verdict.inputs.items()}
    if verdict.gate.needs_model and any(judged.get(name) != digest for name, digest in digests.items()):
        raise NotRegistered("the gate judged the size or licence of other files than those of the model")
    data = _data_verdict(inputs)
    if data and data.outcome != "passed":
        raise NotRegistered(f"the look at the data {_SAID[data.outcome]}: {data.worst.words}")
    if data and data.pipeline != pipeline:
        raise NotRegistered(f"the look at the data is of pipeline {data.pipeline}, and this is {pipeline}")
    stamp = stamp_of(source, known or KnownOfRun(pipeline=pipeline, parameters={}), data)
    candidate = _candidate(verdict, digests, version or version_of(run), stamp, data)
    place = (models or output / "models") / candidate.model / candidate.version
    _place(source, place, digests)
    output.mkdir(parents=True, exist_ok=True)
    if (where / CARD).is_file():
        shutil.copyfile(where / CARD, output / CARD)
    if tracking.named():
        candidate = candidate.overlay(registry=tracking.register(candidate, verdict, place))
    text = candidate.model_dump_json(indent=2, exclude_unset=True, exclude_none=True)
    (output / CANDIDATE).write_text(text + "\n", encoding="utf-8")
    return candidate


_SAID = {"refused": "refused it", "could not judge": "could not judge it"}


def version_of(run: str) -> str:
    """A version made of a run's id: as it is where possible, else with a digest, so that no two runs share one."""
    fits = re.sub(r"[^A-Za-z0-9._-]+", "-", run).strip("-._")
    if fits == run and len(run) <= _LONGEST:
        return run
    return f"{fits[-(_LONGEST - 9) :].strip('-._')}-{hashlib.sha256(run.encode()).hexdigest()[:8]}".lstrip("-")


def _first(verdict: GateVerdict) -> Judgement:
    return next((each for each in verdict.findings if each.outcome == verdict.outcome), verdict.findings[0])


def _verdict(inputs: Mapping[str, Path]) -> tuple[GateVerdict, Path]:
    where = [folder for folder in inputs.values() if (folder / FILE).is_file()]
    if len(where) != 1:
        found = "no input has" if not where else f"{len(where)} inputs have"
        raise ValueError(f"--input: {found} {FILE}, expected the verdict of one gate")
    try:
        return GateVerdict.model_validate_json((where[0] / FILE).read_bytes()), where[0]
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{where[0] / FILE}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _candidate(
    verdict: GateVerdict, digests: Mapping[str, str], version: str, stamp: RunStamp, data: DataVerdict | None
) -> CandidateSpec:
    said = {name: value for name in ("commit", "data_version", "image") if (value := getattr(stamp, name))}
    try:
        return CandidateSpec.model_validate(
            {
                "candidate_version": 1,
                "model": verdict.model,
                "version": version,
                "pipeline": verdict.pipeline,
                "run": verdict.run,
                **said,
                "training": stamp.training.model_dump(exclude_unset=True),
                "digests": digests,
                "gates": [*_gates_of(data), *(_gate(finding) for finding in verdict.findings)],
                "compared": verdict.compared,
                "released": verdict.released,
                **({"sign_off": verdict.gate.sign_off} if verdict.gate.sign_off else {}),
                "metrics": verdict.metrics,
            }
        )
    except ValidationError as error:
        raise ValueError(
            *(f"candidate: {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        ) from None


def _data_verdict(inputs: Mapping[str, Path]) -> DataVerdict | None:
    """The look at the data, where the step reads it."""
    where = [folder for folder in inputs.values() if (folder / VALIDATION).is_file()]
    if len(where) > 1:
        raise ValueError(f"--input: {len(where)} inputs have {VALIDATION}, expected the look at one")
    try:
        return DataVerdict.model_validate_json((where[0] / VALIDATION).read_bytes()) if where else None
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{where[0] / VALIDATION}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _gates_of(data: DataVerdict | None) -> list[GateResult]:
    """The look at the data as one result: the record need not repeat each column."""
    return [GateResult(name=f"{len(data.findings)} checks of {data.rows or 0:,} rows of data")] if data else []


def _gate(finding: Judgement) -> GateResult:
    fields = {
        "value": finding.value,
        "threshold": finding.bound,
        "released": finding.released,
        "test": finding.test,
        "p_value": finding.p_value,
        "rows": finding.rows,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return GateResult.model_validate({"name": finding.name[:400], **given})


def _place(source: Path, place: Path, digests: Mapping[str, str]) -> None:
    """Copy the files. A version is never changed; a step that is tried again finds what it copied before."""
    if place.is_dir() and any(place.iterdir()):
        there = compute_digests(place)
        if any(digests.get(name) != digest for name, digest in there.items()):
            raise NotRegistered(
                f"{place} is there with other files, and a version never changes: give another --version"
            )
    for name in digests:
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
    if compute_digests(place) != dict(digests):
        raise ValueError(f"{place}: the files are not those of {source} after the copy; free some space and try again")
