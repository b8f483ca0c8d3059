"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

from mlplatform.package.args.monitor_questions import MonitorInput, MonitorMetric


class MonitorLabelsSpec(TypedDict):
    """Where the truth of captured rows comes to, and how late."""

    place: NotRequired[str]
    """Place of the store.

    One of data, features.
    """

    path: str
    """Folder in that place, with Parquet files that have a column of the row's id and one of the label."""

    column: NotRequired[str]
    """Column of the truth, in the labels and in the reference."""

    days: NotRequired[float]
    """Days until the labels of a row are there. Rows are judged with their labels so many days later, in a look of
    their own.
    """


class ModelMonitorSpec(TypedDict):
    """Looks at what an endpoint captured, tells what changed, and may ask for another training.

    It needs `capture_percent`. The model's reference stays with its version, so a release brings its own.
    """

    task: str
    """What the model does. `ranking`: its scores put the rows of a query in order, and labels say how relevant each
    row is, 0 for not at all; the reference has the column `query`. `language`: it answers prompts with text, and
    signals of both are judged, such as lengths, languages, topics, refusals and empty answers; the reference has
    the columns `prompt`, `answer` and `finish_reason`.

    One of classification, regression, ranking, language.
    """

    inputs: NotRequired[Sequence[MonitorInput]]
    """The model's inputs, in the order of requests without names. Omitted: those of the signature in the model's
    folder, a file `MLmodel` as MLflow writes it. With the task `language`: none, its signals are known.
    """

    score: NotRequired[str]
    """Name of the answered number: the probability of the second class, or the value. None: classes alone."""

    predicted: NotRequired[str]
    """Name of the class that it answers. None: the second class from a score of 0.5 on."""

    query: NotRequired[str]
    """With the task `ranking`: field of a request's row, and column of the reference, that says which query it
    belongs to. Of rows without it a request is one query.
    """

    row_id: NotRequired[str]
    """Field of a request's row, and column of the labels, that says which row it is."""

    metrics: NotRequired[Sequence[MonitorMetric]]
    """Metrics of the labelled rows. Omitted: accuracy, the mean absolute error, `ndcg` of a ranking, or, with the
    task `language`, `grounded`, the share of labelled answers with label 1; compared with the reference.
    """

    slices: NotRequired[Sequence[str]]
    """Inputs of kind category; metrics and the relation to labels are judged for each of their values too. With the
    task `language`: `prompt_language`, `answer_language`, `answer_kind`.
    """

    false_alarms_per_year: NotRequired[float]
    """Expected false alarms of a year in which nothing changes: the chance of one is this by the looks of a year."""

    least_shift: NotRequired[float]
    """Least share of rows that must have moved for a finding: 0.3 standard deviations of a normal input move 0.12."""

    least_concept: NotRequired[float]
    """Least mean change of the chance of a label, at the same score, for a finding."""

    least_loss: NotRequired[float]
    """Least loss of a metric without bounds; of errors as a share of the reference's value."""

    least_rows: NotRequired[int]
    """Rows, of the window and of the reference, without which nothing is judged."""

    least_labels: NotRequired[int]
    """Labelled rows without which nothing that needs labels is judged."""

    on: NotRequired[str]
    """Where it runs: a job of the cloud, or a CronJob of the training cluster, which needs `cluster`. It reads the
    captures of endpoints on either.

    One of managed, cluster.
    """

    pool: NotRequired[str]
    """With `on` the cluster: the CPU pool of `training` whose nodes run it. Omitted: the nodes of the system pool."""

    workers: NotRequired[int]
    """Workers that count the window together, each some of its hours, for windows of many million rows; the first
    one adds the counts and judges, with the findings of one. They are tasks of the cloud's job, or with `on` the
    cluster pods, which need `pool` if there are several.
    """

    variant: NotRequired[str]
    """Variant of the endpoint whose answers are judged, against the reference of its model. Omitted: the one with
    traffic; where several have, it must be named.
    """

    image: NotRequired[str]
    """Image with `mlplatform-monitor`. Omitted: `programs_image` of the pipeline that it asks."""

    reference: NotRequired[str]
    """Folder below the folder of the model's version with Parquet files that have a column for each input, the
    answers, and the label: its labelled test rows. Triton takes each folder beside its models for a model: give
    it one inside of its model, `fraud/reference`.
    """

    labels: NotRequired[MonitorLabelsSpec]
    """The labels. Omitted: none, so that only inputs and answers are judged."""

    features: NotRequired[str]
    """Service of `feature_store` whose features the requests carry, beside the keys of their entities: captured
    values are compared with those of the tables, so that training and serving see the same. Omitted: not
    compared.
    """

    every_hours: NotRequired[Any]
    """Hours from one look to the next."""

    first_hour: NotRequired[int]
    """Hour of the day, UTC, of one of the looks: the others follow from `every_hours`."""

    window_hours: NotRequired[int]
    """Length of the window, hours; it ends an hour before the look. More than `every_hours`: windows overlap, for
    endpoints with few requests. Omitted: `every_hours`.
    """

    severity: NotRequired[str]
    """Severity of the alerts that tell of a change, which decides who is told: `monitoring.routes`.

    One of critical, warning.
    """

    retrain: NotRequired[Sequence[str]]
    """Pipelines that are asked for a run when a change is found that training answers: on each target the one that
    runs there. Its `triggers.events` name what it may be asked for. Omitted: nobody is asked.
    """
