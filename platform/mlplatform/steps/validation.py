"""What a look at data found: `validation.json`, its numbers for other steps, and a card for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.data_checks import DataChecks
from mlplatform.steps.verdict import Judgement, Outcome, outcome_of, plain

VALIDATION = "validation.json"


class DataVerdict(BaseModel):
    """The whole result."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    validation_version: Literal[1] = 1
    """Version of this format."""

    pipeline: str
    """Name of the pipeline."""

    run: str
    """The run."""

    outcome: Outcome
    """Whether a model may learn from the data. One check that could not judge is enough that it may not."""

    rows: int | None
    """Rows that are there; None where nobody can tell."""

    data_version: str | None
    """`sha256:…` of the names and contents of the files; None where they could not be read."""

    null_share: float | None
    """Share of the cells of the named columns that have no value; None where nobody can tell."""

    findings: tuple[Judgement, ...]
    """Every check, in the order of the spec."""

    checks: DataChecks
    """The checks, as they were asked for."""

    @model_validator(mode="after")
    @refuses
    def _of_one_mind(self) -> Iterator[FieldProblem]:
        if not self.findings or outcome_of(self.findings) != self.outcome:
            yield FieldProblem(
                ("outcome",), "the outcome of its findings", "look at the data again", fields=(("findings",),)
            )

    @property
    def worst(self) -> Judgement:
        """The first finding with the outcome of the whole."""
        return next(each for each in self.findings if each.outcome == self.outcome)

    @property
    def metrics(self) -> dict[str, float]:
        """Numbers for `metrics.json`: always all of them, because services read each one when the step ends.

        What nobody can tell is as bad as can be: no rows, and no value in any cell.
        """
        return {
            "data_passed": float(self.outcome == "passed"),
            "data_failures": float(sum(each.outcome != "passed" for each in self.findings)),
            "data_rows": float(self.rows or 0),
            "data_null_share": 1.0 if self.null_share is None else self.null_share,
        }


def data_card_of(verdict: DataVerdict) -> str:
    """The verdict as a section of Markdown."""
    said = {"passed": "passed", "refused": "did not pass", "could not judge": "could not be judged"}[verdict.outcome]
    rows = "an unknown number of" if verdict.rows is None else f"{verdict.rows:,}"
    lines = [
        f"## Data: {said}",
        "",
        f"Run {plain(verdict.run)} of pipeline {plain(verdict.pipeline)}, {rows} rows.",
        "",
        "| Check | Result |",
        "|---|---|",
        *(f"| {plain(each.words)} | {each.outcome} |" for each in verdict.findings),
    ]
    return "\n".join(lines) + "\n"
