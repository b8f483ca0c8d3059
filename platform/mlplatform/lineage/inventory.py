"""All models of a project: who owns them, what data they hold, where which version serves, and who looked last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlplatform.fast.record import record
from mlplatform.lineage.history import NO_GIT, Since, released_since
from mlplatform.lineage.records import ReleasedEntry
from mlplatform.spec.model_names import split_model
from mlplatform.spec.platform import PlatformSpec


@record(kw_only=True)
class InventoryRow:
    """One model in one place."""

    model: str
    """Name of the model; of an image that holds one, the endpoint's."""

    platform: str
    """Name of the platform."""

    environment: str
    """Its environment."""

    target: str
    """Name of the target."""

    endpoint: str
    """Name of the endpoint; empty for a model that is only registered."""

    variant: str
    """Name of the variant or shadow; empty likewise."""

    version: str
    """The released version, or digest of the image; empty where none is released."""

    previous: str
    """The version before; empty where there was none."""

    owner: str
    """Owner of the platform."""

    data_class: str
    """Class of its data."""

    approver: str
    """Who released it."""

    since: Since
    """Since when it is released."""

    reviewed: str
    """Day of the last review, YYYY-MM-DD: of somebody who looked later, else of the release; empty where unknown."""

    reviewer: str
    """Who that was."""


def list_models(entries: Sequence[ReleasedEntry], specs: Mapping[str, PlatformSpec]) -> tuple[InventoryRow, ...]:
    """The inventory, by model and place.

    Args:
        entries: all releases.
        specs: the platform of each environment, by the environment's name.
    """
    dates = {file: released_since(file) for file in dict.fromkeys(entry.file for entry in entries)}
    rows = [_released(entry, specs[entry.environment], dates[entry.file]) for entry in entries]
    there = {(row.environment, row.target, row.model) for row in rows}
    for spec in specs.values():
        rows += (row for row in _waiting(spec) if (row.environment, row.target, row.model) not in there)
    return tuple(
        sorted(rows, key=lambda row: (row.model, row.platform, row.environment, row.target, row.endpoint, row.variant))
    )


def _released(
    entry: ReleasedEntry, spec: PlatformSpec, dates: Mapping[tuple[str, str, str], Since] | None
) -> InventoryRow:
    release = entry.release
    since = NO_GIT if dates is None else dates.get((entry.target, entry.endpoint, entry.variant), NO_GIT)
    review, former = release.review, release.previous
    return InventoryRow(
        model=release.model or entry.endpoint,
        platform=entry.platform,
        environment=entry.environment,
        target=entry.target,
        endpoint=entry.endpoint,
        variant=entry.variant,
        version=release.version or release.image_digest or "its image",
        previous=(former.version or former.image_digest or "its image") if former else "",
        owner=spec.owner,
        data_class=spec.data_class,
        approver=release.approver,
        since=since,
        reviewed=review.day.isoformat() if review else since.day,
        reviewer=review.by if review else release.approver,
    )


def _waiting(spec: PlatformSpec) -> Iterator[InventoryRow]:
    """Models that a spec names and nobody released."""
    for target in spec.targets:
        narrowed = spec.on(target.name)
        named: dict[str, tuple[str, str]] = dict.fromkeys(narrowed.registry.models, ("", ""))
        for endpoint in narrowed.endpoints:
            for variant in (*endpoint.all_variants(), *((endpoint.shadow,) if endpoint.shadow else ())):
                if variant.model:
                    named[split_model(variant.model)[0]] = (endpoint.name, variant.name)
        for model, (endpoint_name, variant_name) in named.items():
            yield InventoryRow(
                model=model,
                platform=spec.name,
                environment=spec.environment,
                target=target.name,
                endpoint=endpoint_name,
                variant=variant_name,
                version="",
                previous="",
                owner=spec.owner,
                data_class=spec.data_class,
                approver="",
                since=Since(),
                reviewed="",
                reviewer="",
            )
