"""Who released what, when, and who took it back: every change of a record that Git knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

from mlplatform.fast.record import record
from mlplatform.json_text import parse_document
from mlplatform.lineage.history import Place, RecordVersion, revisions

ChangeKind = Literal["released", "rolled back", "withdrawn", "files changed", "record changed"]
"""What happened. `files changed`: the same version with other digests, which `promote` never writes. `record changed`:
gates, approver, review or origin of what serves already."""

_SERVES = ("model", "version", "image", "image_digest")


@record(kw_only=True)
class ReleaseChange:
    """One change at one place."""

    environment: str
    """Environment of the record."""

    place: Place
    """Target, endpoint, and variant or shadow."""

    kind: ChangeKind
    """What happened."""

    before: str
    """What served before; empty where nothing did."""

    after: str
    """What serves since; empty where nothing does."""

    approver: str
    """Who released it, as the record says."""

    day: str
    """Day of the commit; empty where it is not committed yet."""

    commit: str
    """The commit; empty likewise."""

    by: str
    """Who made the commit, or merged it; Git does not prove it unless commits are signed."""

    overruled: tuple[str, ...]
    """Gates that it did not pass and that somebody overruled, with the reason where one was given."""


def changes_of(file: Path) -> tuple[ReleaseChange, ...] | None:
    """Every change of a record, oldest first; None where Git does not know it.

    Args:
        file: the record.
    """
    found = revisions(file)
    return None if found is None else tuple(audited(file.stem, found))


def audited(environment: str, found: Sequence[RecordVersion]) -> Iterator[ReleaseChange]:
    """Every change between the versions of a record, which are the oldest first."""
    former: Mapping[Place, Mapping[str, object]] = {}
    for revision in found:
        present = _releases(revision.text)
        for place in sorted({*former, *present}):
            before, after = former.get(place), present.get(place)
            if before == after:
                continue
            said = after or before or {}
            yield ReleaseChange(
                environment=environment,
                place=place,
                kind=_kind(before, after),
                before=_name(before),
                after=_name(after),
                approver=str(said.get("approver") or "") if after else "",
                day=revision.day,
                commit=revision.commit,
                by=revision.by,
                overruled=tuple(_overruled(after or {})),
            )
        former = present


def _kind(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> ChangeKind:
    if after is None:
        return "withdrawn"
    if before is None:
        return "released"
    if _identity(before) == _identity(after):
        return "record changed" if before.get("digests") == after.get("digests") else "files changed"
    return "rolled back" if _identity(_fields(before.get("previous"))) == _identity(after) else "released"


def _identity(release: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(release.get(name) for name in _SERVES)


def _name(release: Mapping[str, object] | None) -> str:
    if release is None:
        return ""
    if release.get("model"):
        return f"{release['model']}/{release.get('version')}"
    return str(release.get("image_digest") or release.get("image") or "its image")


def _overruled(release: Mapping[str, object]) -> Iterator[str]:
    gates = release.get("gates")
    for gate in cast("list[object]", gates) if isinstance(gates, list) else ():
        if _fields(gate).get("passed") is False:
            name, reason = _fields(gate).get("name"), _fields(gate).get("reason")
            yield f"{name} ({reason})" if reason else str(name)


def _releases(text: str) -> Mapping[Place, Mapping[str, object]]:
    """The releases of a version of the file, read without the rules of today: a former record need not fulfil them."""
    return {
        (target, endpoint, variant): _fields(release)
        for target, endpoints in _fields(_fields(parse_document(text)).get("targets")).items()
        for endpoint, variants in _fields(endpoints).items()
        for variant, release in _fields(variants).items()
    }


def _fields(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
