"""The traffic an endpoint should have, and the template that marks it and lets it begin.

Azure has no rollout of its own, and refuses traffic to a deployment that does not exist yet and the deletion of one
that still has traffic. So the endpoint is made without traffic, the deployments follow, and what changes traffic
comes after them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from mlplatform.backends.azure.naming import digest, physical
from mlplatform.backends.azure.registry.model_registry import AzureModels
from mlplatform.backends.azure.serving.release_template import TYPE
from mlplatform.backends.azure.serving.rollout_actions import RELEASE_TAG
from mlplatform.backends.azure.serving.variants import Release
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.templates import ML_API, deploy, nested
from mlplatform.components.context import Scope
from mlplatform.spec.endpoints import EndpointSpec


@dataclass(frozen=True, kw_only=True)
class Body:
    """An endpoint as the machine learning API takes it, without traffic."""

    location: str
    """Region."""

    identity: Mapping[str, object]
    """Its user-assigned identity."""

    tags: Mapping[str, str]
    """Its tags, without the release."""

    properties: Mapping[str, object]
    """Authentication, exposure, and the shadow's share of copies."""

    @property
    def json(self) -> dict[str, object]:
        """What the rollout puts, besides traffic."""
        return {
            "location": self.location,
            "identity": self.identity,
            "tags": self.tags,
            "properties": self.properties,
        }


def body(scope: Scope, spec: EndpointSpec, identity: str, releases: Sequence[Release]) -> Body:
    """The endpoint itself; copies go to the shadow as soon as it is there, because its answers reach nobody."""
    shadow = {
        release.deployment: spec.shadow.sample_percent
        for release in releases
        if spec.shadow and not is_live(release, spec)
    }
    return Body(
        location=scope.target(AzureTarget).location,
        identity={"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
        tags=scope.tags,
        properties={
            "authMode": "AADToken",
            "publicNetworkAccess": "Enabled" if spec.exposure == "public" else "Disabled",
            "mirrorTraffic": shadow,
        },
    )


def settle(
    scope: Scope,
    endpoint: str,
    models: AzureModels,
    contents: Body,
    traffic: Mapping[str, int],
    depends_on: Sequence[pulumi.Resource],
) -> pulumi.Resource:
    """Put the endpoint's settings and mark the release; traffic stays what it is, or begins where there is none."""
    target = scope.target(AzureTarget)
    identifier = target.resource(models.group_name, f"{TYPE}/onlineEndpoints", models.workspace_name, endpoint)
    found = f"reference('{identifier}', '{ML_API}')"
    inner: dict[str, object] = {
        "type": f"{TYPE}/onlineEndpoints",
        "apiVersion": ML_API,
        "name": f"{models.workspace_name}/{endpoint}",
        "kind": "Managed",
        "location": contents.location,
        "identity": dict(contents.identity),
        "tags": {**scope.tags, RELEASE_TAG: mark(traffic)},
        "properties": {
            **contents.properties,
            "traffic": "[if(empty(parameters('served')), parameters('wanted'), parameters('served'))]",
        },
    }
    return deploy(
        scope,
        "traffic",
        name=physical(scope.spec, "setting", f"{scope.name.removeprefix(scope.context.prefix)}-traffic"),
        contents=[
            nested(
                f"{endpoint}-settings",
                parameters={
                    "wanted": ("object", dict(traffic)),
                    "served": (
                        "object",
                        f"[if(contains({found}, 'traffic'), {found}.traffic, createObject())]",
                    ),
                },
                contents=[inner],
            )
        ],
        depends_on=depends_on,
    )


def shares(live: Sequence[Release]) -> dict[str, int]:
    """Whole per cents by deployment."""
    return {release.deployment: release.weight for release in live}


def live_ones(releases: Sequence[Release], spec: EndpointSpec) -> list[Release]:
    """The releases that answer callers: all but the shadow's."""
    return [release for release in releases if is_live(release, spec)]


def is_live(release: Release, spec: EndpointSpec) -> bool:
    """Whether a release answers callers."""
    return not (spec.shadow and release.variant == spec.shadow.name)


def mark(traffic: Mapping[str, int]) -> str:
    """A short text that stands for what an endpoint should serve."""
    return digest(json.dumps(traffic, sort_keys=True))
