"""The toy cloud's only resource, and what the strict mocks need to know of it."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from mlplatform.components.scope import Scope
from mlplatform.providers.providers import ProviderRules, register_provider
from mlplatform.providers.types import STRING, MapOf, ObjectOf, Property, ResourceSchema

TOKEN = "fake:index:Thing"


class FakeProvider(pulumi.ProviderResource):
    def __init__(self, name: str) -> None:
        super().__init__("fake", name, {})


class Thing(pulumi.CustomResource):
    def __init__(
        self,
        name: str,
        label: pulumi.Input[str],
        tags: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(TOKEN, name, {"label": label, "tags": tags}, opts)


def _schema(token: str) -> ResourceSchema | None:
    if token == "pulumi:providers:fake":
        nothing = ObjectOf.of(token)
        return ResourceSchema(token=token, inputs=nothing, outputs=nothing, is_provider=True)
    if token != TOKEN:
        return None
    inputs = ObjectOf.of(TOKEN, Property.of("label", STRING, required=True), Property.of("tags", MapOf(STRING)))
    return ResourceSchema(token=TOKEN, inputs=inputs, outputs=inputs)


register_provider(ProviderRules(package="fake", schema=_schema))


def thing(scope: Scope, role: str) -> pulumi.Output[str]:
    """One toy resource of a component; returns its URN, the only output it has."""
    return Thing(scope.child(role), scope.child(role), scope.tags, scope.opts()).urn
