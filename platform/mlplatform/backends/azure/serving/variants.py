"""Release of a variant by one template.

Azure refuses to create what exists, and Pulumi would delete the old deployment while it still serves. With a template
the new deployment appears beside the old one, going back rewrites what still exists, and the rollout deletes
deployments without traffic.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.foundation.templates import deploy_template
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.registry import server_images
from mlplatform.backends.azure.registry.parts import AzureImages, AzureModels
from mlplatform.backends.azure.serving.release import ReleaseContent, ReleaseTarget
from mlplatform.backends.azure.serving.release_template import WORKSPACE_TYPE, release_resources
from mlplatform.backends.azure.serving.secrets import secret_references
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_replica_machine
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec


@record(kw_only=True)
class ReleasedVariant:
    """The deployment of one variant."""

    variant: str
    """The variant's name."""

    deployment: str
    """Name of the online deployment."""

    id: pulumi.Output[str]
    """Resource id of the online deployment."""

    weight: int
    """Its share of live requests in whole per cent; 0 for a shadow."""

    template: pulumi.Resource
    """The template deployment that wrote it."""


@record(kw_only=True)
class RequestedRelease:
    """A variant or shadow to release."""

    name: str
    """Its name."""

    model: str | None
    """Path below the store's `models` place."""

    image: str | None
    """The image set for it; None for the server's."""

    weight: int
    """Its share of live requests in whole per cent; 0 for a shadow."""


def requested_releases(spec: EndpointSpec) -> tuple[RequestedRelease, ...]:
    """The released variants, then the shadow; none while the endpoint waits."""
    if spec.awaits_model:
        return ()
    requests = [
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
        requests.append(
            RequestedRelease(
                name=shadow.name, model=shadow.model, image=server_images.variant_image(spec, shadow.image), weight=0
            )
        )
    return tuple(requests)


def instance_type(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> str:
    """The machine of a replica.

    Raises:
        NotChosen: no machine is large enough; validation refuses it first.
    """
    context = scope.context
    machine = choose_replica_machine(context.backend, context.target, spec, needs.choice, "online")
    return machine.serving_type("online")


def release_variant(
    scope: Scope,
    spec: EndpointSpec,
    needs: EndpointNeeds,
    request: RequestedRelease,
    *,
    endpoint: str,
    collector: ml.DataCollectorArgs | None,
    depends_on: Sequence[pulumi.Resource],
) -> ReleasedVariant:
    """Write one variant's model version, environment and deployment.

    Args:
        scope: the endpoint's.
        spec: the endpoint's.
        needs: components that the endpoint needs.
        request: the variant.
        endpoint: physical name of the endpoint.
        collector: captures requests. Omitted: nothing is captured.
        depends_on: prerequisites.
    """
    target, models = scope.target(AzureTarget), native(needs.models.parts, AzureModels)
    content = ReleaseContent(
        spec=spec,
        variant=request.name,
        model=request.model,
        image=request.image,
        instance_type=instance_type(scope, spec, needs),
        tags=scope.lasting_tags,
    )
    release_target = ReleaseTarget(
        workspace=models.workspace_name,
        endpoint=endpoint,
        location=target.location,
        model_uri=models.folder("models", request.model) if request.model else None,
        image=native(needs.images.parts, AzureImages).pull_address(content.image_to_run)
        if content.image_to_run
        else None,
        secrets=secret_references(scope, spec),
    )
    template = deploy_template(
        scope,
        f"release-{request.name}",
        name=physical_name(scope.spec, "setting", f"{spec.name}-{request.name}"),
        contents=release_resources(content, release_target, collector),
        depends_on=depends_on,
    )
    identifier = target.resource(
        models.group_name,
        f"{WORKSPACE_TYPE}/onlineEndpoints/deployments",
        models.workspace_name,
        endpoint,
        content.deployment,
    )
    return ReleasedVariant(
        variant=request.name,
        deployment=content.deployment,
        id=known_output(template, identifier),
        weight=request.weight,
        template=template,
    )
