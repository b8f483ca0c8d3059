"""Capture of requests and responses in the store's `monitoring` place."""

from __future__ import annotations

from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.foundation.references import known_output
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.backends.azure.serving.capture_folders import CAPTURE_KINDS, capture_folder
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def capture_requests(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, endpoint: str, *, shadow: bool = False
) -> ml.DataCollectorArgs | None:
    """The data collector of deployments, hourly below `capture/<endpoint>`; None where nothing is captured.

    Args:
        scope: the endpoint's.
        spec: the endpoint.
        needs: components that it uses.
        endpoint: its physical name.
        shadow: whether of the shadow, which has folders of its own. Omitted: of what has traffic.
    """
    if not spec.capture_percent:
        return None
    models, part = native(needs.models.parts, AzureModels), "shadow-" if shadow else ""
    assets = {
        kind: ml.DataVersion(
            scope.child(f"capture-{part}{kind}"),
            name=f"{endpoint}-{part}{kind}",
            version="1",
            workspace_name=known_output(models.datastores["monitoring"], models.workspace_name),
            resource_group_name=resource_group(scope).group_name,
            properties=ml.UriFolderDataVersionArgs(
                data_type="uri_folder",
                data_uri=models.folder("monitoring", capture_folder(spec, kind, shadow=shadow)),
                description=f"Captured by the endpoint {spec.name}",
                tags=scope.tags,
            ),
            opts=scope.opts(depends_on=models.ready),
        )
        for kind in CAPTURE_KINDS
    }
    return ml.DataCollectorArgs(
        collections={
            kind: ml.CollectionArgs(
                data_collection_mode=ml.DataCollectionMode.ENABLED,
                data_id=asset.id,
                sampling_rate=spec.capture_percent / 100,
                client_id=native(needs.identity.parts, AzureIdentity).client_id,
            )
            for kind, asset in assets.items()
        },
        rolling_rate=ml.RollingRateType.HOUR,
    )
