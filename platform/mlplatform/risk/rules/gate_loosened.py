"""A gate of a pipeline lets candidates pass that it held back before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.wording import shown
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.pipelines import changed_fields, fields_of, loosened
from mlplatform.risk.rule import Hit, RiskRule

_LEAST = frozenset({"at_least", "margin", "least_rows"})
_MOST = frozenset({"at_most", "alpha", "most_difference"})
_KEYS = ("column", "metric")
_OTHER = frozenset({"metric", "column", "test"})


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for field in changed_fields(evidence):
        steps, _, rest = field.path.partition(".")
        step, _, path = rest.partition(".")
        if steps != "steps" or not step:
            continue
        where = f"pipelines.{field.pipeline}.{field.path}"
        if not path and field.after is None and fields_of(field.before).get("kind") == "gate":
            yield Hit("high", field.urn, f"The gate {shown(step)} of {shown(field.pipeline)} is gone.", where)
        elif path == "gate" or path.startswith("gate."):
            inner = path.removeprefix("gate").lstrip(".")
            for what in _looser(inner, field.before, field.after):
                yield Hit("high", field.urn, f"Gate {shown(step)} of {shown(field.pipeline)}: {what}.", where)


def _looser(path: str, before: object, after: object) -> Iterator[str]:
    """What lets more pass, in words."""
    name = path.rpartition(".")[2]
    if isinstance(before, list):
        yield from _lists(path, _by_key(cast("object", before)), _by_key(after))
    elif isinstance(before, Mapping):
        if after is None:
            yield f"{path or 'all that it asks for'} is gone"
            return
        old, new = fields_of(cast("object", before)), fields_of(after)
        for key in sorted({*old, *new}):
            yield from _looser(f"{path}.{key}".lstrip("."), old.get(key), new.get(key))
    elif loosened(name, before, after, least=_LEAST, most=_MOST):
        yield f"{path} was {_said(before)} and is {'gone' if after is None else _said(after)}"
    elif name in _OTHER and before is not None and before != after:
        yield f"{path} was {_said(before)} and is {_said(after)}, so it judges something else"


def _lists(path: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for key, before in old.items():
        yield from _looser(f"{path}.{key}", before, new.get(key))


def _by_key(given: object) -> dict[str, object]:
    """Entries of a list by what they are about."""
    entries = map(fields_of, cast("list[object]", given) if isinstance(given, list) else ())
    return {"/".join(str(entry[name]) for name in _KEYS if name in entry): entry for entry in entries}


def _said(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else shown(str(value))


RULE = RiskRule(
    id="gate-loosened",
    topic="software",
    title="Every gate asks for as much as before",
    fix="Say in the change why the former bound was wrong; let who owns the model approve it.",
    examine=_examine,
    headline="[a gate asks|gates ask] candidates for less",
)
