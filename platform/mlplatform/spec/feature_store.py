"""The feature store: what is known of a customer or a claim, the same in training and in serving."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from mlplatform.field_problem import EVERY, FieldProblem, refuses, repeated
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel
from mlplatform.spec.monitoring import Severity
from mlplatform.spec.moving_names import pinned_image

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

    endpoints: tuple[str, ...] = ()
    """Endpoints whose servers look these features up online: they get the right to, and a way there. Omitted: none;
    a caller sends the features with the request."""

    teams: tuple[str, ...] = ()
    """Teams of the cluster whose jobs look these features up online. Omitted: none; the platform's own jobs and
    pipelines on the cluster may without being named, because they fill the store."""

    @model_validator(mode="after")
    @refuses
    def _readers_once(self) -> Iterator[FieldProblem]:
        yield from repeated("endpoints", self.endpoints, inner=None, of="endpoint")
        yield from repeated("teams", self.teams, inner=None, of="team")


class FeatureFillSpec(SpecModel):
    """A job that brings the newest values of the tables into the online store."""

    image: Annotated[
        str,
        StringConstraints(pattern=r"^([!-~]+/[!-~]+|[a-z0-9]([a-z0-9-]*[a-z0-9])?:[A-Za-z0-9_.-]+)$"),
        AfterValidator(pinned_image),
    ]
    """Image with `mlplatform-fill`: `REPOSITORY:TAG` of the platform's own registry, alike on every target, or an
    address with its registry. The folder that `mlplatform render features` writes has its Dockerfile. The definitions
    are not in it: the job gets those of this spec."""

    every_hours: Literal[1, 2, 3, 4, 6, 8, 12, 24] = 1
    """Hours from one run to the next. So old values may be, beside what the tables take."""

    late_hours: int = Field(default=48, ge=1, le=8_760)
    """Hours by which a row may come later into its table than its `timestamp` says. What is later is not seen, until a
    change of its group fills all of it again. More hours read, and write, more each time."""

    severity: Severity = "critical"
    """Severity of the alert that no run ended well for three times `every_hours`, or two days."""

    @property
    def hours_of_day(self) -> tuple[int, ...]:
        """The hours, UTC, of its runs."""
        return tuple(range(0, 24, self.every_hours))


class FeatureStoreSpec(SpecModel):
    """Definitions of features, for Feast: `mlplatform render features` writes them.

    Tables and registry are in the place `features` of the store. Point-in-time joins are made of the tables by DuckDB,
    in the job that asks.
    """

    engine: Literal["feast", "managed"] = "feast"
    """What keeps the values of groups that are online: `feast`, a store of the platform's own, alike on every cloud; or
    `managed`, the cloud's own feature store, SageMaker's or Vertex AI's. Tables, joins and look-ups are the same with
    both. Another one makes the online store anew: fill it again."""

    entities: tuple[EntitySpec, ...] = Field(min_length=1)
    """What features are known of."""

    groups: tuple[FeatureGroupSpec, ...] = Field(min_length=1)
    """The tables of features."""

    services: tuple[FeatureServiceSpec, ...] = ()
    """The features of each model. Omitted: callers name features one by one."""

    fill: FeatureFillSpec | None = None
    """The job that fills the online store. Omitted: none; a job or a pipeline of yours does (docs/features.md)."""

    @property
    def online_groups(self) -> tuple[FeatureGroupSpec, ...]:
        """The groups that the online store keeps, by name."""
        return tuple(sorted((group for group in self.groups if group.online), key=lambda each: each.name))

    def looked_up_by(self, reader: Literal["endpoints", "teams"], name: str) -> tuple[str, ...]:
        """The groups that an endpoint or a team looks up online, sorted.

        Args:
            reader: the kind of reader.
            name: its name.
        """
        services = [each for each in self.services if name in getattr(each, reader)]
        return tuple(sorted({chosen.partition(":")[0] for each in services for chosen in each.features}))

    def read_by(self, endpoints: Collection[str]) -> Self:
        """The same store without the readers that a target leaves out.

        Args:
            endpoints: names of the endpoints that are there.
        """
        services = tuple(
            each.rejoined({"endpoints": tuple(name for name in each.endpoints if name in endpoints)})
            for each in self.services
        )
        return self.rejoined({"services": services})

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        yield from repeated("entities", [each.name for each in self.entities], of="entity")
        yield from repeated("groups", [each.name for each in self.groups], of="group")
        yield from repeated("services", [each.name for each in self.services], of="service")
        keys = {each.name: each.key for each in self.entities}
        for index, group in enumerate(self.groups):
            yield from _group_problems(index, group, keys)
        if self.fill and not self.online_groups:
            yield FieldProblem(
                ("fill",),
                "a group that is kept online",
                "set online of a group to true, or remove fill",
                got="nothing to fill",
                fields=(("groups",),),
            )
        if self.engine == "managed" and not self.online_groups:
            yield FieldProblem(
                ("engine",),
                "a group that is kept online: the cloud's own feature store keeps those, and nothing else",
                "set online of a group to true, or leave engine out",
                got="managed, with nothing to keep",
                fields=(("groups",),),
            )
        groups = {each.name: [feature.name for feature in each.features] for each in self.groups}
        for index, service in enumerate(self.services):
            yield from _service_problems(index, service, groups)
            yield from _offline_problems(index, service, {each.name: each.online for each in self.groups})


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


def _offline_problems(index: int, service: FeatureServiceSpec, online: Mapping[str, bool]) -> Iterator[FieldProblem]:
    """Readers of an online store that does not have what they ask for."""
    if not service.endpoints and not service.teams:
        return
    for position, name in enumerate(service.features):
        group = name.partition(":")[0]
        if online.get(group) is False:
            yield FieldProblem(
                ("services", index, "features", position),
                f"a group that is kept online: {' and '.join((*service.endpoints, *service.teams))} would find nothing",
                f"set online of the group {group} to true, or remove the service's endpoints and teams",
                got=f"'{name}'",
                fields=(("groups",), ("services", index, "endpoints"), ("services", index, "teams")),
            )
