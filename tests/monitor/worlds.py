"""A world with a known truth, and planted changes of it: eight inputs, a logistic model that is right about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from mlplatform.monitor.findings import MonitorReport
from mlplatform.monitor.judge import judge_window
from mlplatform.monitor.profile import Profile, profile_of
from mlplatform.monitor.rows import RowBatch, values
from mlplatform.monitor.summary import RowCounter, RowSummary
from mlplatform.spec.monitor_job import MonitorSettings

Change: TypeAlias = Literal["none", "covariate", "joint", "prior", "concept"]

NUMBERS = 6
WEIGHTS = np.array([1.0, -0.8, 0.6, 0.5, 0.0, 0.0])
COUNTRIES = ("DE", "FR", "IT")

SETTINGS = MonitorSettings.model_validate(
    {
        "endpoint": "fraud-scorer",
        "model": "fraud",
        "task": "classification",
        "inputs": [
            *({"name": f"x{place}"} for place in range(NUMBERS)),
            {"name": "country", "kind": "category"},
            {"name": "new", "kind": "category"},
        ],
        "slices": ["country"],
        "false_alarms_per_year": 5,
        "runs_per_year": 100,
    }
)
"""One false alarm in twenty looks: far more than anybody wants, so that few seeds show whether it holds."""


def world(rows: int, seed: int, change: Change = "none", *, labels: bool = True) -> RowBatch:
    """Rows of a day.

    Sizes of the changes, which the expected power stands for: one input moves by 0.5 standard deviations (covariate);
    two independent inputs get a correlation of 0.7 (joint); label 1 becomes twice as likely against label 0 at the
    source (prior); the two strongest inputs lose their weight to the two that had none (concept).
    """
    draw = np.random.default_rng([seed, rows, len(change)])
    label = draw.random(rows) < (0.46 if change == "prior" else 0.3)
    numbers = draw.normal(size=(rows, NUMBERS))
    # each label has its own middle, so that the truth is a logistic function of the inputs, and so is the model
    numbers[:, :4] += np.outer(label, WEIGHTS[:4])
    if change in ("covariate", "joint"):
        if change == "covariate":
            numbers[:, 0] += 0.5
        else:
            numbers[:, 5] = 0.7 * numbers[:, 4] + np.sqrt(1 - 0.49) * numbers[:, 5]
        label = draw.random(rows) < score_of(numbers)
    if change == "concept":
        label = draw.random(rows) < score_of(numbers[:, [4, 5, 2, 3, 0, 1]])
    country = draw.choice(3, size=rows, p=(0.5, 0.3, 0.2))
    return RowBatch(
        (
            *(numbers[:, place] for place in range(NUMBERS)),
            values([COUNTRIES[each] for each in country]),
            values([bool(each) for each in draw.random(rows) < 0.2]),
        ),
        score=score_of(numbers),
        label=values([int(each) for each in label]) if labels else None,
    )


def score_of(
    numbers: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The chance of label 1, by the rule of Bayes."""
    raw = np.log(0.3 / 0.7) + numbers @ WEIGHTS - (WEIGHTS**2).sum() / 2
    return 1 / (1 + np.exp(-raw))


@dataclass(frozen=True)
class Known:
    """A reference, profiled and counted."""

    settings: MonitorSettings
    profile: Profile
    summary: RowSummary

    def count(self, *batches: RowBatch) -> RowSummary:
        """Counts of rows."""
        counter = RowCounter(self.settings, self.profile)
        for batch in batches:
            counter.add(batch)
        counter.end()
        return counter.summary

    def judge(self, *batches: RowBatch) -> MonitorReport:
        """The report of a window."""
        return judge_window(self.settings, self.profile, self.summary, self.count(*batches), name="day")


def known(rows: RowBatch, settings: MonitorSettings = SETTINGS) -> Known:
    """A reference of these rows."""
    profile = profile_of(settings, rows)
    found = Known(settings, profile, RowSummary(profile.digest))
    return Known(settings, profile, found.count(rows))
