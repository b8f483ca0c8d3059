"""Capture of requests and responses in the store's `monitoring` place."""

from __future__ import annotations

from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.references import known_output
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec

_KINDS = ("request", "response")
"""Azure's names of a container's payload logs,
https://learn.microsoft.com/azure/machine-learning/how-to-collect-production-data"""


def capture_requests(
    scope: Scope, spec: EndpointSpec, needs: EndpointNeeds, endpoint: str
) -> ml.DataCollectorArgs | None:
    """The data collector of deployments, hourly below `capture/<endpoint>`; None where nothing is captured."""
    if not spec.capture_percent:
        return None
    models = native(needs.models.parts, AzureModels)
    assets = {
        kind: ml.DataVersion(
            scope.child(f"capture-{kind}"),
            name=f"{endpoint}-{kind}",
            version="1",
            workspace_name=known_output(models.datastores["monitoring"], models.workspace_name),
            resource_group_name=resource_group(scope).group_name,
            properties=ml.UriFolderDataVersionArgs(
                data_type="uri_folder",
                data_uri=models.folder("monitoring", f"capture/{spec.name}/{kind}"),
                description=f"Captured by the endpoint {spec.name}",
                tags=scope.tags,
            ),
            opts=scope.opts(depends_on=models.ready),
        )
        for kind in _KINDS
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
