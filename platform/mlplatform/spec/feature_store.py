"""The feature store: what is known of a customer or a claim, the same in training and in serving."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import EVERY, FieldProblem, refuses, repeated
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel

if TYPE_CHECKING:
    from mlplatform.spec.platform import PlatformSpec

FeatureName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
"""A name that is a column too: lower-case letters, digits and single inner underscores, at most 40 characters. Feast
joins names by two underscores, so that a name with two could be taken for another."""

ServedFeatures = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(:[a-z][a-z0-9_]*)?$")]
"""A group, or one feature of it, `group:feature`."""

KeyType = Literal["string", "int64"]
"""Types that a key of an entity may have."""

FeatureType = Literal["string", "int64", "float32", "float64", "bool", "timestamp"]
"""Types that Feast stores alike offline and online."""

ENTITY_TIME = "event_timestamp"
"""Column of the rows that ask for features: the moment whose knowledge is wanted. Feast finds it by this name."""


class EntitySpec(SpecModel):
    """Something that features are known of: a customer, a claim, a device."""

    name: FeatureName
    """Its name."""

    key: FeatureName
    """Column that identifies one of them, in the tables of all groups and in the rows that ask."""

    type: KeyType = "string"
    """Type of the key. Another one makes the stored online values unreadable: fill them again."""


class FeatureField(SpecModel):
    """One feature: a column of its group's table."""

    name: FeatureName
    """Its name, and the column's."""

    type: FeatureType
    """Type of its values. A value that is missing is null."""


class FeatureGroupSpec(SpecModel):
    """Features that are computed together: one table of the store, in Parquet."""

    name: FeatureName
    """Its name; also the folder `<name>/` of the place `features`, which holds the table's Parquet files."""

    entities: tuple[FeatureName, ...] = Field(min_length=1)
    """The entities that one row is about; the table has a column for the key of each."""

    features: tuple[FeatureField, ...] = Field(min_length=1)
    """What is known. Adding one changes definitions alone; rows from before have null for it."""

    timestamp: FeatureName = "event_timestamp"
    """Column with the moment from which a row is true, in UTC."""

    created: FeatureName | None = None
    """Column with the moment at which the row was written. With it, training never sees a value that was computed
    later for an earlier moment. Omitted: such values are seen."""

    ttl_hours: int | None = Field(default=None, ge=1, le=87_600)
    """Hours for which a value is believed, counted from `timestamp`: older values are null, in training and in the
    look-ups of `lookup.py`. Omitted: a value is believed until the next one."""

    online: bool = False
    """Keep the newest values in the online store of Feast, for look-ups by key in milliseconds."""

    @model_validator(mode="after")
    @refuses
    def _each_once(self) -> Iterator[FieldProblem]:
        yield from repeated("entities", self.entities, inner=None, of="entity")
        yield from repeated("features", [each.name for each in self.features], of="feature")


class FeatureServiceSpec(SpecModel):
    """The features of one model: what it is trained with is what it is served with."""

    by_meaning = frozenset({"features"})

    name: FeatureName
    """Its name, by which training and serving ask."""

    features: tuple[ServedFeatures, ...] = Field(min_length=1)
    """Features, `group:feature`, or all of a group, `group`."""


