"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class MonitorInput(TypedDict):
    """One input of the model."""

    name: str
    """Its name in requests and in the reference. Requests without names have values in the order of the inputs."""

    kind: NotRequired[str]
    """`number`, or `category`: a value that is one of several, or yes and no.

    One of number, category.
    """


class MonitorMetric(TypedDict):
    """A metric of the labelled rows.

    Without a bound it is compared with its value on the reference.
    """

    metric: str
    """The metric.

    One of accuracy, precision, recall, f1, positive_rate, auc, brier, mae, rmse, ndcg, mrr, grounded.
    """

    at_least: NotRequired[float]
    """Least good value. Omitted: no lower bound."""

    at_most: NotRequired[float]
    """Greatest good value. Omitted: no upper bound."""
