"""The images and programs of a pipeline's steps, as versions of the workspace.

A version never changes and is never deleted: runs of earlier ones may still go on, and their records name it. The
resource manager's templates write such a version also where it exists already, for example after a change was taken
back: the provider refuses to create what exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulumi
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import resources

from mlplatform.backends.azure.foundation.templates import ML_API, deploy_template, to_wire
from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.registry.parts import AzureModels
from mlplatform.components.scope import Scope
from mlplatform.pipelines.forms.azureml import AzureMlParts
from mlplatform.pipelines.forms.azureml_spec import Request

_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"


def make_versions(
    scope: Scope, models: AzureModels, parts: AzureMlParts, depends_on: Iterable[pulumi.Resource]
) -> resources.Deployment:
    """Write the environments and components of a pipeline.

    Args:
        scope: the pipeline's.
        models: the workspace.
        parts: what the pipeline is in Azure ML.
        depends_on: prerequisites.
    """
    tags = dict(scope.lasting_tags)
    contents: list[Mapping[str, object]] = []
    for request in parts.environments:
        image = request.body["properties"]
        contents += _version(
            models,
            "environments",
            request,
            ml.EnvironmentContainerPropertiesArgs(tags=tags),
            ml.EnvironmentVersionPropertiesArgs(image=_text(image, "image"), os_type=ml.OperatingSystemType.LINUX),
        )
    for request in parts.components:
        spec = request.body["properties"]
        contents += _version(
            models,
            "components",
            request,
            ml.ComponentContainerPropertiesArgs(tags=tags),
            ml.ComponentVersionPropertiesArgs(component_spec=_field(spec, "componentSpec")),
        )
    name = scope.name.removeprefix(f"{scope.context.prefix}-")
    return deploy_template(
        scope,
        "versions",
        name=physical_name(scope.spec, "setting", name),
        contents=contents,
        depends_on=list(depends_on),
    )


def _version(
    models: AzureModels, kind: str, request: Request, container: object, version: object
) -> Iterable[Mapping[str, object]]:
    """A version with what holds it: the service makes no other versions of that name."""
    *_, name, _, number = request.path.split("/")
    holder = f"{models.workspace_name}/{name}"
    yield {
        "type": f"{_WORKSPACE}/{kind}",
        "apiVersion": ML_API,
        "name": holder,
        "properties": to_wire(container),
    }
    yield {
        "type": f"{_WORKSPACE}/{kind}/versions",
        "apiVersion": ML_API,
        "name": f"{holder}/{number}",
        "dependsOn": [f"[resourceId('{_WORKSPACE}/{kind}', '{models.workspace_name}', '{name}')]"],
        "properties": to_wire(version),
    }


def _field(body: object, name: str) -> object:
    if not isinstance(body, Mapping):
        raise TypeError(f"{name} is in an object")
    found: Mapping[str, object] = body  # pyright: ignore[reportUnknownVariableType]
    return found[name]


def _text(body: object, name: str) -> str:
    return str(_field(body, name))
