"""What the monitor found, as a document: `monitor.json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

Drift: TypeAlias = Literal["covariate", "prior", "concept", "prediction", "quality", "performance", "skew"]
"""What changed.

- `covariate`: the inputs.
- `prior`: how frequent the labels are, while each label's inputs are as before.
- `concept`: what the same inputs mean.
- `prediction`: the answers, without any input that shows it.
- `quality`: the data are broken: missing, of another type, unknown values.
- `performance`: a metric of the labelled rows.
- `skew`: the features that were served are not those that training sees.
"""

Conclusion: TypeAlias = Literal["changed", "no change found", "could not judge"]

FILE = "monitor.json"


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Shift(_Document):
    """One difference between the window and the reference."""

    what: str
    """What differs: an input, two inputs, the answers, a slice."""

    p_value: float
    """Chance of such a difference if nothing changed, for all questions of its kind together."""

    size: float
    """How large it is: a share of rows, a change of chances, or of a metric."""

    words: str
    """What was seen."""


def most_of_all(shifts: Sequence[Shift], most: int = 3) -> str:
    """What changed the most, and what changed less, as a sentence.

    Args:
        shifts: the largest first, at least one.
        most: how many are named.
    """
    first, *others = shifts[:most]
    less = f"; less so {', '.join(each.what for each in others)}" if others else ""
    return f"Most of all {first.what} ({first.words}){less}."


class MonitorFinding(_Document):
    """One kind of change."""

    kind: Drift
    """What changed."""

    words: str
    """What changed and what to do, as sentences."""

    shifts: tuple[Shift, ...]
    """What shows it, the largest first."""


class Measured(_Document):
    """A metric of the labelled rows."""

    metric: str
    """The metric."""

    part: str
    """Slice and value, `country=DE`; empty for all rows."""

    value: float
    """Its value in the window."""

    margin: float
    """How far the true value may be from it, with a chance of 95 %."""

    reference: float | None
    """Its value on the reference; None where it cannot be told."""

    rows: int
    """Labelled rows."""


class InputShape(_Document):
    """How one input is spread, for the picture."""

    name: str
    """The input."""

    p_value: float
    """Chance of its difference, for all inputs together; 1 where it was not judged."""

    size: float
    """Share of rows that moved."""

    window: tuple[float, ...]
    """Shares of rows by bin or value."""

    reference: tuple[float, ...]
    """The same of the reference."""


class ServedFigure(_Document):
    """What the server of a language model took or counted, of the exchanges that say so."""

    name: str
    """`answer_seconds`, `seconds_per_token`, `prompt_tokens`, `answer_tokens` or `cached_share`."""

    exchanges: int
    """Exchanges that say it."""

    mean: float
    """Its mean."""

    median: float
    """Its median, off by at most 4.5 %."""

    high: float
    """What 95 of 100 do not exceed, off by at most 4.5 %."""


class PastLook(_Document):
    """What is kept of a look, for the history of its model."""

    written: str
    """When its report was written, UTC: `20261130T060000`."""

    window: str
    """The window's name."""

    version: str | None
    """The version that the reference belonged to."""

    rows: int
    """Rows of the window."""

    labelled: int
    """Those with a label."""

    conclusion: Conclusion
    """What came out."""

    kinds: tuple[Drift, ...] = ()
    """What changed."""

    metrics: dict[str, float] = {}
    """Metrics of all labelled rows."""

    estimated_accuracy: float | None = None
    """Accuracy to expect while labels were late."""

    largest_shift: float | None = None
    """Share of rows that moved, of the input that moved most."""

    shifted: str | None = None
    """That input."""


class MonitorReport(_Document):
    """The whole result of one look."""

    report_version: Literal[1] = 1
    """Version of this format."""

    endpoint: str
    """The endpoint."""

    model: str
    """The model."""

    version: str | None
    """The version that the reference belongs to."""

    window: str
    """The window's name."""

    first: str | None
    """Time of the earliest row; None without rows."""

    last: str | None
    """Time of the latest row."""

    rows: int
    """Rows of the window."""

    labelled: int
    """Those with a label."""

    reference_rows: int
    """Rows of the reference."""

    alpha: float
    """Chance of a false alarm in this look."""

    conclusion: Conclusion
    """What came out."""

    words: str
    """It in a sentence or two."""

    findings: tuple[MonitorFinding, ...] = ()
    """What changed."""

    not_judged: tuple[str, ...] = ()
    """What could not be judged, and why."""

    noted: tuple[str, ...] = ()
    """What was strange in the files but changes no finding."""

    measured: tuple[Measured, ...] = ()
    """Metrics of the labelled rows."""

    estimated_accuracy: float | None = None
    """Accuracy of all rows if labels were as likely at each score as in the reference; None where it cannot be told."""

    estimated_mae: float | None = None
    """Mean absolute error of all rows if answers were as wrong at each score as in the reference; None where it cannot
    be told."""

    inputs: tuple[InputShape, ...] = ()
    """How the inputs are spread, the largest shift first."""

    answers: InputShape | None = None
    """How the answers are spread."""

    served: tuple[ServedFigure, ...] = ()
    """Of a language model, how fast it answered and how many tokens; empty where captures do not say."""

    history: tuple[PastLook, ...] = ()
    """The looks before this one, the oldest first; empty where they are not kept together."""
