"""What the program of a monitor is told: one document for each endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlplatform.components.hourly_program import longest_seconds
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.feature_store import chosen
from mlplatform.spec.model_monitor import ModelMonitorSpec
from mlplatform.spec.model_names import split_model
from mlplatform.spec.monitor_job import MonitorDoor, MonitorJob, MonitorSettings, ServedGroup
from mlplatform.spec.monitored import shares_captures, watched_variant
from mlplatform.spec.platform import PlatformSpec

_LABEL = "label"
"""Column of the truth in the reference, where there are no labels."""


def report_folder(endpoint: EndpointSpec) -> str:
    """Folder of an endpoint's reports in the store's `monitoring` place; a folder for each look follows."""
    return f"reports/{endpoint.name}"


def monitor_job(
    spec: ModelMonitorSpec,
    endpoint: EndpointSpec,
    captures: Sequence[str],
    places: Mapping[Place, str],
    *,
    pipeline: str | None,
    door: MonitorDoor | None,
    features: Sequence[ServedGroup] = (),
) -> MonitorJob:
    """All that the program is told.

    Args:
        spec: the monitor.
        endpoint: its endpoint, with what is released.
        captures: folders of the place `monitoring` with its captures.
        places: addresses of the places of the store.
        pipeline: the pipeline that it asks, if any.
        door: the queue of that pipeline's door, if any.
        features: groups that captured rows are compared with; their tables are names in the place of features. Omitted:
            none.
    """
    model, monitoring = f"{places['models']}/{served_model(endpoint)}", places["monitoring"]
    return MonitorJob(
        settings=monitor_settings(spec, endpoint, pipeline),
        model=model,
        reference=f"{model}/{spec.reference}",
        capture=tuple(f"{monitoring}/{folder}" for folder in captures),
        labels=f"{places[spec.labels.place]}/{spec.labels.path}" if spec.labels else None,
        reports=f"{monitoring}/{report_folder(endpoint)}",
        hours=spec.window,
        door=door,
        features=tuple(each.overlay(table=f"{places['features']}/{each.table}") for each in features),
        workers=spec.workers,
        # the first worker says that others did not come before its job is ended
        wait_seconds=longest_seconds(spec.every_hours) - 600
        if spec.workers > 1
        else MonitorJob.model_fields["wait_seconds"].default,
    )


def served_groups(spec: ModelMonitorSpec, platform: PlatformSpec) -> tuple[ServedGroup, ...]:
    """The groups of the service that a monitor names, with the features that are compared.

    Args:
        spec: the monitor.
        platform: the platform, with its feature store.
    """
    store = platform.feature_store
    service = next((each for each in store.services if each.name == spec.features), None) if store else None
    if store is None or service is None:
        return ()
    keys = {each.name: each.key for each in store.entities}
    named = {each.name: each for each in store.groups}
    wanted: dict[str, list[str]] = {}
    for _, group, feature in chosen(service, {name: [f.name for f in each.features] for name, each in named.items()}):
        wanted.setdefault(group, []).append(feature)
    return tuple(
        ServedGroup(
            name=name,
            table=name,
            keys=tuple(sorted(keys[entity] for entity in named[name].entities)),
            features=tuple(sorted(features)),
            timestamp=named[name].timestamp,
            created=named[name].created,
            ttl_hours=named[name].ttl_hours,
            # until the next run, while it runs, and once more if one fails
            late_hours=3 * store.fill.every_hours if store.fill else 24,
        )
        for name, features in sorted(wanted.items())
    )


def monitor_settings(spec: ModelMonitorSpec, endpoint: EndpointSpec, pipeline: str | None) -> MonitorSettings:
    """What is judged.

    Args:
        spec: the monitor.
        endpoint: its endpoint, with what is released.
        pipeline: the pipeline that it asks, if any.
    """
    name, version = split_model(served_model(endpoint))
    labels = spec.labels
    return MonitorSettings(
        endpoint=endpoint.name,
        model=name,
        version=version,
        variant=spec.variant if shares_captures(endpoint) else None,
        task=spec.task,
        inputs=spec.inputs,
        score=spec.score,
        predicted=spec.predicted,
        row_id=spec.row_id,
        query=spec.query,
        label=labels.column if labels else _LABEL,
        label_days=labels.days if labels else 0,
        metrics=spec.metrics,
        slices=spec.slices,
        false_alarms_per_year=spec.false_alarms_per_year,
        runs_per_year=spec.looks_per_year,
        least_shift=spec.least_shift,
        least_concept=spec.least_concept,
        least_loss=spec.least_loss,
        least_rows=spec.least_rows,
        least_labels=spec.least_labels,
        pipeline=pipeline,
    )


def served_model(endpoint: EndpointSpec) -> str:
    """Path of the model that the endpoint's answers come from: `fraud/7`.

    Raises:
        ValueError: it serves none of the store; validation refuses that first.
    """
    watched = watched_variant(endpoint)
    if watched is not None and watched.model:
        return watched.model
    raise ValueError(f"endpoints[{endpoint.name}].monitor: it serves no model of the store")
