"""The public mocks and the pytest fixture, under a real Pulumi program."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pulumi
import pulumi_aws as aws
import pytest

from mlplatform.providers.accounts import Account
from mlplatform.providers.refusal import ProviderRefused
from mlplatform.testing.mocks import StrictMocks
from mlplatform.testing.running import installed, run


class Store(pulumi.ComponentResource):
    def __init__(self, name: str, bucket: str) -> None:
        super().__init__("acme:index:Store", name)
        self.bucket = aws.s3.Bucket(name, bucket=bucket, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"arn": self.bucket.arn})


def test_a_program_is_recorded(strict_mocks: StrictMocks) -> None:
    seen: list[str] = []

    def program() -> None:
        store = Store("store", "acme-models")
        store.bucket.arn.apply(seen.append)
        aws.sns.Topic("alerts", name="alerts", display_name=pulumi.Output.secret("hush"))

    run(program)
    assert seen == ["arn:aws:s3:::acme-models"]
    (bucket,) = strict_mocks.of_type("aws:s3/bucket:Bucket")
    assert bucket.inputs == {"bucket": "acme-models"}
    assert bucket.id == "acme-models"
    assert bucket.parent.endswith("acme:index:Store::store")
    assert strict_mocks.named("alerts").inputs["displayName"] == "hush"
    components = [resource for resource in strict_mocks.resources if not resource.custom]
    assert [component.type for component in components] == ["acme:index:Store"]


def test_refusals_name_resource_type_component_and_every_property(strict_mocks: StrictMocks) -> None:
    with pytest.raises(ProviderRefused) as caught:
        run(lambda: Store("store", "Acme_Models"))
    text = str(caught.value)
    assert "aws:s3/bucket:Bucket 'store'" in text
    assert "component acme:index:Store 'store'" in text
    assert "got:      'Acme_Models'" in text
    assert "expected:" in text
    assert "fix:" in text
    assert strict_mocks.of_type("aws:s3/bucket:Bucket") == []


def test_all_refused_resources_are_reported(strict_mocks: StrictMocks) -> None:
    def program() -> None:
        aws.s3.Bucket("one", bucket="Bad_One")
        aws.s3.Bucket("two", bucket="Bad_Two")

    with pytest.raises(ProviderRefused) as caught:
        run(program)
    told = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    assert len(strict_mocks.refused) == told.count("aws:s3/bucket:Bucket")


def test_a_refused_call_reaches_the_program(strict_mocks: StrictMocks) -> None:
    with pytest.raises(ProviderRefused, match="getRouteTables"):
        run(aws.ec2.get_route_tables)
    assert len(strict_mocks.refused) == 1


def test_other_exceptions_pass_unchanged(strict_mocks: StrictMocks) -> None:
    def program() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        run(program)
    assert strict_mocks.resources == []


def test_duplicate_names_are_refused(strict_mocks: StrictMocks) -> None:
    def program() -> None:
        aws.s3.Bucket("one", bucket="acme-models")
        aws.s3.Bucket("two", bucket="acme-models")

    with pytest.raises(ProviderRefused, match="already has"):
        run(program)
    assert len(strict_mocks.resources) == 1


def test_calls_are_answered_for_the_given_account() -> None:
    mocks = StrictMocks({"aws": Account("aws", "210987654321", "eu-west-1")})
    with installed(mocks):
        names = run(lambda: aws.get_availability_zones().names)
    assert names[0] == "eu-west-1a"
    assert mocks.calls == [("aws:index/getAvailabilityZones:getAvailabilityZones", {})]


def test_adopted_resources_keep_their_ids(strict_mocks: StrictMocks) -> None:
    ids: list[str] = []
    run(lambda: aws.ec2.Vpc.get("adopted", "vpc-12345").id.apply(ids.append))
    assert ids == ["vpc-12345"]
    assert strict_mocks.named("adopted").id == "vpc-12345"


def test_a_missing_name_is_reported_with_the_recorded_ones(strict_mocks: StrictMocks) -> None:
    run(lambda: aws.sns.Topic("alerts"))
    with pytest.raises(LookupError, match="alerts"):
        strict_mocks.named("alarms")


def test_the_runtime_is_restored() -> None:
    before = pulumi.runtime.settings.SETTINGS.monitor
    with installed(project="other"):
        assert pulumi.get_project() == "other"
    assert pulumi.runtime.settings.SETTINGS.monitor is before


def test_the_plugin_imports_nothing_of_pulumi() -> None:
    code = "import sys, mlplatform.testing.plugin; print([m for m in sys.modules if m.startswith('pulumi')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_mocks_can_be_installed_after_an_event_loop_ran() -> None:
    async def nothing() -> None:
        return None

    asyncio.run(nothing())
    with installed() as mocks:
        assert mocks.refused == []
