"""A `yes` of the parity matrix is proven: a second value of the field makes another plan on that cloud.

A refusal proves nothing about a field that is said to work: it must be one of the limits that the matrix shows.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from _pytest.mark import ParameterSet

from mlplatform import Context, CpuPoolSpec, EndpointSpec, GpuPoolSpec, PlatformSpec, discovery
from mlplatform.components.cluster_names import endpoint_audiences
from mlplatform.components.door_rules import pipeline_rules
from mlplatform.components.fill_document import fill_document
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.limits import refuse_nothing
from mlplatform.components.monitor_document import monitor_job, served_groups
from mlplatform.pipelines.resolved import cost_note, meaning_on
from mlplatform.plan.matrix import OVERRIDES, MatrixCell, build_matrix
from mlplatform.plan.record import record_program
from mlplatform.render.features.repository import feature_files
from mlplatform.spec.artifact_store import PLACES, Place
from mlplatform.spec.base import SpecModel
from mlplatform.spec.monitored import asked_pipeline, monitor_image
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.problem import Problem

from .field_cases import CASES, TARGET, Case, PerCloud
from .test_nothing_is_ignored import BASE, CHANGES, PARTS, SATISFIED, Fingerprint, change, part_of, plan_of

UNPROVEN = {
    "spec_version": "has one value",
    "extensions": "of packages that are not here: tests/render/test_extensions.py installs one",
    "pipelines.endpoint": "chooses among what the record released: tests/pipelines/test_champion.py",
    "training.pools.capacity.count": "bounds max_nodes; what is reserved was bought before",
    "targets.offered": "changes what is refused: tests/capabilities/test_offers.py",
}
"""Leaves without a plan of their own, with the reason."""

PLANNED_FEATURES = {
    *("feature_store.services.endpoints", "feature_store.services.teams"),
    *(f"feature_store.fill.{name}" for name in ("image", "every_hours", "severity")),
}
"""Fields of feature stores that change resources, and not what is written for Feast."""

SHARE = 16
"""One cell of so many is proven by `make test`; `make prove-matrix` proves every one."""


SECRETS = tuple(f"monitoring.routes.{name}" for name in ("url_secret", "token_secret", "key_secret"))
"""Fields that name an entry of the stack's configuration."""

OVERRIDDEN: dict[str, object] = {"autoscaling": {"metric": "requests", "target": 33}, "monitor": "none"}
"""Second values of overrides of a whole model."""

BESIDES: dict[str, dict[str, object]] = {
    "max_run_hours": {"capacity": "flex-start"},
    "on": {"pool": "gpu"},
    "pool": {"on": "cluster"},
    "nodes": {"on": "cluster", "pool": "gpu"},
}
"""Fields without which an override's field means nothing."""


@cache
def leaves() -> Mapping[str, Mapping[str, MatrixCell]]:
    """The cells of the matrix without those of rows that only head others, by path and cloud."""
    matrix = build_matrix()
    paths = [row.path for row in matrix.rows]
    return {
        row.path: dict(zip(matrix.clouds, row.cells, strict=True))
        for row in matrix.rows
        if not any(path.startswith((f"{row.path}.", f"{row.path}=")) for path in paths)
    }


def is_override(path: str) -> bool:
    return path.rpartition(".")[0] in OVERRIDES


def is_existing(path: str) -> bool:
    """True for ids of existing resources, whose plans are in tests/components/test_existing.py."""
    return path.startswith("targets.existing.")


def cells() -> Iterator[ParameterSet]:
    for path, by_cloud in leaves().items():
        if path not in CASES or path in SECRETS:
            continue
        for cloud, cell in by_cloud.items():
            if cell.support != "other":
                often = zlib.crc32(f"{path} {cloud}".encode()) % SHARE == 0
                yield pytest.param(path, cloud, marks=() if often else pytest.mark.thorough)


def resolved(value: object, cloud: str) -> object:
    return value.values[cloud] if isinstance(value, PerCloud) else value


def is_only_told(path: str, cloud: str) -> bool:
    """True if the matrix says how the field differs on a cloud that refuses no value of it."""
    return any(limit.field == path and limit.violations is refuse_nothing for limit in discovery.backend(cloud).limits)


