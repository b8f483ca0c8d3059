"""What the program that starts pipelines is told: one JSON document per target.

`mlplatform.steps.door.rules` reads it; a test holds both against each other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mlplatform.components.pipeline_problems import run_usd
from mlplatform.spec.pipelines import PipelineSpec

if TYPE_CHECKING:
    import pulumi

    from mlplatform.components.artifact_store import ArtifactStore
    from mlplatform.components.context import Context
    from mlplatform.spec.triggers import TriggersSpec

    Start = Mapping[str, pulumi.Input[str]]

VERSION = 1
"""Version of both documents."""

ENGINE = "engine"
"""In what a run starts from: what runs a pipeline that the cloud's own service does not run."""

STARTER_ACCOUNT = "starter"
"""Service account of the pods that start runs in the cluster."""


def door_rules(
    context: Context, pipelines: Mapping[str, tuple[PipelineSpec, Start]], store: ArtifactStore
) -> pulumi.Output[str]:
    """The document.

    Args:
        context: the platform on its target.
        pipelines: by name, each with what a run starts from.
        store: whose folders the data triggers name.

    Raises:
        ValueError: a pipeline has no triggers.
    """
    found = [_rules(context, spec, start, store) for _, (spec, start) in sorted(pipelines.items())]
    import pulumi

    return pulumi.Output.all(*found).apply(
        lambda known: json.dumps(
            {"version": VERSION, "target": context.target.name, "pipelines": known},
            sort_keys=True,
            separators=(",", ":"),
        )
    )


def _rules(context: Context, spec: PipelineSpec, start: Start, store: ArtifactStore) -> pulumi.Output[object]:
    usd, data = _usd(context, spec), _triggers(spec).data
    values = [*start.values(), *(store.uris[each.place] for each in data)]

    def written(known: list[str]) -> object:
        return pipeline_rules(spec, usd, dict(zip(start, known, strict=False)), known[len(start) :])

    import pulumi

    return pulumi.Output.all(*values).apply(written)


def _triggers(spec: PipelineSpec) -> TriggersSpec:
    if spec.triggers is None:
        raise ValueError(f"pipelines[{spec.name}].triggers: none")
    return spec.triggers


def _usd(context: Context, spec: PipelineSpec) -> float | None:
    """Most that a run costs: by its machines where their prices are known, else what the spec lets it cost."""
    known = run_usd(context.backend, context.target, context.spec, spec)
    return spec.max_usd_per_run if known is None else known


def pipeline_rules(
    spec: PipelineSpec, usd: float | None, start: Mapping[str, str], addresses: Sequence[str]
) -> dict[str, object]:
    """What is said of one pipeline.

    Args:
        spec: the pipeline, with triggers.
        usd: most that a run costs; None where nobody knows.
        start: what a run starts from.
        addresses: of the place of each of its data triggers.

    Raises:
        ValueError: it has no triggers.
    """
    triggers = _triggers(spec)
    team = triggers.team
    shared = (
        {
            "name": team.name,
            "max_runs_at_once": team.max_runs_at_once,
            "max_usd_per_month": team.max_usd_per_month,
        }
        if team
        else None
    )
    # a program of before knows no teams, and needs none
    return {
        **({"team": shared} if shared else {}),
        "name": spec.name,
        "enabled": triggers.enabled,
        "schedules": [
            {"name": each.name, "cron": each.cron, "time_zone": each.time_zone, "parameters": each.parameters}
            for each in triggers.schedules
        ],
        "data": [
            {
                "name": each.name,
                "address": f"{address.rstrip('/')}/{each.path}/",
                "marker": each.marker,
                "parameters": each.parameters,
            }
            for each, address in zip(triggers.data, addresses, strict=True)
        ],
        "events": sorted(triggers.events),
        "new_labels": triggers.new_labels,
        "branch": triggers.branch,
        "quiet_minutes": triggers.quiet_minutes,
        "cooldown_hours": triggers.pause(spec.timeout_hours),
        "max_runs_per_month": triggers.max_runs_per_month,
        "max_usd_per_month": triggers.max_usd_per_month,
        "usd_per_run": usd,
        "timeout_hours": spec.timeout_hours,
        "parameters": {each.name: each.type for each in spec.parameters},
        "start": dict(start),
    }


def starter_rules(pipelines: Sequence[PipelineSpec]) -> str:
    """What the program that starts runs in the cluster is told: `mlplatform.steps.door.starter` reads it.

    Args:
        pipelines: the pipelines whose runs are ordered.
    """
    known = [
        {
            "name": spec.name,
            "engine": spec.engine,
            "parameters": {each.name: each.type for each in spec.parameters},
        }
        for spec in sorted(pipelines, key=lambda each: each.name)
    ]
    return json.dumps({"version": VERSION, "pipelines": known}, sort_keys=True, separators=(",", ":"))
