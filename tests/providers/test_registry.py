"""Providers outside the installed SDKs can be registered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pulumi
import pytest

from mlplatform.providers.accounts import Account
from mlplatform.providers.check import check_invoke, check_resource
from mlplatform.providers.invokes import answer_invoke
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.refusal import ProviderRefused
from mlplatform.providers.registry import ProviderRules, register_provider, unregister_provider
from mlplatform.providers.types import INTEGER, STRING, FunctionSchema, ObjectOf, Property, ResourceSchema
from mlplatform.testing.mocks import StrictMocks
from mlplatform.testing.running import run

BUCKET = "toy:index:Bucket"
FUNCTION = "toy:index:getZones"
INPUTS = ObjectOf.of("Bucket", Property.of("size", INTEGER, required=True), Property.of("label", STRING))
OUTPUTS = ObjectOf.of("Bucket", Property.of("size", INTEGER), Property.of("url", STRING, required=True))


def _outputs(_token: str, name: str, inputs: Mapping[str, object], account: Account) -> tuple[str, dict[str, object]]:
    return f"{account.account}/{name}", {**inputs, "url": f"toy://{name}"}


@pytest.fixture
def toy() -> Iterator[ProviderRules]:
    rules = ProviderRules(
        package="toy",
        schema={BUCKET: ResourceSchema(BUCKET, INPUTS, OUTPUTS)}.get,
        outputs=_outputs,
        function={FUNCTION: FunctionSchema(FUNCTION, ObjectOf.of("getZones"), None)}.get,
        answer=lambda _token, _args, account: {"zones": [account.region]},
    )
    register_provider(rules)
    yield rules
    unregister_provider("toy")


@pytest.mark.usefixtures("toy")
def test_a_registered_provider_is_checked_and_answered() -> None:
    assert check_resource(BUCKET, "b", {"size": 5.0}) == []
    assert {refusal.path for refusal in check_resource(BUCKET, "b", {"siz": 5})} == {"size", "siz"}
    assert provider_outputs(BUCKET, "b", {"size": 5.0}, Account.sample("toy")) == (
        "sample/b",
        {"size": 5.0, "url": "toy://b"},
    )
    assert check_invoke(FUNCTION, {}) == []
    assert answer_invoke(FUNCTION, {}, Account.sample("toy")) == {"zones": ["local"]}
    (refusal,) = check_resource("toy:index:Bukket", "b", {})
    assert "unknown type" in refusal.got


def test_outputs_follow_from_the_schema_where_none_are_given() -> None:
    register_provider(ProviderRules("toy", {BUCKET: ResourceSchema(BUCKET, INPUTS, OUTPUTS)}.get))
    try:
        id_, outputs = provider_outputs(BUCKET, "b", {"size": 5.0}, Account.sample("toy"))
        assert id_.startswith("b-")
        assert outputs["size"] == 5.0
        assert str(outputs["url"]).startswith("https://")
        with pytest.raises(ProviderRefused):
            answer_invoke(FUNCTION, {}, Account.sample("toy"))
    finally:
        unregister_provider("toy")


def test_without_registration_the_package_is_refused() -> None:
    (refusal,) = check_resource(BUCKET, "b", {"size": 5})
    assert "register_provider" in refusal.fix


@pytest.mark.usefixtures("toy")
def test_registered_types_run_in_a_program(strict_mocks: StrictMocks) -> None:
    class Bucket(pulumi.CustomResource):
        url: pulumi.Output[str]

        def __init__(self, name: str, size: int) -> None:
            super().__init__(BUCKET, name, {"size": size, "url": None})

    urls: list[str] = []
    run(lambda: Bucket("b", 3).url.apply(urls.append))
    assert urls == ["toy://b"]
    assert strict_mocks.named("b").id == "sample/b"