class FeatureStoreSpec(SpecModel):
    """Definitions of features, for Feast: `mlplatform render features` writes them.

    Tables and registry are in the place `features` of the store. Point-in-time joins are made of the tables by DuckDB,
    in the job that asks.
    """

    entities: tuple[EntitySpec, ...] = Field(min_length=1)
    """What features are known of."""

    groups: tuple[FeatureGroupSpec, ...] = Field(min_length=1)
    """The tables of features."""

    services: tuple[FeatureServiceSpec, ...] = ()
    """The features of each model. Omitted: callers name features one by one."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        yield from repeated("entities", [each.name for each in self.entities], of="entity")
        yield from repeated("groups", [each.name for each in self.groups], of="group")
        yield from repeated("services", [each.name for each in self.services], of="service")
        keys = {each.name: each.key for each in self.entities}
        for index, group in enumerate(self.groups):
            yield from _group_problems(index, group, keys)
        groups = {each.name: [feature.name for feature in each.features] for each in self.groups}
        for index, service in enumerate(self.services):
            yield from _service_problems(index, service, groups)


def chosen(service: FeatureServiceSpec, groups: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, str, str]]:
    """Position, group and feature of everything that a service names and that is there.

    Args:
        service: the service.
        groups: names of features by group.
    """
    for position, name in enumerate(service.features):
        group, _, feature = name.partition(":")
        for each in groups.get(group, ()):
            if not feature or each == feature:
                yield position, group, each


def _group_problems(index: int, group: FeatureGroupSpec, keys: Mapping[str, str]) -> Iterator[FieldProblem]:
    at = ("groups", index)
    named = ("entities", EVERY, "name")
    columns: dict[str, str] = {}
    # of the rows that ask: a model may be served from several groups, and two columns of a row cannot have one name
    others = {key: f"the key of the entity {name}" for name, key in keys.items()}
    others[ENTITY_TIME] = "the moment that a row asks for"
    for position, name in enumerate(group.entities):
        if name not in keys:
            near = nearest_names(name, list(keys))
            yield FieldProblem(
                (*at, "entities", position),
                f"one of the entities: {', '.join(keys)}",
                f"write {near[0]}" if near else "use one of these names, or add it to feature_store.entities",
                got=f"'{name}'",
                fields=(named,),
            )
        elif keys[name] in columns and name not in group.entities[:position]:
            yield FieldProblem(
                (*at, "entities", position),
                f"an entity with a key of its own: {columns[keys[name]]} has the column {keys[name]} too",
                "name each entity once, or give one of the two another key",
                got=f"'{name}'",
                fields=(("entities",),),
            )
        else:
            columns[keys[name]] = f"the entity {name}"
    for field in ("timestamp", "created"):
        column: str | None = getattr(group, field)
        if column and column in columns:
            yield FieldProblem(
                (*at, field),
                f"a column of its own: {columns[column]} is in {column}",
                "name another column",
                got=f"'{column}'",
                fields=(("entities",), (*at, "timestamp")),
            )
        elif column:
            columns[column] = f"the group's {field}"
    for position, feature in enumerate(group.features):
        taken = columns.get(feature.name) or others.get(feature.name)
        if taken:
            yield FieldProblem(
                (*at, "features", position, "name"),
                f"a column of its own: {taken} is in {feature.name}",
                "rename the feature and its column",
                got=f"'{feature.name}'",
                fields=(("entities",), (*at, "timestamp")),
            )


def _service_problems(
    index: int, service: FeatureServiceSpec, groups: Mapping[str, Sequence[str]]
) -> Iterator[FieldProblem]:
    at = ("services", index, "features")
    known = [*groups, *(f"{group}:{name}" for group, names in groups.items() for name in names)]
    for position, name in enumerate(service.features):
        if name not in known:
            near = nearest_names(name, known)
            yield FieldProblem(
                (*at, position),
                f"a group, or `group:feature`, of the groups: {', '.join(groups)}",
                f"write {near[0]}" if near else "use one of these names",
                got=f"'{name}'",
                fields=(("groups",),),
            )
    found: dict[str, str] = {}
    told: set[int] = set()
    for position, group, feature in chosen(service, groups):
        if feature in found and position not in told:
            told.add(position)
            yield FieldProblem(
                (*at, position),
                f"each name once, since a model knows features by their names alone: {feature} of {found[feature]} is "
                "there already",
                "name the features of the group one by one, or rename one of the two",
                got=f"'{service.features[position]}'",
                fields=(("groups",),),
            )
        found.setdefault(feature, group)


def feature_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """A place that loses the tables, or in which the registry of features cannot be written again."""
    place = spec.artifact_store.place("features")
    own = spec.artifact_store.features
    if place.expire_after_days:
        yield FieldProblem(
            ("artifact_store", "features", "expire_after_days" if own.expire_after_days else "retention"),
            "a place that keeps its objects: the tables of features and their registry are in it",
            "remove it" if own.expire_after_days else "set retention of features to standard",
            got=f"objects are deleted after {place.expire_after_days} days",
            fields=(("feature_store",), ("artifact_store", "retention")),
        )
    if place.worm:
        yield FieldProblem(
            ("artifact_store", "features", "worm"),
            "a place whose objects can be replaced: each change of a definition writes the registry again",
            "remove it, and keep the history of features by versions and retention",
            got=f"write-once for {place.worm.days} days",
            fields=(("feature_store",),),
        )
