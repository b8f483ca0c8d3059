"""Judges a candidate: thresholds, the comparison with the released model, and slices.

Whatever cannot be told is said, and does not pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from mlplatform.spec.base_models import BaseModelSpec
from mlplatform.spec.gates import COMPUTED_METRICS, LESS_IS_BETTER, GateSpec, SliceSpec, ThresholdSpec
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.evidence import ROWS, GateEvidence
from mlplatform.steps.judge_champion import champion_name, judge_champion, said_by
from mlplatform.steps.judge_model import judge_licence, judge_size
from mlplatform.steps.metrics import CUTOFF_FREE, measure
from mlplatform.steps.model_files import read_provenance, size_mib
from mlplatform.steps.predictions import Predictions
from mlplatform.steps.verdict import GateVerdict, Judgement, Outcome, PartResult, outcome_of

_MOST_OFF = 1e-3
"""By how much a metric of the evaluating step may differ from what its predictions give: rounding, single precision."""


def judge(
    gate: GateSpec,
    evidence: GateEvidence,
    *,
    pipeline: str,
    model: str,
    run: str,
    base_models: Sequence[BaseModelSpec] = (),
) -> GateVerdict:
    """Judge every requirement of a gate, whatever the others give; `base_models` is what the pipeline starts from."""
    findings = (
        _guarded(_rows_name(gate), lambda: _rows(gate, evidence)),
        *(_guarded(_threshold_name(each), lambda each=each: _threshold(each, evidence)) for each in gate.thresholds),
        *((_guarded(champion_name(gate.champion), lambda: judge_champion(gate, evidence)),) if gate.champion else ()),
        *(finding for each in gate.slices for finding in _slice(each, evidence)),
        *_of_the_model(gate, evidence, base_models),
    )
    released = evidence.released if gate.champion and isinstance(evidence.released, str) else None
    return GateVerdict(
        pipeline=pipeline,
        model=model,
        run=run,
        outcome=outcome_of(findings),
        rows=evidence.rows,
        compared=gate.champion is not None,
        released=released,
        released_by=said_by(evidence.record) if gate.champion else None,
        findings=findings,
        metrics=dict(evidence.metrics),
        inputs=dict(evidence.inputs),
        gate=gate,
    )


def _guarded(name: str, found: Callable[[], Judgement]) -> Judgement:
    try:
        return found()
    except CannotJudge as reason:
        return Judgement(name=name, outcome="could not judge", words=f"{name}: {reason}")


def _passes(passed: bool) -> Outcome:
    return "passed" if passed else "refused"


def _rows_name(gate: GateSpec) -> str:
    return f"at least {gate.least_rows:,} labelled test rows"


def _rows(gate: GateSpec, evidence: GateEvidence) -> Judgement:
    rows = evidence.rows
    name = _rows_name(gate)
    if broken := evidence.broken_predictions:
        # nobody asked for them, and yet they may say what the metrics hide
        raise broken
    if rows is None:
        raise CannotJudge(f"nobody says how many there are: there are no predictions, and metrics.json has no {ROWS}")
    unlabelled = evidence.predictions.unlabelled if isinstance(evidence.predictions, Predictions) else 0
    without = f", and {unlabelled:,} without a label" if unlabelled else ""
    return Judgement(
        name=name,
        # too few rows say nothing about the model: it is not refused, it cannot be judged
        outcome="passed" if rows >= gate.least_rows else "could not judge",
        words=f"{name}: there are {rows:,}{without}",
        value=rows,
        bound=gate.least_rows,
        rows=rows,
    )


def _bounds(least: float | None, most: float | None) -> str:
    said = [f"at least {least:g}" if least is not None else "", f"at most {most:g}" if most is not None else ""]
    return " and ".join(filter(None, said))


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _deciding(value: float, least: float | None, most: float | None) -> float | None:
    """The bound that the value breaks, or else the nearer one."""
    bounds = [bound for bound in (least, most) if bound is not None]
    if least is not None and value < least:
        return least
    if most is not None and value > most:
        return most
    return min(bounds, key=lambda bound: abs(bound - value), default=None)


def _threshold_name(threshold: ThresholdSpec) -> str:
    return f"{threshold.metric} {_bounds(threshold.at_least, threshold.at_most)}"


def _threshold(threshold: ThresholdSpec, evidence: GateEvidence) -> Judgement:
    metric, name = threshold.metric, _threshold_name(threshold)
    if reason := evidence.bad_metrics.get(metric) or evidence.bad_metrics.get(""):
        raise CannotJudge(reason)
    if metric not in evidence.metrics:
        raise CannotJudge(f"no input has {metric} in metrics.json")
    value = evidence.metrics[metric]
    if metric in CUTOFF_FREE and isinstance(evidence.predictions, Predictions):
        ours = measure(metric, evidence.predictions.candidate)
        if _differ(value, ours):
            raise CannotJudge(
                f"metrics.json says {value:.4g} and the predictions give {ours:.4g}: they are not of one model"
            )
    passed = _within(value, threshold.at_least, threshold.at_most)
    return Judgement(
        name=name,
        outcome=_passes(passed),
        words=f"{name}: it is {value:.4g}",
        value=value,
        bound=_deciding(value, threshold.at_least, threshold.at_most),
        released=_of_the_released(metric, value, evidence),
        rows=evidence.rows,
    )


def _of_the_model(gate: GateSpec, evidence: GateEvidence, base_models: Sequence[BaseModelSpec]) -> Iterator[Judgement]:
    """The size of the model's files, and the licences that it comes with."""
    folder = evidence.model
    if folder is None:
        return
    if (most := gate.most_model_mib) is not None:
        name = f"the model at most {most:g} MiB"
        yield _guarded(name, lambda: judge_size(name, most, size_mib(folder)))
    if gate.licences:
        name = f"a licence of {', '.join(gate.licences)}"[:300]
        yield _guarded(name, lambda: judge_licence(name, gate, read_provenance(folder), base_models))


