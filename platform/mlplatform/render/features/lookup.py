"""Asks the feature store, the same way in training and in serving. `mlplatform render features` copies it.

Three things that Feast leaves to its callers are done here: some of its stores lose rows of a training set, a value
that was computed later comes into an earlier row, and values online are given that are older than their time to live.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol


class FeastFrame(Protocol):
    """A data frame of pandas."""

    def __len__(self) -> int: ...

    def to_dict(self, orient: str) -> list[dict[str, object]]: ...


class FeastJoin(Protocol):
    """What Feast joined."""

    def to_df(self) -> FeastFrame: ...


class FeastAnswer(Protocol):
    """What Feast found online."""

    def to_dict(self, include_event_timestamps: bool) -> dict[str, list[object]]: ...


class FeastFeature(Protocol):
    """One feature of a view."""

    name: str


class FeastProjection(Protocol):
    """What a service takes of a view."""

    @property
    def name(self) -> str: ...

    @property
    def features(self) -> Sequence[FeastFeature]: ...


class FeastService(Protocol):
    """The features of a model."""

    @property
    def feature_view_projections(self) -> Sequence[FeastProjection]: ...


class FeastView(Protocol):
    """A group of features."""

    @property
    def ttl(self) -> timedelta | None: ...

    @property
    def join_keys(self) -> Sequence[str]: ...


class FeastStore(Protocol):
    """`feast.FeatureStore`."""

    def get_feature_service(self, name: str) -> FeastService: ...

    def get_feature_view(self, name: str) -> FeastView: ...

    def get_historical_features(
        self, *, entity_df: FeastFrame, features: FeastService, filter_by_created_timestamp: bool
    ) -> FeastJoin: ...

    def get_online_features(self, *, features: FeastService, entity_rows: list[dict[str, object]]) -> FeastAnswer: ...


def training_rows(store: FeastStore, service: str, rows: FeastFrame) -> FeastFrame:
    """The rows with the features of a service, as they were known at the moment of each row, in any order.

    Args:
        store: the feature store.
        service: its service.
        rows: a data frame with the keys of the entities and the column `event_timestamp`, in UTC.

    Raises:
        ValueError: Feast gave another number of rows, as its store of type `file` does.
    """
    features = store.get_feature_service(service)
    joined = store.get_historical_features(entity_df=rows, features=features, filter_by_created_timestamp=True).to_df()
    if len(joined) != len(rows):
        raise ValueError(
            f"got {len(joined)} rows with features, expected {len(rows)}; remove rows that are there twice"
        )
    return joined


def online_values(
    store: FeastStore, service: str, keys: Sequence[Mapping[str, object]], now: datetime | None = None
) -> list[dict[str, object]]:
    """The newest values of a service's features, in the order of the keys; None where one is missing or too old.

    Args:
        store: the feature store.
        service: its service.
        keys: the keys of the entities of each row.
        now: the moment of the question. Omitted: now.
    """
    if not keys:
        return []
    asked, features = now or datetime.now(UTC), store.get_feature_service(service)
    answer = store.get_online_features(features=features, entity_rows=[dict(row) for row in keys])
    columns = answer.to_dict(include_event_timestamps=True)
    found: list[dict[str, object]] = [{} for _ in keys]
    for view in features.feature_view_projections:
        ttl = store.get_feature_view(view.name).ttl
        for feature in view.features:
            for row, value, at in zip(found, columns[feature.name], columns[f"{feature.name}__ts"], strict=True):
                row[feature.name] = None if _is_old(at, ttl, asked) else value
    return found


def skew(store: FeastStore, service: str, rows: FeastFrame, now: datetime | None = None) -> dict[str, float]:
    """The share of rows whose value online is not the one that training would see now, by feature; 0 is what must be.

    A share above 0 has one of three causes: the online store was not filled since the tables changed, somebody wrote to
    it by another way, or the two are filled by different code.

    Args:
        store: the feature store.
        service: its service.
        rows: a data frame with the keys of the entities, each once, and the column `event_timestamp` with this moment.
        now: the moment of the question. Omitted: now.

    Raises:
        ValueError: there is no row, or a key is there twice.
    """
    if not len(rows):
        raise ValueError("got no row, expected the keys of some entities")
    features = store.get_feature_service(service)
    names = sorted({key for view in features.feature_view_projections for key in _keys(store, view)})
    trained = {_key(row, names): row for row in training_rows(store, service, rows).to_dict("records")}
    keys = [{name: row[name] for name in names} for row in rows.to_dict("records")]
    if len({_key(key, names) for key in keys}) != len(keys):
        raise ValueError("got an entity twice, expected each once")
    served = online_values(store, service, keys, now)
    return {
        name: sum(not _same(trained[_key(key, names)][name], row[name]) for key, row in zip(keys, served, strict=True))
        / len(keys)
        for name in sorted(served[0])
    }


def _keys(store: FeastStore, view: FeastProjection) -> Sequence[str]:
    return store.get_feature_view(view.name).join_keys


def _key(row: Mapping[str, object], names: Sequence[str]) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


def _is_old(at: object, ttl: timedelta | None, now: datetime) -> bool:
    """Whether a value was true longer ago than it is believed. Feast says 0 where it found none."""
    return bool(ttl) and isinstance(at, int | float) and at + ttl.total_seconds() < now.timestamp()


def _same(one: object, other: object) -> bool:
    """Whether two values are one, as far as 32 bits tell; a missing one is None or not a number."""
    one, other = (None if each is None or each != each else each for each in (one, other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-12)
    return one == other
