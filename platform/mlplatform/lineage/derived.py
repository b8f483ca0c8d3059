"""What learned from a version of the data, as the records say it: for a request to delete that data."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.fast.record import record
from mlplatform.lineage.chain import Link
from mlplatform.lineage.history import Since
from mlplatform.lineage.records import ReleasedEntry
from mlplatform.reading.partial import Unacceptable
from mlplatform.similar import nearest_names
from mlplatform.spec.problem import Problem


@record()
class Derived:
    """All releases that learned from one version of the data, and those of which nobody can say it."""

    data_version: str
    """The version."""

    links: tuple[Link, ...]
    """Releases that learned from it, present and former ones, by place."""

    unknown: tuple[Link, ...]
    """Releases whose record names no version of the data: they may have learned from it too."""

    @property
    def serving(self) -> tuple[Link, ...]:
        """Those that serve now."""
        return tuple(link for link in self.links if link.serves)

    @property
    def artefacts(self) -> tuple[str, ...]:
        """Addresses of their files, each once."""
        return tuple(sorted({link.release.artifact for link in self.links if link.release.artifact}))

    @property
    def runs(self) -> tuple[str, ...]:
        """Their runs, each once."""
        return tuple(sorted({link.release.run for link in self.links if link.release.run}))


def derived_from(entries: Sequence[ReleasedEntry], data_version: str) -> Derived:
    """What learned from a version of the data.

    Args:
        entries: all releases.
        data_version: the version, as the records name it.

    Raises:
        Unacceptable: no record names it. A typing error must not look like data that nobody used.
    """
    every = [Link(entry, release, serves, Since()) for entry in entries for release, serves in entry.versions()]
    links = tuple(link for link in every if link.release.data_version == data_version)
    if not links:
        known = sorted({link.release.data_version for link in every if link.release.data_version})
        close = nearest_names(data_version, known)
        there = ", ".join(known[:8]) + (f" and {len(known) - 8} more" if len(known) > 8 else "") or "there is none"
        raise Unacceptable(
            Problem(
                "--data",
                data_version[:80],
                f"a version of the data that a record names: {there}",
                f"did you mean {close[0]}?" if close else "look at `mlplatform lineage MODEL`",
            )
        )
    return Derived(data_version, links, tuple(link for link in every if not link.release.data_version))
