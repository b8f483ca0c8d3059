"""The parity matrix: the support of each installed cloud for each spec field, from its limits and its code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args, get_origin

from mlplatform import discovery
from mlplatform.components.backend import Backend, Limit
from mlplatform.plan.reads import SpecReads, find_reads
from mlplatform.reading.describe.shape import field_models, tag_of
from mlplatform.spec.base import SpecModel
from mlplatform.spec.platform import PlatformSpec

Support = Literal["yes", "partial", "no", "other", "missing"]
"""`other`: a field of another cloud's target. `missing`: neither read nor limited, a defect of the backend."""

TAGS = ("kind", "cloud")
OVERRIDES: Mapping[str, tuple[str, ...]] = {
    "targets.pools": ("training.pools", "training.cpu_pools"),
    "targets.endpoints": ("endpoints",),
}
"""Fields of overrides, and the fields that they replace."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Support of one cloud for one field."""

    support: Support
    """Degree of support."""

    reason: str = ""
    """Reason why it is not, or not fully, supported."""

    alternative: str = ""
    """The nearest thing that works."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One field on all clouds."""

    path: str
    """Dotted path, lists without index; a choice of model as `endpoints.rollout=canary`."""

    cells: tuple[MatrixCell, ...]
    """One cell per cloud."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """All fields on all clouds."""

    clouds: tuple[str, ...]
    """Installed backends, sorted."""

    titles: tuple[str, ...]
    """The clouds' names for people."""

    rows: tuple[MatrixRow, ...]
    """In the spec's order."""

    def gaps(self) -> tuple[str, ...]:
        """Cells without support, reason or declaration, as `cloud: field`."""
        return tuple(
            f"{cloud}: {row.path}"
            for row in self.rows
            for cloud, cell in zip(self.clouds, row.cells, strict=True)
            if cell.support == "missing" or (cell.support in ("partial", "no") and not cell.reason)
        )


@dataclass(frozen=True, slots=True)
class _Field:
    path: str
    name: str
    fixed: bool
    """Whether only one value is possible, so that there is nothing to honour."""
    models: tuple[str, ...] = ()
    """Class and tag, where the row is a choice of model."""
    clouds: tuple[str, ...] | None = None
    """Clouds that have the field; None for all."""
    stands_for: tuple[str, ...] = ()
    """The fields that an override replaces, whose support it shares."""


def build_matrix() -> Matrix:
    """The matrix of the installed backends."""
    backends = tuple(discovery.backend(cloud) for cloud in discovery.clouds())
    read = tuple(find_reads(backend.package) for backend in backends)
    rows = tuple(
        MatrixRow(field.path, tuple(_cell(field, b, r) for b, r in zip(backends, read, strict=True)))
        for field in spec_fields()
    )
    return Matrix(tuple(b.name for b in backends), tuple(b.title for b in backends), rows)


def spec_fields() -> tuple[_Field, ...]:
    """Every field of the spec, once per path."""
    fields: dict[str, _Field] = {}
    for field in _walk(PlatformSpec, "", None):
        other = fields.get(field.path)
        if other and other.clouds and field.clouds:
            merged = tuple(dict.fromkeys((*other.clouds, *field.clouds)))
            field = replace(field, clouds=merged)
        fields[field.path] = field
    return tuple(fields.values())


def _walk(model: type[SpecModel], prefix: str, clouds: tuple[str, ...] | None) -> Iterator[_Field]:
    for name, info in model.model_fields.items():
        if name in TAGS and tag_of(model):
            continue
        path = f"{prefix}.{name}" if prefix else name
        if replaced := OVERRIDES.get(prefix):
            yield _Field(path, name, False, clouds=clouds, stands_for=tuple(f"{each}.{name}" for each in replaced))
            continue
        fixed = get_origin(info.annotation) is Literal and len(get_args(info.annotation)) == 1
        yield _Field(path, name, fixed, clouds=clouds)
        inner = field_models(info)
        for choice in inner:
            tag = tag_of(choice)
            owner = (tag,) if tag and path == "targets" else clouds
            if tag and len(inner) > 1 and path != "targets":
                yield _Field(f"{path}={tag}", name, False, (choice.__name__, tag), clouds)
            yield from _walk(choice, path, owner)


def _cell(field: _Field, backend: Backend, read: SpecReads) -> MatrixCell:
    if field.clouds is not None and backend.name not in field.clouds:
        return MatrixCell("other", "a field of another cloud's target", "")
    if field.path.startswith("extensions."):
        return _extension_cell(field.path.removeprefix("extensions."), backend)
    paths = field.stands_for or (field.path,)
    limits = [limit for limit in backend.limits if any(_covers(limit, path) for path in paths)]
    if not limits:
        limits = [limit for limit in backend.lacking if any(_covers(limit, path) for path in paths)]
    if limits:
        support: Support = "no" if any(limit.support == "unsupported" for limit in limits) else "partial"
        return MatrixCell(
            support,
            "; ".join(dict.fromkeys(limit.reason for limit in limits)),
            "; ".join(dict.fromkeys(limit.alternative for limit in limits)),
        )
    honoured = any(name in read.names for name in field.models) if field.models else field.name in read.attributes
    return MatrixCell("yes") if honoured or field.fixed else MatrixCell("missing")


def _extension_cell(path: str, backend: Backend) -> MatrixCell:
    """Support of a field of capabilities that other packages add; `path` is the one below an entry."""
    supports: list[Support] = []
    said: list[tuple[str, str]] = []
    name = path.partition(".")[0].partition("=")[0]
    for capability in map(discovery.capability, discovery.capabilities()):
        if name not in capability.spec_type.model_fields:
            continue
        limits = [limit for limit in capability.limits.get(backend.name, ()) if _covers(limit, path)]
        if backend.name not in capability.clouds():
            supports.append("no")
            there = " or ".join(capability.clouds())
            said.append((f"{capability.package} is not built on {backend.title}", f"name a target on {there} in `on`"))
        elif limits:
            supports.append("no" if any(limit.support == "unsupported" for limit in limits) else "partial")
            said += [(limit.reason, limit.alternative) for limit in limits]
        else:
            last = path.rpartition(".")[2].partition("=")[0]
            supports.append("yes" if last in find_reads(capability.package).attributes else "missing")
    # the same name may be a field of several capabilities, which stand in one row
    support: Support = supports[0] if len(set(supports)) == 1 else "missing" if "missing" in supports else "partial"
    reasons, ways = zip(*said, strict=True) if said else ((), ())
    return MatrixCell(support, "; ".join(dict.fromkeys(reasons)), "; ".join(dict.fromkeys(ways)))


def _covers(limit: Limit, path: str) -> bool:
    below = limit.support == "unsupported" and path.startswith((f"{limit.field}.", f"{limit.field}="))
    return limit.field == path or below
