"""The artifact store: one place per kind of artifact, versioned, encrypted, with retention classes."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldPath, FieldProblem, refuses
from mlplatform.spec.base import SpecModel, default

Place = Literal["data", "features", "models", "pipelines", "monitoring"]
PLACES: tuple[Place, ...] = ("data", "features", "models", "pipelines", "monitoring")

StoreAccess = Literal["read", "add", "write"]
"""What somebody may do in a place.

- `read`: list and read.
- `add`: create objects under names that are free, and nothing else: what is there can neither be changed nor deleted.
- `write`: read, create, change and delete.
"""

RetentionClass = Literal["ephemeral", "standard", "long-term"]


class WormSpec(SpecModel):
    """Write once, read many: no object can be changed or deleted for a number of days."""

    days: int = Field(ge=1, le=36500)
    """Days for which every object version is kept, counted from its creation."""

    locked: bool = False
    """True makes it final: not even the account's owner can shorten the time or delete the place early."""


class PlaceSpec(SpecModel):
    """Settings of one place that differ from the store's."""

    retention: RetentionClass | None = None
    """Retention class. Omitted: the store's class."""

    versioned: bool | None = None
    """Keep overwritten and deleted objects. Omitted: the store's setting."""

    tier_after_days: int | None = Field(default=None, ge=30, le=3650)
    """Days until objects move to infrequent-access storage. Omitted: by class (standard 90, long-term 30)."""

    expire_after_days: int | None = Field(default=None, ge=1, le=36500)
    """Days until objects are deleted. Omitted: by class (ephemeral 30, others never); objects of `models` are never
    deleted by their class, because the record of releases names them for as long as they serve."""

    old_versions_days: int | None = Field(default=None, ge=1, le=3650)
    """Days overwritten versions are kept. Omitted: by class (ephemeral 7, standard 90, long-term 365)."""

    worm: WormSpec | None = None
    """Write protection. Omitted: objects can be replaced and deleted."""

    legal_hold: bool = False
    """Protect every object from deletion until this is false again."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        if self.worm and self.expire_after_days and self.expire_after_days < self.worm.days:
            yield FieldProblem(
                ("expire_after_days",),
                f"at least worm.days, {self.worm.days}: an object cannot be deleted while it is locked",
                f"raise expire_after_days to {self.worm.days} or more, or lower worm.days",
                fields=(("worm", "days"),),
            )
        if self.tier_after_days and self.expire_after_days and self.expire_after_days <= self.tier_after_days:
            yield FieldProblem(
                ("expire_after_days",),
                f"more than tier_after_days, {self.tier_after_days}",
                "raise expire_after_days or lower tier_after_days",
                fields=(("tier_after_days",),),
            )


def kept_problems(store: "ArtifactStoreSpec", place: Place, what: str, *fields: FieldPath) -> Iterator[FieldProblem]:
    """A place that deletes what is still needed.

    Args:
        store: the store.
        place: the place.
        what: what is in it: "the tables of features are in it".
        fields: what needs it.
    """
    days, own = store.place(place).expire_after_days, getattr(store, place).expire_after_days
    if days:
        yield FieldProblem(
            ("artifact_store", place, "expire_after_days" if own else "retention"),
            f"a place that keeps its objects: {what}",
            "remove it" if own else f"set retention of {place} to standard",
            got=f"objects are deleted after {days} days",
            fields=(*fields, ("artifact_store", "retention")),
        )


class ResolvedPlace(SpecModel):
    """A place with all defaults applied, as backends read it."""

    place: Place
    retention: RetentionClass
    versioned: bool
    tier_after_days: int | None
    expire_after_days: int | None
    old_versions_days: int
    worm: WormSpec | None
    legal_hold: bool

    @property
    def disposable(self) -> bool:
        """True if a destroy may delete the objects."""
        return self.retention == "ephemeral" and self.worm is None and not self.legal_hold


_TIER: dict[RetentionClass, int | None] = {"ephemeral": None, "standard": 90, "long-term": 30}
_EXPIRE: dict[RetentionClass, int | None] = {"ephemeral": 30, "standard": None, "long-term": None}
_OLD: dict[RetentionClass, int] = {"ephemeral": 7, "standard": 90, "long-term": 365}


class ArtifactStoreSpec(SpecModel):
    """Separate places for data, features, models, pipeline output and captured requests."""

    retention: RetentionClass = "standard"
    """Retention class. Where stateful resources are protected, a destroy deletes only `ephemeral` artifacts."""

    versioned: bool = True
    """Keep overwritten and deleted objects for `old_versions_days`."""

    access_logs: bool = True
    """Record every read and write of every place."""

    replicated: bool = False
    """Copy every object to the target's `replica_region`."""

    data: PlaceSpec = default(PlaceSpec)
    """Raw and prepared data sets."""

    features: PlaceSpec = default(PlaceSpec)
    """Feature tables and their history."""

    models: PlaceSpec = default(PlaceSpec)
    """Model artifacts that the registry and the endpoints point to."""

    pipelines: PlaceSpec = default(PlaceSpec)
    """Pipeline output, checkpoints and caches."""

    monitoring: PlaceSpec = default(PlaceSpec)
    """Captured requests and responses, and monitoring results."""

    def place(self, place: Place) -> ResolvedPlace:
        """The settings of one place, with the defaults of the store and of the class applied."""
        own: PlaceSpec = getattr(self, place)
        retention = own.retention or self.retention
        versioned = self.versioned if own.versioned is None else own.versioned
        expire = own.expire_after_days or (None if place == "models" else _EXPIRE[retention])
        if own.worm and expire and expire < own.worm.days:
            expire = own.worm.days
        return ResolvedPlace(
            place=place,
            retention=retention,
            versioned=versioned,
            tier_after_days=own.tier_after_days or _TIER[retention],
            expire_after_days=expire,
            old_versions_days=own.old_versions_days or _OLD[retention],
            worm=own.worm,
            legal_hold=own.legal_hold,
        )

    def places(self) -> tuple[ResolvedPlace, ...]:
        """Every place, resolved, in a fixed order."""
        return tuple(self.place(place) for place in PLACES)
