"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict


class EntitySpec(TypedDict):
    """Something that features are known of: a customer, a claim, a device."""

    name: str
    """Its name."""

    key: str
    """Column that identifies one of them, in the tables of all groups and in the rows that ask."""

    type: NotRequired[str]
    """Type of the key. Another one makes the stored online values unreadable: fill them again.

    One of string, int64.
    """


class FeatureField(TypedDict):
    """One feature: a column of its group's table."""

    name: str
    """Its name, and the column's."""

    type: str
    """Type of its values. A value that is missing is null.

    One of string, int64, float32, float64, bool, timestamp.
    """


class FeatureGroupSpec(TypedDict):
    """Features that are computed together: one table of the store, in Parquet."""

    name: str
    """Its name; also the folder `<name>/` of the place `features`, which holds the table's Parquet files."""

    entities: Sequence[str]
    """The entities that one row is about; the table has a column for the key of each."""

    features: Sequence[FeatureField]
    """What is known. Adding one changes definitions alone; rows from before have null for it."""

    timestamp: NotRequired[str]
    """Column with the moment from which a row is true, in UTC."""

    created: NotRequired[str]
    """Column with the moment at which the row was written. With it, training never sees a value that was computed
    later for an earlier moment. Omitted: such values are seen.
    """

    ttl_hours: NotRequired[int]
    """Hours for which a value is believed, counted from `timestamp`: older values are null, in training and in the
    look-ups of `lookup.py`. Omitted: a value is believed until the next one.
    """

    online: NotRequired[bool]
    """Keep the newest values in the online store of Feast, for look-ups by key in milliseconds."""


class FeatureServiceSpec(TypedDict):
    """The features of one model: what it is trained with is what it is served with."""

    name: str
    """Its name, by which training and serving ask."""

    features: Sequence[str]
    """Features, `group:feature`, or all of a group, `group`."""

    endpoints: NotRequired[Sequence[str]]
    """Endpoints whose servers look these features up online: they get the right to, and a way there. Omitted: none;
    a caller sends the features with the request.
    """

    teams: NotRequired[Sequence[str]]
    """Teams of the cluster whose jobs look these features up online. Omitted: none; the platform's own jobs and
    pipelines on the cluster may without being named, because they fill the store.
    """


class FeatureFillSpec(TypedDict):
    """A job that brings the newest values of the tables into the online store."""

    image: str
    """Image with `mlplatform-fill`: `REPOSITORY:TAG` of the platform's own registry, alike on every target, or an
    address with its registry. The folder that `mlplatform render features` writes has its Dockerfile. The
    definitions are not in it: the job gets those of this spec.
    """

    every_hours: NotRequired[Any]
    """Hours from one run to the next. So old values may be, beside what the tables take."""

    late_hours: NotRequired[int]
    """Hours by which a row may come later into its table than its `timestamp` says. What is later is not seen, until
    a change of its group fills all of it again. More hours read, and write, more each time.
    """

    severity: NotRequired[str]
    """Severity of the alert that no run ended well for three times `every_hours`, or two days.

    One of critical, warning.
    """


class FeatureStoreSpec(TypedDict):
    """Definitions of features, for Feast: `mlplatform render features` writes them.

    Tables and registry are in the place `features` of the store. Point-in-time joins are made of the tables by
    DuckDB, in the job that asks.
    """

    engine: NotRequired[str]
    """What keeps the values of groups that are online: `feast`, a store of the platform's own, alike on every cloud;
    or `managed`, the cloud's own feature store, SageMaker's or Vertex AI's. Tables, joins and look-ups are the
    same with both. Another one makes the online store anew: fill it again.

    One of feast, managed.
    """

    entities: Sequence[EntitySpec]
    """What features are known of."""

    groups: Sequence[FeatureGroupSpec]
    """The tables of features."""

    services: NotRequired[Sequence[FeatureServiceSpec]]
    """The features of each model. Omitted: callers name features one by one."""

    fill: NotRequired[FeatureFillSpec]
    """The job that fills the online store. Omitted: none; a job or a pipeline of yours does (docs/features.md)."""