def set_all(spec: object, values: Mapping[str, object], cloud: str) -> object:
    index = [target.cloud for target in BASE.targets].index(cloud)
    for at, value in values.items():
        if isinstance(value, PerCloud) and cloud not in value.values:
            continue  # the cloud has no such field, and needs none
        spec = change(spec, at.replace(TARGET, f"targets.{index}").split("."), resolved(value, cloud))
    return spec


def specs(case: Case, cloud: str) -> tuple[PlatformSpec, PlatformSpec]:
    """The spec with the first value, and with the second."""
    base = PlatformSpec.model_validate(set_all(BASE, case.given, cloud))
    return base, PlatformSpec.model_validate(set_all(base, {case.at: case.to, **case.also}, cloud))


def meanings(spec: PlatformSpec, cloud: str) -> Fingerprint:
    """What the pipelines mean on a cloud; that each form says the same is in tests/pipelines/test_forms.py."""
    backend, narrowed = discovery.backend(cloud), spec.on(cloud)
    return [
        (each.engine, (meaning_on(backend, narrowed, each), cost_note(each, 1.0), _rules(each)))
        for each in narrowed.pipelines
    ]


def _monitored(spec: PlatformSpec, cloud: str) -> Fingerprint:
    """What the program of a monitor is told, without a plan that is resolved."""
    narrowed = spec.on(cloud)
    (endpoint,) = narrowed.endpoints
    assert endpoint.monitor
    asked = asked_pipeline(endpoint.monitor, narrowed)
    places: dict[Place, str] = {place: place for place in PLACES}
    job = monitor_job(
        endpoint.monitor,
        endpoint,
        ["captures"],
        places,
        pipeline=asked.name if asked else None,
        door=None,
        features=served_groups(endpoint.monitor, narrowed),
    )
    # that each cloud's job takes this image is in the tests of its room: on AWS a plan does not show it
    return [("monitor", (job.model_dump_json(), monitor_image(endpoint.monitor, narrowed)))]


def _audiences(spec: PlatformSpec, cloud: str) -> Fingerprint:
    """The hosts that tokens of an endpoint with a released model may be for; the layer's router checks them."""
    (endpoint,) = as_released(spec.on(cloud)).endpoints
    return [("audiences", (endpoint_audiences(endpoint), None))]


def _rules(pipeline: PipelineSpec) -> object:
    """What the door is told; that it does so is in tests/pipelines."""
    if pipeline.triggers is None:
        return None
    return pipeline_rules(pipeline, 1.0, {}, [each.place for each in pipeline.triggers.data])


def _feature_texts(spec: PlatformSpec, cloud: str) -> Mapping[str, str]:
    """What is written for Feast, and what the job that fills is told."""
    files, features, backend = feature_files(spec), spec.feature_store, discovery.backend(cloud)
    if features and features.fill:
        files["job"] = fill_document(spec, features, backend, backend.place_uri(spec, "features"))
    return files


def fingerprint(path: str, spec: PlatformSpec, cloud: str, whole: bool) -> Fingerprint:
    if path.startswith("pipelines."):
        return meanings(spec, cloud)
    if path.startswith("feature_store.") and path not in PLANNED_FEATURES:
        return [(name, (text, None)) for name, text in _feature_texts(spec.on(cloud), cloud).items()]
    if path.startswith("endpoints.monitor.") and not whole:
        return _monitored(spec, cloud)
    if path == "endpoints.entry.host" and not whole:
        return _audiences(spec, cloud)
    part = None if whole else PARTS.get(path) or PARTS.get(path.partition(".")[0])
    return part_of(part, spec, cloud) if part else plan_of(spec, cloud)


def refusals(spec: PlatformSpec, cloud: str) -> Iterator[Problem]:
    """What the cloud refuses, besides reservations that only the other side of a case uses."""
    for problem in discovery.backend(cloud).problems(spec.on(cloud)):
        if ".reservations." not in problem.path:
            yield problem


