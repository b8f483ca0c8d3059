"""Compares a candidate with the released model: the one that serves now, and not the one of the day the run began."""

from __future__ import annotations

from typing import assert_never

from mlplatform.spec.gates import ChampionSpec, GateSpec
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.evidence import GateEvidence
from mlplatform.steps.metrics import measure
from mlplatform.steps.paired import compare
from mlplatform.steps.released_now import NoCopy, ReleasedNow
from mlplatform.steps.verdict import Judgement, ReleasedBy

_TESTS = {"delong": "DeLong's test", "mcnemar": "McNemar's exact test", "bootstrap": "the paired bootstrap"}


def champion_name(champion: ChampionSpec) -> str:
    """Name of the requirement."""
    if champion.margin < 0:
        return f"{champion.metric} not worse than the released model's by {-champion.margin:g} or more"
    by = f" by more than {champion.margin:g}" if champion.margin else ""
    return f"{champion.metric} better than the released model's{by}"


def said_by(record: ReleasedNow | NoCopy | CannotJudge | None) -> ReleasedBy | None:
    """Who says what is released; None where nobody can tell."""
    match record:
        case ReleasedNow():
            return "record"
        case NoCopy() | None:
            return "definition"
        case CannotJudge():
            return None
        case _:
            assert_never(record)


def judge_champion(gate: GateSpec, evidence: GateEvidence) -> Judgement:
    """Whether the candidate is better than the released model.

    Args:
        gate: with a champion.
        evidence: what the evaluating step wrote, and what the record says.

    Raises:
        CannotJudge: something is missing, or the evaluating step compared with another model than the released one.
    """
    champion = gate.champion
    assert champion is not None
    name = champion_name(champion)
    predictions = evidence.known_predictions()
    if isinstance(evidence.released, CannotJudge):
        raise evidence.released
    standing = _standing(evidence)
    if evidence.released is None:
        if predictions.released is not None:
            raise CannotJudge("released.json says that nothing is released, and yet there are predictions of it")
        value = measure(champion.metric, predictions.candidate)
        return Judgement(
            name=name,
            outcome="passed",
            words=f"{name}: nothing is released, so the thresholds alone decide{standing}",
            value=value,
            rows=len(predictions),
        )
    if predictions.released is None:
        raise CannotJudge(
            f"version {evidence.released} is released, and the predictions have neither released_score nor "
            "released_predicted"
        )
    if len(predictions) < gate.least_rows:
        raise CannotJudge(f"there are {len(predictions):,} labelled test rows")
    found = compare(champion, predictions.candidate, predictions.released)
    passed = found.p_value <= champion.alpha
    shown = "less than 0.0001" if found.p_value < 1e-4 else f"{found.p_value:.4f}"
    return Judgement(
        name=name,
        outcome="passed" if passed else "refused",
        words=(
            f"{name}: it is {found.candidate:.4g}, that of version {evidence.released} is {found.released:.4g} on the "
            f"same {len(predictions):,} rows; the p-value of {_TESTS[champion.test]} is {shown}, and at most "
            f"{champion.alpha:g} passes{standing}"
        ),
        value=found.candidate,
        bound=champion.margin,
        released=found.released,
        test=champion.test,
        p_value=found.p_value,
        alpha=champion.alpha,
        rows=len(predictions),
    )


def _standing(evidence: GateEvidence) -> str:
    """What the record says of the released model, as the end of a sentence.

    Without a copy of the record the definition's word counts: nothing contradicts it, and a release is held against
    the record itself by `mlplatform promote`. A copy that cannot be read may contradict it.

    Raises:
        CannotJudge: it says something else, or cannot be read.
    """
    record, compared = evidence.record, evidence.released
    match record:
        case CannotJudge():
            raise record
        case NoCopy(address):
            return f"; there is no copy of the record at {address}, so what the pipeline's definition names counts"
        case ReleasedNow(version, origin):
            if version != compared:
                raise CannotJudge(
                    f"the evaluating step compared with {_named(compared)}, and by {origin}, {_named(version)} is "
                    "released: run the pipeline again, once the record is applied and copied; a step of kind champion "
                    "before the evaluating one fetches what is released when it runs"
                )
            return f"; {origin} says so too"
        case None:
            return ""
        case _:
            assert_never(record)


def _named(version: object) -> str:
    return "nothing" if version is None else f"version {version}"
