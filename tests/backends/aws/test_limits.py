"""What AWS refuses of the target itself, and that good platforms pass."""

from __future__ import annotations

from mlplatform.backends.aws.backend import BACKEND

from ...planned import Refusals
from .conftest import full, spec, target

_REFUSALS = Refusals(BACKEND, spec)
problems, refused = _REFUSALS.problems, _REFUSALS.refused


def test_good_platforms_pass() -> None:
    assert problems() == {}
    assert BACKEND.problems(full().on("aws")) == ()


def test_a_misspelled_region_is_recognised() -> None:
    refused("targets[aws].region", "us-east-9", "us-east-1", targets=(target(region="us-east-9"),))
    refused("targets[aws].replica_region", "us-west-2", targets=(target(replica_region="us-west-22"[:9] + "3"),))