@pytest.mark.parametrize(("path", "cloud"), list(cells()))
def test_a_second_value_makes_another_plan(path: str, cloud: str) -> None:
    cell = leaves()[path][cloud]
    base, changed = specs(CASES[path], cloud)
    assert base != changed
    backend = discovery.backend(cloud)
    refused = list(refusals(changed, cloud))
    if cell.support in ("no", "partial"):
        limits = {limit.reason for limit in backend.limits}
        if any(problem.expected in limits for problem in refused):
            return
    if cell.support == "no":
        pytest.fail(f"{cloud} does not refuse {path}")
    assert not list(refusals(base, cloud)), "the case itself is refused"
    assert not refused, f"{cloud} refuses {path}, which the matrix says it has: {refused}"
    satisfied = any(where == cloud and f"{path}.".startswith(f"{field}.") for field, where in SATISFIED)
    if satisfied or is_only_told(path, cloud):
        return
    assert any(
        fingerprint(path, base, cloud, whole) != fingerprint(path, changed, cloud, whole) for whole in (False, True)
    ), f"{cloud} ignores {path}"


@pytest.mark.parametrize("cloud", discovery.clouds())
@pytest.mark.parametrize("path", SECRETS)
def test_a_secret_is_read_by_its_name(path: str, cloud: str) -> None:
    """A plan hides values of secrets, but there is none without the entry that the field names."""
    if is_only_told(path, cloud):
        return
    base, changed = (spec.on(cloud) for spec in specs(CASES[path], cloud))
    account = discovery.backend(cloud).account(base.targets[0])

    def plan_routes(spec: PlatformSpec) -> None:
        config = {f"mlplatform:{key}": "x" for key in base.monitoring.secret_keys()}
        record_program(lambda: PARTS["monitoring.routes"](Context(spec)), account=account, stack="dev", config=config)

    plan_routes(base)
    (named,) = set(changed.monitoring.secret_keys()) - set(base.monitoring.secret_keys())
    with pytest.raises(Exception, match=named):
        plan_routes(changed)


@pytest.mark.parametrize("cloud", discovery.clouds())
def test_an_override_changes_the_field_that_it_stands_for(cloud: str) -> None:
    """So the proof of that field is its proof too."""
    index = [target.cloud for target in BASE.targets].index(cloud)
    with_layer = PlatformSpec.model_validate(change(BASE, ["cluster"], {}))  # of which endpoints on the cluster are

    def on_cloud(at: str, value: object) -> PlatformSpec:
        return PlatformSpec.model_validate(change(with_layer, at.split("."), value)).on(cloud)

    def left(spec: PlatformSpec, at: str) -> object:
        assert spec.training
        return {"training.pools.0": spec.training.pools, "training.cpu_pools.0": spec.training.cpu_pools}.get(
            at, spec.endpoints
        )

    def changed(at: str, given: dict[str, object]) -> dict[str, object]:
        part: object = BASE
        for name in at.split("."):
            part = part[int(name)] if isinstance(part, tuple) else getattr(part, name)  # pyright: ignore[reportUnknownVariableType]
        assert isinstance(part, SpecModel)
        return {**{name: getattr(part, name) for name in part.model_fields_set}, **given}

    proven: set[str] = set()
    for owner, at, key, model in (
        ("pools", "training.pools.0", "gpu", GpuPoolSpec),
        ("pools", "training.cpu_pools.0", "cpu", CpuPoolSpec),
        ("endpoints", "endpoints.0", "scorer", EndpointSpec),
    ):
        assert not left(on_cloud(f"targets.{index}.{owner}", {key: {"enabled": False}}), at)
        for path in (path for path in leaves() if path.startswith(f"targets.{owner}.")):
            name = path.rpartition(".")[2]
            if name in model.model_fields:
                proven.add(path)
                field = f"{at}.{name}"
                value = OVERRIDDEN.get(name) or CHANGES.get(field) or CASES[field.replace(".0", "")].to
                given = {**BESIDES.get(name, {}), name: value}
                plain = {each: None if left_out == "none" else left_out for each, left_out in given.items()}
                assert on_cloud(f"targets.{index}.{owner}", {key: given}) == on_cloud(at, changed(at, plain))
    assert {path for path in leaves() if is_override(path) and not path.endswith(".enabled")} == proven


def test_every_leaf_has_a_second_value() -> None:
    """A new field of the spec gets a case, or stands in UNPROVEN with the reason."""
    plain = {field.replace(".0", "") for field in CHANGES}
    wanted = {path for path in leaves() if not is_override(path) and not is_existing(path)}
    assert wanted - CASES.keys() - plain - UNPROVEN.keys() == set()
    assert (CASES.keys() | plain | UNPROVEN.keys()) - {row.path for row in build_matrix().rows} == set()
