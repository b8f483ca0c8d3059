"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from typing import NotRequired, TypedDict


class WormSpec(TypedDict):
    """Write once, read many: no object can be changed or deleted for a number of days."""

    days: int
    """Days for which every object version is kept, counted from its creation."""

    locked: NotRequired[bool]
    """True makes it final: not even the account's owner can shorten the time or delete the place early."""


class PlaceSpec(TypedDict):
    """Settings of one place that differ from the store's."""

    retention: NotRequired[str]
    """Retention class. Omitted: the store's class.

    One of ephemeral, standard, long-term.
    """

    versioned: NotRequired[bool]
    """Keep overwritten and deleted objects. Omitted: the store's setting."""

    tier_after_days: NotRequired[int]
    """Days until objects move to infrequent-access storage. Omitted: by class (standard 90, long-term 30)."""

    expire_after_days: NotRequired[int]
    """Days until objects are deleted. Omitted: by class (ephemeral 30, others never); objects of `models` are never
    deleted by their class, because the record of releases names them for as long as they serve.
    """

    old_versions_days: NotRequired[int]
    """Days overwritten versions are kept. Omitted: by class (ephemeral 7, standard 90, long-term 365)."""

    worm: NotRequired[WormSpec]
    """Write protection. Omitted: objects can be replaced and deleted."""

    legal_hold: NotRequired[bool]
    """Protect every object from deletion until this is false again."""


class ArtifactStoreSpec(TypedDict):
    """Separate places for data, features, models, pipeline output and captured requests."""

    retention: NotRequired[str]
    """Retention class. Where stateful resources are protected, a destroy deletes only `ephemeral` artifacts.

    One of ephemeral, standard, long-term.
    """

    versioned: NotRequired[bool]
    """Keep overwritten and deleted objects for `old_versions_days`."""

    access_logs: NotRequired[bool]
    """Record every read and write of every place."""

    replicated: NotRequired[bool]
    """Copy every object to the target's `replica_region`."""

    data: NotRequired[PlaceSpec]
    """Raw and prepared data sets."""

    features: NotRequired[PlaceSpec]
    """Feature tables and their history."""

    models: NotRequired[PlaceSpec]
    """Model artifacts that the registry and the endpoints point to."""

    pipelines: NotRequired[PlaceSpec]
    """Pipeline output, checkpoints and caches."""

    monitoring: NotRequired[PlaceSpec]
    """Captured requests and responses, and monitoring results."""
