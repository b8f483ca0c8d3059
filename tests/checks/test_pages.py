"""The page that a finding names is about the cloud of its plan, not about another one."""

from __future__ import annotations

import pytest
from tests.checks.conftest import step

from mlplatform.checks.catalogue import built_in_rules
from mlplatform.checks.engine import check_plan
from mlplatform.plan.model import Plan, Step

HOSTS = {
    "aws": ("aws.amazon.com",),
    "gcp": ("cloud.google.com",),
    "azure-native": ("learn.microsoft.com", "azure.github.io"),
}
OF_ONE_CLOUD = {"gpu-operator": "the chart is installed on Azure alone"}
"""Rules about what is inside a cluster that are of one cloud's clusters."""

BUCKETS = {
    "aws": "aws:s3/bucket:Bucket",
    "gcp": "gcp:storage/bucket:Bucket",
    "azure-native": "azure-native:storage:StorageAccount",
}


def _vendor(link: str) -> str:
    return next((package for package, hosts in HOSTS.items() if any(host in link for host in hosts)), "")


def test_a_page_is_about_the_cloud_of_the_types_beside_it():
    wrong: list[str] = []
    for rule in built_in_rules():
        for entry in rule.entries:
            if rule.id in OF_ONE_CLOUD:
                continue
            of = {token.partition(":")[0] for token in entry.types}
            wrong += [f"{rule.id}: {link}" for package, link in entry.pages.items() if _vendor(link) != package]
            if vendor := _vendor(entry.link):
                wrong += [f"{rule.id}: {entry.link} for {', '.join(sorted(of))}"] if of != {vendor} else []
    assert not wrong, "name the page of each cloud in `pages`"


@pytest.mark.parametrize("package", HOSTS)
def test_what_a_whole_platform_lacks_is_told_with_the_page_of_its_cloud(package: str):
    platform = Step(
        "create", "urn:pulumi:a::b::mlplatform:index:Platform::p", "mlplatform:index:Platform", "p", False, {}
    )
    plan = Plan("test", "p", "dev-test", (platform, step(BUCKETS[package], "data", {})))
    (found,) = [one for one in check_plan(plan).findings if one.rule == "budget-present"]
    assert _vendor(found.link) == package
