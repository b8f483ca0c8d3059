"""A ceiling or a cool-down of a pipeline's triggers lets more runs start."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.checks.wording import shown
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.pipelines import changed_fields, loosened
from mlplatform.risk.rule import Hit, RiskRule

_LEAST = frozenset({"cooldown_hours"})
_MOST = frozenset({"max_runs_at_once", "max_runs_per_month", "max_usd_per_month", "max_usd_per_run"})


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for field in changed_fields(evidence):
        name = field.path.rpartition(".")[2]
        if field.path == "triggers":
            # from or to nothing: the bounds of what is new are judged as they are, and without triggers nothing starts
            continue
        if field.path in ("max_usd_per_run", f"triggers.{name}", f"triggers.team.{name}") and loosened(
            name, field.before, field.after, least=_LEAST, most=_MOST
        ):
            now = "has no bound any more" if field.after is None else f"is {field.after} now"
            reason = f"{name} of {shown(field.pipeline)} was {field.before}, and {now}."
            yield Hit("medium", field.urn, reason, f"pipelines.{field.pipeline}.{field.path}")
        elif field.path in ("triggers.team", "triggers.team.name") and field.before is not None:
            yield Hit(
                "medium",
                field.urn,
                f"{shown(field.pipeline)} leaves its team, whose ceilings hold it back no more.",
                f"pipelines.{field.pipeline}.triggers.team",
            )
        elif field.path == "triggers.enabled" and field.after is True:
            yield Hit(
                "low",
                field.urn,
                f"Runs of {shown(field.pipeline)} start without a person from now on.",
                f"pipelines.{field.pipeline}.triggers.enabled",
            )


RULE = RiskRule(
    id="trigger-loosened",
    topic="cost",
    title="No pipeline may start more often or for more money than before",
    fix="Say in the change why so many runs are needed, and what a month of them costs at most.",
    examine=_examine,
    headline="[a pipeline|pipelines] may start more often or for more money",
)
