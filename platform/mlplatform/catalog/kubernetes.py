"""Kubernetes versions of a managed service: since when, and until when with standard and with extended support."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mlplatform.catalog.reader import Table
from mlplatform.fast.record import record


@record()
class KubernetesRelease:
    """One minor version."""

    version: str
    """The minor version, for example `1.35`."""

    since: date
    """First day on which clusters can have it."""

    standard: date
    """Last day of standard (community) support."""

    extended: date
    """Last day of extended (long-term) support, which costs more."""

    addons: tuple[tuple[str, str], ...] = ()
    """Versions of the service's add-ons that run on it; the service chooses those of others."""

    def until(self, *, extended: bool) -> date:
        """Last day of the support that was chosen."""
        return self.extended if extended else self.standard


@record()
class KubernetesService:
    """The versions of a cloud's managed Kubernetes, oldest first."""

    releases: tuple[KubernetesRelease, ...] = ()
    """The versions; empty if the catalogue does not know them."""

    source: str = ""
    """The vendor's calendar."""

    as_of: date | None = None
    """Day on which the calendar was read."""

    def release(self, version: str) -> KubernetesRelease | None:
        """One version; None if the calendar does not have it."""
        return next((release for release in self.releases if release.version == version), None)

    def sold(self, day: date, *, extended: bool = False) -> tuple[str, ...]:
        """Versions that a new cluster can have on a day."""
        return tuple(r.version for r in self.releases if r.since <= day <= r.until(extended=extended))


def minor(version: str) -> int:
    """The number of a minor version: 35 of `1.35`, `1.35.4` and `1.35.4-gke.100`; 0 of what is none."""
    parts = version.split(".")
    return int(parts[1]) if len(parts) > 1 and parts[0] == "1" and parts[1].isdigit() else 0


def kubernetes_service(table: Table) -> KubernetesService:
    """The calendar of a cloud; an empty one if its catalogue has none."""
    if "kubernetes" not in table:
        return KubernetesService()
    section = table.table("kubernetes")
    section.get("addons_source", str, "")
    addons = section.table("addons")
    versions = section.table("versions")
    releases = tuple(
        KubernetesRelease(
            version,
            entry.get("from", date),
            entry.get("standard", date),
            entry.get("extended", date),
            _addons(addons, version),
        )
        for version in sorted(versions, key=minor)
        for entry in (versions.table(version),)
    )
    service = KubernetesService(releases, section.get("source", str), section.get("as_of", date))
    section.done()
    return service


def _addons(table: Table, version: str) -> tuple[tuple[str, str], ...]:
    names: Mapping[str, str] = {}
    if version in table:
        entry = table.table(version)
        names = {name: entry.get(name, str) for name in entry}
    return tuple(sorted(names.items()))
