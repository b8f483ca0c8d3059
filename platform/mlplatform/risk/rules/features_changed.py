"""A feature of a model that is trained already means something else, or goes.

Read from the specs, as pipelines are: Feast keeps the definitions in a file of the store, so that no plan shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, cast

from mlplatform.checks.wording import shown
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_STORE = "mlplatform:index:ArtifactStore"
_KINDS: Mapping[str, str] = {"entities": "entity", "groups": "group", "services": "service"}
_Level = Literal["high", "medium", "low"]


def _examine(evidence: Evidence) -> Iterator[Hit]:
    urn = next((urn for urn in evidence.after if urn.rpartition("::")[0].endswith(_STORE)), "")
    for change in evidence.diff.spec_changes:
        root, _, rest = change.path.partition(".")
        if urn and root == "feature_store":
            for level, reason in _judged(rest, change.before, change.after):
                yield Hit(level, urn, reason, change.path)


def _judged(path: str, before: object, after: object) -> Iterator[tuple[_Level, str]]:
    """What a change of one field below `feature_store` does."""
    if not path:
        if after is None:
            yield "high", "The feature store is gone: models that ask it for features get none."
        return
    if path == "engine":
        yield (
            "high",
            f"The online store is another, {after} and no longer {before}: look-ups find nothing until it is filled.",
        )
        return
    if path == "fill":
        if after is None:
            yield "high", "Nothing fills the online store any more: models are served values that grow old."
        return
    many, _, rest = path.partition(".")
    if many not in _KINDS:
        return
    name, _, inner = rest.partition(".")
    kind = _KINDS[many]
    if not inner:
        if after is None:
            yield "high", f"The {kind} {shown(name)} is gone: Feast forgets it, and whoever asks for it gets an error."
    elif kind == "entity":
        yield "high", f"The {inner} of the entity {shown(name)} is another: its tables and stored values are not found."
    elif kind == "service" and inner in ("endpoints", "teams"):
        gone = sorted({*_names(before)} - {*_names(after)})
        if gone:
            who = ", ".join(map(shown, gone))
            yield "high", f"The service {shown(name)} names {who} no longer: their look-ups are refused."
    elif kind == "service":
        yield (
            "high",
            f"The service {shown(name)} gives other features: a model that was trained with the former ones must be "
            "trained again.",
        )
    elif inner == "ttl_hours":
        yield (
            "medium",
            f"Values of the group {shown(name)} are believed {_hours(after)} and no longer {_hours(before)}: models "
            "see other values than they were trained with.",
        )
    elif inner.startswith("features."):
        yield from _feature(inner.removeprefix("features."), name, before, after)
    elif inner == "created" and after is None:
        yield (
            "high",
            f"The group {shown(name)} has no `created` any more: training sees values that were computed later.",
        )
    elif inner == "online":
        if after is not True:
            yield "high", f"The group {shown(name)} is not kept online any more: look-ups find nothing."
    elif inner != "created":
        yield (
            "high",
            f"The {inner.partition('.')[0]} of the group {shown(name)} changed: its table must have changed too.",
        )


def _feature(path: str, group: str, before: object, after: object) -> Iterator[tuple[_Level, str]]:
    feature, _, field = path.partition(".")
    what = f"feature {shown(feature)} of {shown(group)}"
    if field:
        yield (
            "high",
            f"The {what} has the type {after} and no longer {before}: models were trained with the former one.",
        )
    elif after is None:
        yield "high", f"The {what} is gone: models that were trained with it get an error."
    elif before is None:
        yield "low", f"The {what} is new: it is null in rows and stored values until both are filled."


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, cast("list[object]", value))) if isinstance(value, list) else ()


def _hours(value: object) -> str:
    return f"{value} hours" if isinstance(value, int) else "until the next one"


RULE = RiskRule(
    id="features-changed",
    topic="software",
    title="Features mean what they meant when the models were trained",
    fix="Train the models that use it again, or keep the former definition under its name and add another beside it.",
    examine=_examine,
    headline="[a feature changes|features change] for models that are trained already",
)
