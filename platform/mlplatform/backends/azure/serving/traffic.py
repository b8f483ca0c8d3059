"""Traffic of an endpoint, and the template that writes its settings.

Azure has no rollouts, and refuses traffic to a deployment that does not exist yet and the deletion of one that still
has traffic. So the endpoint is created without traffic, the deployments follow, and changes of traffic come last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pulumi

from mlplatform.backends.azure.foundation.templates import ML_API, deploy_template, nested_template
from mlplatform.backends.azure.naming import name_hash, physical_name
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.backends.azure.serving.release_template import WORKSPACE_TYPE
from mlplatform.backends.azure.serving.rollout_actions import RELEASE_TAG
from mlplatform.backends.azure.serving.variants import ReleasedVariant
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec


@record(kw_only=True)
class EndpointBody:
    """An endpoint in the form of the machine learning API, without traffic."""

    location: str
    """Azure region of the endpoint."""

    identity: Mapping[str, object]
    """Its user-assigned identity."""

    tags: Mapping[str, str]
    """Its tags, without the release."""

    properties: Mapping[str, object]
    """Authentication, exposure, and the shadow's share of copies."""

    @property
    def json(self) -> dict[str, object]:
        """The part that the rollout writes besides traffic."""
        return {
            "location": self.location,
            "identity": self.identity,
            "tags": self.tags,
            "properties": self.properties,
        }


def endpoint_body(scope: Scope, spec: EndpointSpec, identity: str, releases: Sequence[ReleasedVariant]) -> EndpointBody:
    """The endpoint itself; its shadow gets copies as soon as it exists, because no caller sees its answers."""
    shadow = {
        release.deployment: spec.shadow.sample_percent
        for release in releases
        if spec.shadow and not is_live(release, spec)
    }
    return EndpointBody(
        location=scope.target(AzureTarget).location,
        identity={"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
        tags=scope.tags,
        properties={
            "authMode": "AADToken",
            "publicNetworkAccess": "Enabled" if spec.exposure == "public" else "Disabled",
            "mirrorTraffic": shadow,
        },
    )


def settle_traffic(
    scope: Scope,
    endpoint: str,
    models: AzureModels,
    body: EndpointBody,
    traffic: Mapping[str, int],
    depends_on: Sequence[pulumi.Resource],
) -> pulumi.Resource:
    """Write the endpoint's settings and mark the release; traffic stays as it is, or starts where there is none."""
    target = scope.target(AzureTarget)
    identifier = target.resource(
        models.group_name, f"{WORKSPACE_TYPE}/onlineEndpoints", models.workspace_name, endpoint
    )
    current = f"reference('{identifier}', '{ML_API}')"
    inner: dict[str, object] = {
        "type": f"{WORKSPACE_TYPE}/onlineEndpoints",
        "apiVersion": ML_API,
        "name": f"{models.workspace_name}/{endpoint}",
        "kind": "Managed",
        "location": body.location,
        "identity": dict(body.identity),
        "tags": {**scope.tags, RELEASE_TAG: release_mark(traffic)},
        "properties": {
            **body.properties,
            "traffic": "[if(empty(parameters('served')), parameters('wanted'), parameters('served'))]",
        },
    }
    return deploy_template(
        scope,
        "traffic",
        name=physical_name(scope.spec, "setting", f"{scope.name.removeprefix(scope.context.prefix)}-traffic"),
        contents=[
            nested_template(
                f"{endpoint}-settings",
                parameters={
                    "wanted": ("object", dict(traffic)),
                    "served": (
                        "object",
                        f"[if(contains({current}, 'traffic'), {current}.traffic, createObject())]",
                    ),
                },
                contents=[inner],
            )
        ],
        depends_on=depends_on,
    )


def traffic_shares(live: Sequence[ReleasedVariant]) -> dict[str, int]:
    """Shares in whole per cent by deployment."""
    return {release.deployment: release.weight for release in live}


def live_releases(releases: Sequence[ReleasedVariant], spec: EndpointSpec) -> list[ReleasedVariant]:
    """The releases that answer callers: all but the shadow's."""
    return [release for release in releases if is_live(release, spec)]


def is_live(release: ReleasedVariant, spec: EndpointSpec) -> bool:
    """Whether a release answers callers."""
    return not (spec.shadow and release.variant == spec.shadow.name)


def release_mark(traffic: Mapping[str, int]) -> str:
    """A short hash of the traffic that an endpoint should have."""
    return name_hash(json.dumps(traffic, sort_keys=True))
