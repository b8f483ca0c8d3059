"""What somebody means who writes a region in other words."""

from __future__ import annotations

import pytest

from mlplatform import discovery


@pytest.mark.parametrize(
    ("cloud", "written", "meant"),
    [
        ("aws", "us-east1", "us-east-1"),
        ("aws", "US_EAST_1", "us-east-1"),
        ("aws", "us-east-1a", "us-east-1"),
        ("aws", "us-central1", "us-east-2"),
        ("aws", "europe-west4", "eu-central-1"),
        ("aws", "eastus", "us-east-1"),
        ("gcp", "us-central-1", "us-central1"),
        ("gcp", "us-central1-a", "us-central1"),
        ("gcp", "eastus", "us-east4"),
        ("gcp", "ap-northeast-1", "asia-northeast1"),
        ("azure", "East US 2", "eastus2"),
        ("azure", "West Europe", "westeurope"),
        ("azure", "us-central1", "centralus"),
        ("azure", "eu-west-1", "northeurope"),
    ],
)
def test_a_region_in_other_words(cloud: str, written: str, meant: str) -> None:
    assert discovery.backend(cloud).catalog.near_regions(written) == (meant,)


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_partitions_are_not_left_and_nonsense_means_nothing(cloud: str) -> None:
    catalog = discovery.backend(cloud).catalog
    assert catalog.near_regions("zzzzqqqq") == ()
    for near in catalog.near_regions("us-gov-west-1"):
        assert "gov" in near
