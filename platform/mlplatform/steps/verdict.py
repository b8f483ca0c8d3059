"""What a gate found: `verdict.json`, and the section of the model's card that people read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.gates import GateSpec
from mlplatform.spec.model_names import Version

Outcome: TypeAlias = Literal["passed", "refused", "could not judge"]

ReleasedBy: TypeAlias = Literal["record", "definition"]
"""Who says what is released: the record's copy, as it was when the gate judged, or the pipeline's definition, as it was
when the run began."""

FILE = "verdict.json"
CARD = "card.md"


class _Found(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class PartResult(_Found):
    """The metric of one part of the rows."""

    part: str
    """The value of the column."""

    rows: int
    """Its labelled rows."""

    value: float | None
    """The metric; None where it could not be told."""


class Judgement(_Found):
    """The result of one requirement of the gate."""

    name: str
    """The requirement: `auc at least 0.9`."""

    outcome: Outcome
    """What became of it."""

    words: str
    """What was found, as a sentence."""

    value: float | None = None
    """The measured value; of slices that of the worst part, of a comparison the candidate's."""

    bound: float | None = None
    """The bound that decided; of a comparison the margin."""

    released: float | None = None
    """The released model's value on the same rows."""

    test: str | None = None
    """The statistical test."""

    p_value: float | None = None
    """Chance of such a result if the candidate were no better than asked for."""

    alpha: float | None = None
    """The p-value that passes."""

    rows: int | None = None
    """Labelled rows that it was measured on."""

    parts: tuple[PartResult, ...] = ()
    """The parts of a slice, the worst first."""


class GateVerdict(_Found):
    """The whole result."""

    verdict_version: Literal[1] = 1
    """Version of this format."""

    pipeline: str
    """Name of the pipeline."""

    model: str
    """Name of the model."""

    run: str
    """The run."""

    outcome: Outcome
    """Whether the candidate may be registered. One requirement that could not be judged is enough that it may not."""

    rows: int | None
    """Labelled test rows; None where nobody can tell."""

    compared: bool
    """Whether the gate compares with the released model."""

    released: Version | None
    """Version of the released model that the candidate was compared with; None: nothing is released."""

    released_by: ReleasedBy | None = None
    """Who says so; None where nothing is compared, or nobody can tell."""

    findings: tuple[Judgement, ...]
    """Every requirement, in the order of the gate."""

    metrics: dict[str, float]
    """What the evaluating step wrote."""

    inputs: dict[str, str]
    """SHA-256 of each file that was read."""

    gate: GateSpec
    """The gate, as it was asked for."""

    @model_validator(mode="after")
    @refuses
    def _of_one_mind(self) -> Iterator[FieldProblem]:
        if not self.findings:
            yield FieldProblem(("findings",), "at least one finding", "judge the candidate again", got="none")
        elif (found := outcome_of(self.findings)) != self.outcome:
            yield FieldProblem(
                ("outcome",), f"'{found}', as the findings say", "judge the candidate again", fields=(("findings",),)
            )


def outcome_of(findings: tuple[Judgement, ...]) -> Outcome:
    """The worst outcome: refused before could not judge, because training again is then the way on."""
    outcomes = {finding.outcome for finding in findings}
    if "refused" in outcomes:
        return "refused"
    return "passed" if outcomes == {"passed"} else "could not judge"


def card_of(verdict: GateVerdict) -> str:
    """The verdict as a section of Markdown."""
    words = {"passed": "passed", "refused": "did not pass", "could not judge": "could not judge"}[verdict.outcome]
    rows = "an unknown number of" if verdict.rows is None else f"{verdict.rows:,}"
    lines = [
        f"## Gate: {words}",
        "",
        f"Run {plain(verdict.run)} of pipeline {plain(verdict.pipeline)}, model {plain(verdict.model)}, "
        f"judged on {rows} labelled test rows.",
        "",
        "| Requirement | Result | Value | Released | p | Rows |",
        "|---|---|---|---|---|---|",
    ]
    for finding in verdict.findings:
        cells = [
            plain(finding.name),
            finding.outcome,
            *(number(value) for value in (finding.value, finding.released, finding.p_value)),
            "" if finding.rows is None else f"{finding.rows:,}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    lines += [f"- {plain(finding.words)}." for finding in verdict.findings]
    if verdict.gate.sign_off:
        lines += ["", f"Before it is released it must be signed off by: {', '.join(verdict.gate.sign_off)}."]
    shown: list[tuple[PartResult, ...]] = []
    for finding in verdict.findings:
        if finding.parts and finding.parts not in shown:
            shown.append(finding.parts)
            lines += ["", f"### {plain(finding.name)}", "", "| Part | Value | Rows |", "|---|---|---|"]
            lines += [f"| {plain(part.part)} | {number(part.value)} | {part.rows:,} |" for part in finding.parts]
    return "\n".join(lines) + "\n"


def number(value: float | None) -> str:
    """A number for people: four digits."""
    return "" if value is None else f"{value:.4g}"


def plain(text: str) -> str:
    """Text that Markdown and its tables show as it is: names of parts come from data."""
    words = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{char}" if char in "\\`*_{}[]()#|!" else char for char in words)
