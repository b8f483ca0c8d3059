"""Metrics of model monitors, by what a model does."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import StringConstraints

ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
MonitorTask = Literal["classification", "regression", "ranking", "language"]
InputKind = Literal["number", "category"]
MonitorMetricName = Literal[
    "accuracy", "precision", "recall", "f1", "positive_rate", "auc", "brier", "mae", "rmse", "ndcg", "mrr", "grounded"
]

CLASS_METRICS = ("accuracy", "precision", "recall", "f1", "positive_rate", "auc", "brier")
"""Metrics of a classification. All but accuracy need two classes. `brier` is the mean squared distance of the score
from the label: it grows where scores are no chances any more, or tell classes apart less."""

VALUE_METRICS = ("mae", "rmse")
"""Metrics of a regression."""

RANKING_METRICS = ("ndcg", "mrr")
"""Metrics of a ranking, of each query: the normalised discounted cumulative gain of its rows, and one by the place of
its first relevant row."""

LESS_IS_BETTER = (*VALUE_METRICS, "brier")

TEXT_METRICS = ("grounded",)
"""Metrics of a language model: the share of labelled answers whose label is 1."""

METRICS: Mapping[MonitorTask, tuple[str, ...]] = {
    "classification": CLASS_METRICS,
    "regression": VALUE_METRICS,
    "ranking": RANKING_METRICS,
    "language": TEXT_METRICS,
}
