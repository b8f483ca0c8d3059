"""What Azure refuses in a target; a good platform passes."""

from __future__ import annotations

from mlplatform.backends.azure.backend import BACKEND

from .conftest import full, problems, refused, target


def test_good_platforms_pass() -> None:
    assert problems() == {}
    assert BACKEND.problems(full().on("azure")) == ()


def test_regions() -> None:
    refused("targets[azure].location", "eastus2", targets=(target(location="eastus22"),))
    refused("targets[azure].replica_region", "eastus", targets=(target(replica_region="eastuss"),))
