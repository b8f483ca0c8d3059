"""Assets of the workspace: a datastore per place of the artifact store, and the model groups."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import machinelearningservices as ml

from mlplatform.backends.azure.artifact_store.parts import AzureStore
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import PLACES, Place
from mlplatform.spec.registry import RegistrySpec


def make_datastores(scope: Scope, store: AzureStore, workspace: pulumi.Output[str]) -> Mapping[Place, ml.Datastore]:
    """A datastore per place, without credentials: users access it with their own identity."""
    target = scope.target(AzureTarget)
    datastores: dict[Place, ml.Datastore] = {}
    for place in PLACES:
        container = store.containers[place]
        datastores[place] = ml.Datastore(
            scope.child(f"datastore-{place}"),
            name=place,
            workspace_name=workspace,
            resource_group_name=resource_group(scope).group_name,
            skip_validation=True,
            properties=ml.AzureBlobDatastoreArgs(
                datastore_type="AzureBlob",
                account_name=container.account_name,
                container_name=container.name,
                endpoint="core.windows.net",
                protocol="https",
                subscription_id=target.subscription_id,
                resource_group=container.group_name,
                credentials=ml.NoneDatastoreCredentialsArgs(credentials_type="None"),
                service_data_access_auth_identity=ml.ServiceDataAccessAuthIdentity.NONE,
                tags=scope.tags,
            ),
            opts=scope.opts(depends_on=store.ready),
        )
    return datastores


def make_model_groups(
    scope: Scope, spec: RegistrySpec, workspace: pulumi.Output[str]
) -> Mapping[str, ml.ModelContainer]:
    """The spec's model groups. A version's stage and tags approve nothing: whoever registers it may write them."""
    return {
        model: ml.ModelContainer(
            scope.child(f"group-{model}"),
            name=model,
            workspace_name=workspace,
            resource_group_name=resource_group(scope).group_name,
            properties=ml.ModelContainerPropertiesArgs(description=f"Versions of {model}", tags=scope.tags),
            opts=scope.opts(protect=scope.defaults.protected),
        )
        for model in spec.models
    }
