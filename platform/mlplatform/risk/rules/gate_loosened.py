"""A gate of a pipeline, or its look at data, lets pass what it held back before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.wording import shown
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.pipelines import changed_fields, fields_of, loosened
from mlplatform.risk.rule import Hit, RiskRule

_LEAST = frozenset({"at_least", "margin", "least_rows"})
_MOST = frozenset(
    {
        "at_most",
        "alpha",
        "most_difference",
        "most_rows",
        "most_share",
        "most_hours",
        "most_null_share",
        "most_model_mib",
    }
)
_KEYS = ("column", "metric", "name")
_OTHER = frozenset({"metric", "column", "test", "type", "input"})
_ASKS: Mapping[str, bool] = {"unique": True, "other_columns": False, "ends_run": True}
"""The value with which a switch of the look at data holds more back."""
_DEFAULTS: Mapping[str, bool] = {"unique": False, "other_columns": True, "ends_run": True}


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for field in changed_fields(evidence):
        steps, _, rest = field.path.partition(".")
        step, _, path = rest.partition(".")
        if steps != "steps" or not step:
            continue
        where = f"pipelines.{field.pipeline}.{field.path}"
        if not path and field.after is None and fields_of(field.before).get("kind") == "gate":
            yield Hit("high", field.urn, f"The gate {shown(step)} of {shown(field.pipeline)} is gone.", where)
        elif not path and field.after is None and "data_checks" in fields_of(field.before):
            yield Hit("high", field.urn, f"The look at data {shown(step)} of {shown(field.pipeline)} is gone.", where)
        elif path == "data_checks" or path.startswith(("data_checks.", "data_checks[")):
            inner = path.removeprefix("data_checks").lstrip(".")
            for what in _looser(inner, field.before, field.after):
                yield Hit("high", field.urn, f"Data {shown(step)} of {shown(field.pipeline)}: {what}.", where)
        elif path == "gate" or path.startswith("gate."):
            inner = path.removeprefix("gate").lstrip(".")
            for what in _looser(inner, field.before, field.after):
                yield Hit("high", field.urn, f"Gate {shown(step)} of {shown(field.pipeline)}: {what}.", where)


def _looser(path: str, before: object, after: object) -> Iterator[str]:
    """What lets more pass, in words."""
    name = path.rpartition(".")[2]
    if name in _ASKS:
        old, new = (_DEFAULTS[name] if value is None else bool(value) for value in (before, after))
        if old == _ASKS[name] and new != old:
            yield f"{path} was {str(old).lower()} and is {str(new).lower()}"
    elif name == "sign_off":
        fewer = set(cast("list[str]", before or [])) - set(cast("list[str]", after or []))
        yield from (f"{role} need not sign off any more" for role in sorted(fewer))
    elif name in ("one_of", "unique_together", "licences"):
        yield from _words(path, before, after)
    elif isinstance(before, list):
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


def _words(path: str, before: object, after: object) -> Iterator[str]:
    """A list of words that lets more pass: more values, or rows told apart by more columns; none lets everything."""
    old, new = (set(cast("list[str]", value or [])) for value in (before, after))
    if old and not new:
        yield f"{path} is gone"
    elif old and new - old:
        yield f"{path} has {', '.join(sorted(new - old))} too"


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
