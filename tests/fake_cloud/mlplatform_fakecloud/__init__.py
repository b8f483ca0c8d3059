"""A backend of a cloud that does not exist; registers itself by entry point."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mlplatform.components.backend import Backend, Limit
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

if TYPE_CHECKING:
    import pulumi

    from mlplatform.components.context import Context
    from mlplatform.providers.accounts import Account


class FakeTarget(Target):
    """An account of the toy cloud."""

    cloud: Literal["fake"] = "fake"
    """Names the cloud."""

    planet: str = "earth"
    """Its only region."""

    @property
    def location(self) -> str:
        return self.planet


def _endpoints(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(spec.endpoints):
        yield f"endpoints[{index}]", endpoint.name


class FakeBackend(Backend):
    name = "fake"
    title = "Fake Cloud"
    package = "mlplatform_fakecloud"
    extra = "mlplatform-fakecloud"
    sdks = ()
    target_type = FakeTarget
    catalog_path = Path(__file__).with_name("catalog.toml")
    limits = (
        Limit(
            field="endpoints",
            support="unsupported",
            reason="the toy cloud serves nothing",
            alternative="remove the endpoints",
            violations=_endpoints,
        ),
    )

    def check(self, spec: PlatformSpec) -> Iterator[Problem]:
        yield from ()

    def account(self, target: Target) -> Account:
        from mlplatform.providers.accounts import Account

        return Account("fake", "toy", target.location)

    def provider(self, context: Context) -> pulumi.ProviderResource:
        from mlplatform_fakecloud.resources import FakeProvider

        return FakeProvider(context.prefix)


BACKEND = FakeBackend()
