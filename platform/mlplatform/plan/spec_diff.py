"""Compares two specs field by field, and finds the resources that each field changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from mlplatform.components.release_problems import release_problems
from mlplatform.plan.change import Diff, FieldEffect, ResourceChange, SpecChange
from mlplatform.plan.spec_field import FieldLocation, replace_field
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import Release

MAX_PLANNED = 20
"""Number of fields above which resources are attributed by component instead of planning each field alone."""
FEW_PLANNED = 4
"""The same for reviews, which several commands of one job make."""
NAMES = ("name", "cloud", "kind")
"""Fields that identify list items: the first that all items have with different values."""
FIELD_CAPABILITIES: Mapping[str, tuple[str, ...]] = {
    "access": ("Keys and identities",),
    "artifact_store": ("Artifact store",),
    "budget": ("Budget",),
    "cluster": ("Cluster layer", "Keys and identities", "Tracking"),
    "endpoints": ("Endpoints", "Model monitors"),
    "feature_store": ("Feature store",),
    "keys": ("Keys and identities",),
    "monitoring": ("Monitoring",),
    "network": ("Network",),
    "pipelines": ("Pipelines",),
    "record": ("Endpoints",),
    "registry": ("Registries",),
    "tracking": ("Tracking",),
    "training": ("Training",),
}
"""Titles of the capabilities by spec field; other fields concern all."""

RECORD = "record"
"""First part of the path of a change in the record of releases."""

_MISSING = object()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs, with its location in both documents."""

    change: SpecChange
    """Title for people."""

    before: FieldLocation
    """Location in the former document; that of its parent, where it is added."""

    after: FieldLocation
    """Location in the new document; that of its parent, where it is removed."""


def compare_specs(before: PlatformSpec | None, after: PlatformSpec | None) -> tuple[FieldChange, ...]:
    """Fields that differ, by path; empty where a side has no spec."""
    if before is None or after is None:
        return ()
    fields = _walk(_document(before), _document(after), "", (), ())
    return tuple(sorted(fields, key=lambda field: field.change.path))


def attribute_changes(
    fields: Sequence[FieldChange],
    diff: Diff,
    before: PlatformSpec,
    after: PlatformSpec,
    *,
    most: int,
) -> tuple[SpecChange, ...]:
    """Add to each changed field the resources that it changes.

    Args:
        fields: the changed fields.
        diff: the diff of the two plans.
        before: the former spec.
        after: the new spec.
        most: plan each field alone where this many concern the target at most; otherwise attribute by component.
    """
    fields = [field for field in fields if not _says_twice(field, fields, diff.target)]
    concerned = [field for field in fields if _concerns(field.change.path, diff.target)]
    if len(concerned) == 1:
        everything = tuple(sorted(change.step.urn for change in diff.changes))
        return tuple(replace(f.change, urns=everything) if f in concerned else f.change for f in fields)
    changes: list[SpecChange] = []
    for field in fields:
        if field not in concerned or not diff.changes:
            changes.append(field.change)
            continue
        effects = _planned(field, diff, before, after) if len(concerned) <= most else None
        urns = _by_component(field.change.path, diff.changes) if effects is None else tuple(sorted(effects))
        changes.append(replace(field.change, urns=urns, effects=effects or {}))
    return tuple(changes)


def _document(spec: PlatformSpec) -> dict[str, object]:
    """A spec's fields, and what its record releases, as `RECORD.<target>.<endpoint>.<variant>`."""
    targets = spec.record.targets if spec.record else {}
    released = {
        target: {
            endpoint: {name: _served(release) for name, release in releases.items()}
            for endpoint, releases in endpoints.items()
        }
        for target, endpoints in targets.items()
    }
    return {**spec.model_dump(mode="json"), RECORD: released}


def _served(release: Release) -> str:
    return " on ".join(part for part in (release.path, release.image_digest) if part) or "released"


