"""The chain of a model: every place where one of its versions is released, and where each version comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.fast.record import record
from mlplatform.lineage.history import NO_GIT, Since, released_since
from mlplatform.lineage.records import ReleasedEntry
from mlplatform.reading.partial import Unacceptable
from mlplatform.similar import nearest_names
from mlplatform.spec.model_names import split_model
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import FormerRelease

ORIGIN = ("digests", "data_version", "commit", "run", "training")
"""Fields that say where a version comes from: they are the same wherever it is released."""

_TITLES = {"digests": "files", "data_version": "data version", "training": "training run"}


@record()
class Link:
    """One release of a version in one place."""

    entry: ReleasedEntry
    """The place."""

    release: FormerRelease
    """The release, or the one before it."""

    serves: bool
    """Whether it is the present one."""

    since: Since
    """Since when it is released; of a former one unknown."""


@record()
class Chain:
    """All releases of one model."""

    model: str
    """Name of the model."""

    links: tuple[Link, ...]
    """Its releases, by environment, target, endpoint and variant; a former one after the present one."""

    contradictions: tuple[str, ...]
    """What two records say differently of the same version."""


def trace_model(entries: Sequence[ReleasedEntry], path: str) -> Chain:
    """The chain of a model.

    Args:
        entries: all releases.
        path: the model, `fraud`; with a version, `fraud/7`, only of that one. A model that an image holds is found by
            the name of its endpoint.

    Raises:
        Unacceptable: no record names it.
    """
    name, links = path, tuple(_links(entries, path, None))
    if not links:
        name, version = split_model(path)
        links = tuple(_links(entries, name, version))
    if not links:
        raise Unacceptable(_unknown(entries, path))
    return Chain(name, tuple(_dated(links)), tuple(_contradictions(links)))


def _links(entries: Sequence[ReleasedEntry], name: str, version: str | None) -> Iterator[Link]:
    for entry in entries:
        for release, serves in entry.versions():
            named = name in (release.model, entry.endpoint if release.model is None else release.model)
            if named and version in (None, release.version):
                yield Link(entry, release, serves, Since())


def _dated(links: Sequence[Link]) -> Iterator[Link]:
    known = {file: released_since(file) for file in dict.fromkeys(link.entry.file for link in links)}
    for link in links:
        dates, at = known[link.entry.file], link.entry
        since = NO_GIT if dates is None else dates.get((at.target, at.endpoint, at.variant), NO_GIT)
        yield Link(at, link.release, link.serves, since if link.serves else Since(unknown="released before"))


def _contradictions(links: Sequence[Link]) -> Iterator[str]:
    """What two records say differently of one version. What one of them does not say is no contradiction."""
    said: dict[tuple[str, str], tuple[object, str]] = {}
    for link in links:
        path, place = link.release.path, link.entry.place
        for field in ORIGIN if path else ():
            value = getattr(link.release, field)
            if not value:
                continue
            first = said.setdefault((path or "", field), (value, place))
            if first[0] != value:
                yield f"{path}: other {_TITLES.get(field, field)} in {place} than in {first[1]}"


def _unknown(entries: Sequence[ReleasedEntry], path: str) -> Problem:
    known: dict[str, list[str]] = {}
    for entry in entries:
        for release, _ in entry.versions():
            known.setdefault(release.model or entry.endpoint, []).append(release.version or "its image")
    name, version = split_model(path)
    if name in known and version:
        there = ", ".join(dict.fromkeys(known[name]))
        return Problem("MODEL", path[:80], f"a version of {name} that a record names: {there}", "name one of them")
    close = nearest_names(path, known)
    fix = f"did you mean {close[0]}?" if close else "look at `mlplatform inventory`"
    names = ", ".join(sorted(known)[:8]) + (f" and {len(known) - 8} more" if len(known) > 8 else "")
    return Problem("MODEL", path[:80], f"a model that a record names: {names or 'there is none'}", fix)
