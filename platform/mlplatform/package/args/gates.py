"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict


class ThresholdSpec(TypedDict):
    """A bound of one metric that holds without any other model."""

    metric: str
    """The metric, as the evaluating step writes it."""

    at_least: NotRequired[float]
    """Least value that passes. Omitted: no lower bound."""

    at_most: NotRequired[float]
    """Greatest value that passes. Omitted: no upper bound."""


class ChampionSpec(TypedDict):
    """The comparison with the model that is released now, on the same rows.

    With no model released there is nothing to compare with: the thresholds alone decide then.
    """

    metric: str
    """The metric that both models are compared by, computed from the predictions of both on the same rows."""

    test: NotRequired[str]
    """The paired test.

    One of delong, mcnemar, bootstrap.
    """

    margin: NotRequired[float]
    """Least improvement that the test must show, in units of the metric; of an error, by how much it is smaller. 0:
    the candidate must be better. Negative: it may be worse by so much, which is a test that it is not worse.
    """

    alpha: NotRequired[float]
    """Share of candidates that are no better and pass all the same, one-sided."""


class SliceSpec(TypedDict):
    """A bound that holds in every part of the test rows that one column makes: by country, by age group."""

    column: str
    """Column of the predictions that names the part. Rows without a value are a part of their own."""

    metric: str
    """The metric, computed for each part."""

    at_least: NotRequired[float]
    """Least value in each part. Omitted: no lower bound."""

    at_most: NotRequired[float]
    """Greatest value in each part. Omitted: no upper bound."""

    most_difference: NotRequired[float]
    """Greatest difference between the best and the worst part. Omitted: no bound."""

    least_rows: NotRequired[int]
    """Rows that a part needs to be judged; a part with fewer is named in the result, and the gate does not pass."""


class GateSpec(TypedDict):
    """What a candidate must prove. A gate that cannot judge, for lack of rows or labels, says so and does not pass."""

    thresholds: NotRequired[Sequence[ThresholdSpec]]
    """Bounds of metrics. At least one, because the first model has no other to be compared with."""

    champion: NotRequired[ChampionSpec]
    """Comparison with the released model. Omitted: none."""

    slices: NotRequired[Sequence[SliceSpec]]
    """Bounds by part of the test rows. Omitted: none."""

    least_rows: NotRequired[int]
    """Labelled test rows that are needed for any judgement."""

    most_model_mib: NotRequired[float]
    """Greatest size of the model's files, MiB. Omitted: any size."""

    licences: NotRequired[Sequence[str]]
    """Licences that the model and the model that it was trained from may have, as `provenance.json` in the model's
    folder says them; without the file the gate cannot judge. A base model needs a revision that cannot move.
    Omitted: nobody asks.
    """

    sign_off: NotRequired[Sequence[str]]
    """Who must sign a candidate off before `mlplatform promote` releases it, by what they are. The record names
    them. Omitted: nobody.
    """