def _differ(said: float, ours: float) -> bool:
    return abs(ours - said) > _MOST_OFF * max(1.0, abs(ours))


def _of_the_released(metric: str, value: float, evidence: GateEvidence) -> float | None:
    """The released model's value, for people to see beside the candidate's; None where they are not measured alike."""
    if metric not in COMPUTED_METRICS or not isinstance(evidence.predictions, Predictions):
        return None
    try:
        # the evaluating step may use another cutoff than ours
        if evidence.predictions.released is None or _differ(value, measure(metric, evidence.predictions.candidate)):
            return None
        return measure(metric, evidence.predictions.released)
    except CannotJudge:
        return None


def _in_each(part: SliceSpec) -> str:
    return f"{part.metric} {_bounds(part.at_least, part.at_most)} in each part by {part.column}"


def _apart(part: SliceSpec) -> str:
    return f"{part.metric} at most {part.most_difference:g} apart between parts by {part.column}"


def _slice(part: SliceSpec, evidence: GateEvidence) -> Iterator[Judgement]:
    """The bound of each part and the greatest difference: one requirement each."""
    if part.at_least is not None or part.at_most is not None:
        yield _guarded(_in_each(part), lambda: _each_part(part, evidence))
    if part.most_difference is not None:
        yield _guarded(_apart(part), lambda: _difference(part, evidence))


def _each_part(part: SliceSpec, evidence: GateEvidence) -> Judgement:
    parts, judged, says = _judged(part, evidence)
    name = _in_each(part)
    broken = [(each, value) for each, value in judged if not _within(value, part.at_least, part.at_most)]
    says = [*(f"{each.part} has {value:.4g}" for each, value in broken), *says]
    worst, value = (broken or judged or [(None, None)])[0]
    return Judgement(
        name=name,
        outcome="refused" if broken else "could not judge" if says else "passed",
        words=f"{name}: {_shortened(says) or f'all {len(parts)} are within it'}",
        value=value,
        bound=None if value is None else _deciding(value, part.at_least, part.at_most),
        rows=worst.rows if worst else None,
        parts=parts,
    )


def _difference(part: SliceSpec, evidence: GateEvidence) -> Judgement:
    parts, judged, says = _judged(part, evidence)
    name, most = _apart(part), part.most_difference or 0.0
    if len(parts) == 1:
        says = [f"all rows are in one part, {parts[0].part}", *says]
    values = [value for _, value in judged]
    value = max(values) - min(values) if values else None
    broken = value is not None and value > most
    says = [*([f"the best and the worst are {value:.4g} apart"] if value is not None else []), *says]
    return Judgement(
        name=name,
        outcome="refused" if broken else "could not judge" if len(says) > 1 or value is None else "passed",
        words=f"{name}: {_shortened(says)}",
        value=value,
        bound=most,
        rows=evidence.rows,
        parts=parts,
    )


def _judged(
    part: SliceSpec, evidence: GateEvidence
) -> tuple[tuple[PartResult, ...], list[tuple[PartResult, float]], list[str]]:
    """All parts, the worst first; those that can be judged, with their values; and why the others cannot."""
    parts = tuple(sorted(_parts(part, evidence.known_predictions()), key=lambda each: _order(part, each)))
    if not parts:
        raise CannotJudge("there is no labelled row")
    judged: list[tuple[PartResult, float]] = []
    says: list[str] = []
    for each in parts:
        if each.rows < part.least_rows:
            says.append(f"{each.part} has {each.rows:,} rows, and {part.least_rows:,} are needed")
        elif each.value is None:
            says.append(f"{part.metric} is not defined for {each.part}")
        else:
            judged.append((each, each.value))
    return parts, judged, says


def _shortened(says: list[str]) -> str:
    more = f"; and {len(says) - _MOST_SAID} more" if len(says) > _MOST_SAID else ""
    return "; ".join(says[:_MOST_SAID]) + more


_MOST_SAID = 8
"""Parts that a sentence names; all are in the list below it."""


def _parts(part: SliceSpec, predictions: Predictions) -> Iterator[PartResult]:
    column = predictions.parts.get(part.column)
    if column is None:
        return
    for value in sorted(set(column)):
        chosen = np.flatnonzero(column == value)
        try:
            measured = measure(part.metric, predictions.candidate.rows(chosen))
        except CannotJudge:
            measured = None
        yield PartResult(part=value, rows=len(chosen), value=measured)


def _order(part: SliceSpec, each: PartResult) -> tuple[int, float]:
    """The worst first, those without a value last."""
    if each.value is None:
        return 1, 0.0
    return 0, -each.value if part.metric in LESS_IS_BETTER or part.at_least is None else each.value
