"""A variant's release, put by one template.

Azure refuses to create what exists, and Pulumi would delete the old deployment while it still serves. A template does
neither: the new deployment appears beside the old one, going back puts again what is still there, and the rollout
deletes what serves nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.foundation.templates import deploy_template
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.references import known_output
from mlplatform.backends.azure.registry import server_images
from mlplatform.backends.azure.registry.parts import AzureImages, AzureModels
from mlplatform.backends.azure.serving.release import ReleaseContent, ReleaseTarget
from mlplatform.backends.azure.serving.release_template import WORKSPACE_TYPE, release_resources
from mlplatform.backends.azure.serving.secrets import secret_references
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.selection import choose_replica_machine
from mlplatform.spec.endpoints import EndpointSpec


@dataclass(frozen=True, kw_only=True)
class Release:
    """What is deployed for one variant."""

    variant: str
    """The variant's name."""

    deployment: str
    """Name of the online deployment."""

    id: pulumi.Output[str]
    """Resource id of the online deployment."""

    weight: int
    """Its whole per cent of live requests; 0 for a shadow."""

    made: pulumi.Resource
    """What made it."""


@dataclass(frozen=True, kw_only=True)
class RequestedRelease:
    """A variant or shadow to release."""

    name: str
    """Its name."""

    model: str | None
    """Path below the store's `models` place."""

    image: str | None
    """The image that was given for it; None for the server's."""

    weight: int
    """Its whole per cent of live requests; 0 for a shadow."""


def requested_releases(spec: EndpointSpec) -> tuple[RequestedRelease, ...]:
    """The variants that have something to serve, then the shadow."""
    live = [
        RequestedRelease(
            name=variant.name,
            model=variant.model,
            image=server_images.variant_image(spec, variant.image),
            weight=variant.traffic_percent,
        )
        for variant in spec.all_variants()
        if variant.model or spec.server == "custom"
    ]
    shadow = spec.shadow
    if shadow:
        live.append(
            RequestedRelease(
                name=shadow.name, model=shadow.model, image=server_images.variant_image(spec, shadow.image), weight=0
            )
        )
    return tuple(live)


def instance_type(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> str:
    """The machine of a replica.

    Raises:
        NotChosen: no machine is large enough; validation says so first.
    """
    context = scope.context
    machine = choose_replica_machine(context.backend, context.target, spec, needs.choice, "online")
    return machine.serving_type("online")


def release_variant(
    scope: Scope,
    spec: EndpointSpec,
    needs: EndpointNeeds,
    one: RequestedRelease,
    *,
    endpoint: str,
    collector: ml.DataCollectorArgs | None,
    depends_on: Sequence[pulumi.Resource],
) -> Release:
    """Put one variant's model version, environment and deployment.

    Args:
        scope: the endpoint's.
        spec: the endpoint's.
        needs: what the endpoint stands on.
        one: the variant.
        endpoint: physical name of the endpoint.
        collector: what is captured. Omitted: nothing.
        depends_on: what must stand before.
    """
    target, models = scope.target(AzureTarget), native(needs.models.parts, AzureModels)
    content = ReleaseContent(
        spec=spec,
        variant=one.name,
        model=one.model,
        image=one.image,
        instance_type=instance_type(scope, spec, needs),
        tags=scope.tags,
    )
    place = ReleaseTarget(
        workspace=models.workspace_name,
        endpoint=endpoint,
        location=target.location,
        model_uri=models.folder("models", one.model) if one.model else None,
        image=native(needs.images.parts, AzureImages).pull_address(content.runs) if content.runs else None,
        secrets=secret_references(scope, spec),
    )
    made = deploy_template(
        scope,
        f"release-{one.name}",
        name=physical_name(scope.spec, "setting", f"{spec.name}-{one.name}"),
        contents=release_resources(content, place, collector),
        depends_on=depends_on,
    )
    identifier = target.resource(
        models.group_name,
        f"{WORKSPACE_TYPE}/onlineEndpoints/deployments",
        models.workspace_name,
        endpoint,
        content.deployment,
    )
    return Release(
        variant=one.name,
        deployment=content.deployment,
        id=known_output(made, identifier),
        weight=one.weight,
        made=made,
    )
