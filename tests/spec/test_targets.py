"""Targets are named: several of them may be on one cloud."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mlplatform import AwsTarget, GcpTarget, PlatformSpec
from mlplatform.spec.releases import ReleaseRecord
from mlplatform.spec.target import PoolOverride
from mlplatform.spec.training import GpuPoolSpec, TrainingSpec

EAST = AwsTarget(account_id="123456789012", region="us-east-1")
WEST = AwsTarget(name="aws-west", account_id="123456789012", region="us-west-2")
GCP = GcpTarget(project="acme-dev", project_number="123456789012", region="us-central1")


def _spec(*targets: AwsTarget | GcpTarget, training: TrainingSpec | None = None) -> PlatformSpec:
    return PlatformSpec(name="acme", owner="ml", cost_center="1", targets=targets, training=training)


def test_a_target_is_named_after_its_cloud() -> None:
    assert (EAST.name, WEST.name) == ("aws", "aws-west")
    assert not EAST.has_own_name
    assert WEST.has_own_name
    assert EAST.overlay(region="us-west-1").name == "aws"
    assert AwsTarget.model_validate({"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"}) == EAST


def test_a_target_is_found_by_its_name() -> None:
    spec = _spec(EAST, WEST, GCP)
    assert [spec.target(name) for name in ("aws", "aws-west", "gcp")] == [EAST, WEST, GCP]
    assert spec.on("aws-west").targets == (WEST,)


def test_a_spec_is_narrowed_once_and_its_copies_are_narrowed_themselves() -> None:
    spec = _spec(EAST, WEST)
    assert spec.on("aws-west") is spec.on("aws-west")
    record = ReleaseRecord(record_version=1, platform="acme", environment="dev")
    recorded, other = spec.with_record(record), spec.model_copy(update={"owner": "others"})
    assert recorded.on("aws-west").record == record
    assert other.on("aws-west").owner == "others"
    assert spec.on("aws-west").record is None
    assert spec.on("aws-west").owner == "ml"


def test_a_cloud_is_enough_where_it_has_one_target() -> None:
    assert _spec(WEST, GCP).target("aws") == WEST


def test_a_cloud_is_not_enough_where_it_has_several() -> None:
    east = AwsTarget(name="aws-east", account_id="123456789012", region="us-east-1")
    with pytest.raises(LookupError, match="2 targets on 'aws': name one of aws-east, aws-west"):
        _spec(east, WEST).target("aws")
    with pytest.raises(LookupError, match="no target 'azure'; it has aws-east, aws-west"):
        _spec(east, WEST).target("azure")


def test_names_are_unique_and_no_other_clouds() -> None:
    with pytest.raises(
        ValidationError, match=r"targets\[1\].name: got 'aws', expected a name that no other target has"
    ):
        _spec(EAST, EAST)
    with pytest.raises(ValidationError, match=r"targets\[0\].name: got 'gcp', .*use for example aws-gcp"):
        _spec(EAST.overlay(name="gcp"))


def test_overrides_belong_to_one_target() -> None:
    pools = (GpuPoolSpec(name="gpu", accelerator="T4:1", max_nodes=4),)
    west = WEST.overlay(pools={"gpu": PoolOverride(max_nodes=9)})
    spec = _spec(EAST, west, training=TrainingSpec(pools=pools))
    assert [spec.on(name).training.pools[0].max_nodes for name in ("aws", "aws-west")] == [4, 9]  # type: ignore[union-attr]