def _walk(before: object, after: object, path: str, was: FieldLocation, now: FieldLocation) -> Iterator[FieldChange]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        a, b = cast("dict[str, object]", before), cast("dict[str, object]", after)
        for key in sorted({*a, *b}):
            yield from _either(a.get(key, _MISSING), b.get(key, _MISSING), f"{path}.{key}", (*was, key), (*now, key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(cast("list[object]", before), cast("list[object]", after), path, was, now)
    else:
        yield FieldChange(SpecChange(path.lstrip("."), cast("object", before), after), was, now)


def _either(old: object, new: object, path: str, was: FieldLocation, now: FieldLocation) -> Iterator[FieldChange]:
    if old is _MISSING or new is _MISSING:
        before, after = (None if value is _MISSING else value for value in (old, new))
        yield FieldChange(
            SpecChange(path.lstrip("."), before, after),
            was[:-1] if old is _MISSING else was,
            now[:-1] if new is _MISSING else now,
        )
    else:
        yield from _walk(old, new, path, was, now)


def _lists(
    old: Sequence[object], new: Sequence[object], path: str, was: FieldLocation, now: FieldLocation
) -> Iterator[FieldChange]:
    a, b = _names(old), _names(new)
    if a is not None and b is not None:
        for name in dict.fromkeys([*a, *b]):
            before = old[a[name]] if name in a else _MISSING
            after = new[b[name]] if name in b else _MISSING
            yield from _either(before, after, f"{path}.{name}", (*was, a.get(name, -1)), (*now, b.get(name, -1)))
        if [name for name in a if name in b] != [name for name in b if name in a]:
            yield FieldChange(SpecChange(f"{path} (order)".lstrip("."), list(a), list(b)), was, now)
    elif len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _walk(before, after, f"{path}[{index}]", (*was, index), (*now, index))
    else:
        yield FieldChange(SpecChange(path.lstrip("."), list(old), list(new)), was, now)


def _names(items: Sequence[object]) -> dict[str, int] | None:
    """Positions by name; None where an item has no name, or shares it."""
    for key in NAMES:
        names = [cast("dict[str, object]", item).get(key) if isinstance(item, dict) else None for item in items]
        if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
            return {str(name): index for index, name in enumerate(names)}
    return None


def _says_twice(field: FieldChange, fields: Sequence[FieldChange], target: str) -> bool:
    """Whether a change in the record is one of another target, or only follows a pin that changes in the spec."""
    record, *parts = field.change.path.split(".")
    if record != RECORD:
        return False
    pins = [other.change for other in fields if parts[1:2] and other.change.path.startswith(f"endpoints.{parts[1]}.")]
    values = (field.change.before, field.change.after)
    return not _concerns(field.change.path, target) or any((pin.before, pin.after) == values for pin in pins)


def _concerns(path: str, target: str) -> bool:
    parts = path.split(".")
    return parts[0] not in ("targets", RECORD) or len(parts) == 1 or parts[1] == target


def _planned(
    field: FieldChange, diff: Diff, before: PlatformSpec, after: PlatformSpec
) -> dict[str, FieldEffect] | None:
    """What this field does alone, by resource; None where such a spec is not valid."""
    from mlplatform import discovery
    from mlplatform.plan.diff import diff as compare
    from mlplatform.plan.record import PlanRefused, record

    if field.change.path.split(".")[0] == RECORD:
        return None
    replaced = replace_field(before, after, field.before, field.after)
    if replaced is None or diff.target not in {target.name for target in replaced.targets}:
        return None
    spec, backend = replaced.with_record(before.record), discovery.backend(diff.cloud)
    narrowed = spec.on(diff.target)
    if backend.problems(narrowed) or any(release_problems(narrowed, backend)):
        return None
    try:
        plan = record(spec, diff.target, resolve=diff.before.resolved)
    except PlanRefused:
        return None
    alone = {
        change.step.urn: FieldEffect(change.kind, frozenset(prop.text for prop in change.properties))
        for change in compare(diff.before, plan).changes
    }
    return {change.step.urn: alone[change.step.urn] for change in diff.changes if change.step.urn in alone}


def _by_component(path: str, changes: Sequence[ResourceChange]) -> tuple[str, ...]:
    """Resources of the field's capability; only those of one component, where its name is in the path."""
    parts = path.split(".")
    titles = FIELD_CAPABILITIES.get(parts[0])
    fitting = [change for change in changes if titles is None or change.capability in titles]
    named = [c for c in fitting if any(c.component.endswith(f"-{part}") for part in parts[1:] if part)]
    return tuple(sorted(change.step.urn for change in named or fitting))
