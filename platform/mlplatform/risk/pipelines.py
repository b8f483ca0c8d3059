"""Fields of pipelines that a change of a spec touches, for the rules about what holds them back.

They are read from the spec and not from the plan: clouds write a pipeline into documents of their own, one of which
the provider keeps as a secret. A change of which only plans are known says nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from mlplatform.risk.evidence import Evidence

_PIPELINE = "mlplatform:index:Pipeline"
_TEMPLATE = ":WorkflowTemplate"


@dataclass(frozen=True, slots=True)
class PipelineField:
    """One field that changes."""

    pipeline: str
    """Name of the pipeline."""

    urn: str
    """The resource that stands for it."""

    path: str
    """The field below the pipeline: `triggers.max_runs_per_month`."""

    before: object
    """Former value; None where it is added."""

    after: object
    """New value; None where it is removed."""


def changed_fields(evidence: Evidence) -> Iterator[PipelineField]:
    """Fields of the pipelines that this target had before and has after the change."""
    before, after = (_pipelines(side) for side in (evidence.before, evidence.after))
    for change in evidence.diff.spec_changes:
        root, _, rest = change.path.partition(".")
        name, _, path = rest.partition(".")
        urn = _found(after, name)
        if root == "pipelines" and path and urn and _found(before, name):
            yield PipelineField(name, urn, path, change.before, change.after)


def _pipelines(steps: Mapping[str, object]) -> list[str]:
    return [urn for urn in steps if _type_of(urn) == _PIPELINE or _type_of(urn).endswith(_TEMPLATE)]


def _type_of(urn: str) -> str:
    return urn.rpartition("::")[0].rpartition("$")[2].rpartition("::")[2]


def _found(urns: list[str], name: str) -> str:
    return next((urn for urn in urns if urn.endswith((f"-pipeline-{name}", f"::{name}", f"-{name}"))), "")


def loosened(field: str, before: object, after: object, *, least: frozenset[str], most: frozenset[str]) -> bool:
    """Whether a bound lets more through than before.

    Args:
        field: its name.
        before: former value; None for no bound.
        after: new value; None for no bound.
        least: names of bounds that things must reach.
        most: names of bounds that things must not exceed.
    """
    if field not in least | most or not isinstance(before, int | float):
        return False
    if not isinstance(after, int | float):
        return after is None
    return after < before if field in least else after > before


def fields_of(value: object) -> Mapping[str, object]:
    """The fields of a value that may be a mapping."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
