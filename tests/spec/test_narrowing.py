"""A spec narrowed to one target is the one that validating all of its fields again gives, with the same refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import pytest
from pydantic import BaseModel, ValidationError

from mlplatform import AwsTarget, ClusterSpec, EndpointSpec, GcpTarget, NotebooksSpec, PlatformSpec, TeamSpec
from mlplatform.spec.base import SpecModel
from mlplatform.spec.notebooks import LoginSpec
from mlplatform.spec.target import EndpointOverride, PoolOverride
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec

AWS = AwsTarget(account_id="123456789012", region="us-east-1")
GCP = GcpTarget(project="acme-dev", project_number="123456789012", region="us-central1")
POOLS = tuple(GpuPoolSpec(name=name, accelerator="T4:1", max_nodes=4) for name in ("one", "two"))
LOGIN = LoginSpec(
    client_id="notebooks",
    authorize_url="https://login.acme.example/authorize",
    token_url="https://login.acme.example/token",
    groups=("all",),
)


def _spec(*targets: AwsTarget | GcpTarget, endpoints: tuple[EndpointSpec, ...] = ()) -> PlatformSpec:
    return PlatformSpec(
        name="acme",
        owner="ml",
        cost_center="1",
        targets=targets,
        endpoints=endpoints,
        training=TrainingSpec(pools=POOLS),
        cluster=ClusterSpec(
            teams=(TeamSpec("fraud", quota={"one": 1, "two": 2}, borrow={"two": 1}),),
            notebooks=NotebooksSpec(login=LOGIN, pools=("one", "two")),
        ),
    )


def _validated(self: SpecModel, changes: Mapping[str, object]) -> SpecModel:
    return self.overlaid(changes)


def _inside(value: object) -> object:
    """What a value holds, to the last part: fields in their order, which of them are set, and each part's type."""
    if isinstance(value, BaseModel):
        kind = type(value)
        fields = {name: each for name, each in vars(value).items() if name in kind.model_fields}
        return kind, sorted(value.model_fields_set), [(name, _inside(each)) for name, each in fields.items()]
    if isinstance(value, dict):
        return dict, [(name, _inside(each)) for name, each in cast("dict[object, object]", value).items()]
    if isinstance(value, tuple):
        return tuple, [_inside(each) for each in cast("tuple[object, ...]", value)]
    return type(value), value


def _narrowed_both_ways(spec: PlatformSpec, name: str, patch: pytest.MonkeyPatch) -> tuple[PlatformSpec, PlatformSpec]:
    narrowed = spec.model_copy().on(name)
    with patch.context() as validating:
        validating.setattr(SpecModel, "rejoined", _validated)
        validating.setattr(PlatformSpec, "rejoined", _validated)
        return narrowed, spec.model_copy().on(name)


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_a_narrowed_stack_is_the_validated_one(
    stack: str, stack_spec: Callable[[str], PlatformSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = stack_spec(stack)
    for target in spec.targets:
        narrowed, validated = _narrowed_both_ways(spec, target.name, monkeypatch)
        assert narrowed == validated
        assert _inside(narrowed) == _inside(validated)
        assert (narrowed.record, narrowed.gated_models) == (validated.record, validated.gated_models)
        assert narrowed.model_dump_json() == validated.model_dump_json()


def test_what_a_target_leaves_out_leaves_its_users(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = _spec(AWS.overlay(pools={"two": PoolOverride(enabled=False)}), GCP)
    narrowed, validated = _narrowed_both_ways(spec, "aws", monkeypatch)
    assert _inside(narrowed) == _inside(validated)
    assert narrowed.cluster is not None
    assert narrowed.cluster.notebooks is not None
    assert narrowed.cluster.notebooks.pools == ("one",)
    assert narrowed.cluster.teams[0].quota == {"one": 1}
    assert narrowed.targets[0].pools == {}


def test_parts_that_do_not_fit_on_one_target_are_refused_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = EndpointSpec(name="scorer", on="cluster", pool="two", model="fraud/1")
    spec = _spec(AWS.overlay(pools={"two": PoolOverride(enabled=False)}), GCP, endpoints=(endpoint,))
    assert spec.on("gcp").endpoints == (endpoint,)
    with pytest.raises(ValidationError) as narrowed:
        spec.on("aws")
    monkeypatch.setattr(PlatformSpec, "rejoined", _validated)
    monkeypatch.setattr(SpecModel, "rejoined", _validated)
    with pytest.raises(ValidationError) as validated:
        spec.on("aws")
    assert "two" in str(narrowed.value)
    assert str(narrowed.value) == str(validated.value)
    left = spec.overlay(targets=(spec.targets[0].overlay(endpoints={"scorer": EndpointOverride(enabled=False)}), GCP))
    assert left.on("aws").endpoints == ()


def test_a_rejoined_part_that_does_not_fit_is_refused_as_an_overlaid_one() -> None:
    training = TrainingSpec(pools=POOLS)
    twice = {"pools": (POOLS[0], POOLS[0])}
    with pytest.raises(ValidationError, match="a name that no other pool has"):
        training.rejoined(twice)
    assert training.rejoined({"pools": POOLS[:1]}) == training.overlaid({"pools": POOLS[:1]})
