"""ARM templates, for resources that must be written although they exist, or must outlive their replacement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

import pulumi
from pulumi import _types  # pyright: ignore[reportPrivateUsage] - where the SDK keeps names on the wire
from pulumi_azure_native import resources

from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.backends.azure.naming import shorten_name
from mlplatform.components.scope import Scope

ML_API = "2025-12-01"
"""Version of the machine learning API, the one the provider's own types have."""
DEPLOYMENTS_API = "2022-09-01"
"""Version of the resource manager's own API for nested templates."""

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
_LIMIT = 64


def literal_text(text: str) -> str:
    """A text that a template takes literally: a leading bracket would begin an expression."""
    return f"[{text}" if text.startswith("[") else text


def to_wire(value: object) -> object:
    """The provider's typed arguments as JSON, without unset fields."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return literal_text(value)
    if value is None or isinstance(value, bool | int | float | pulumi.Output):
        return value  # pyright: ignore[reportUnknownVariableType] - an output stays one
    if isinstance(value, Mapping):
        items: Mapping[object, object] = value  # pyright: ignore[reportUnknownVariableType]
        return {str(key): to_wire(item) for key, item in items.items()}
    if isinstance(value, Sequence):
        parts: Sequence[object] = value  # pyright: ignore[reportUnknownVariableType]
        return [to_wire(item) for item in parts]
    fields: dict[str, object] = vars(value)
    # the SDK knows the names: `os_disk_size_gb` is osDiskSizeGB
    names = _types.input_type_py_to_pulumi_names(type(value))
    return {names[name]: to_wire(item) for name, item in fields.items() if item is not None}


def deploy_template(
    scope: Scope,
    role: str,
    *,
    name: str,
    contents: Sequence[Mapping[str, object]],
    depends_on: Sequence[pulumi.Resource] = (),
) -> resources.Deployment:
    """Write resources by a template; resources of an earlier one that this one lacks are kept.

    Args:
        scope: owner of the deployment.
        role: distinguishes it in the scope.
        name: physical name of the deployment.
        contents: the template's resources.
        depends_on: prerequisites.
    """
    return _deployment(
        scope,
        role,
        name,
        {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": [dict(content) for content in contents]},
        depends_on,
    )


def deploy_directory_objects(
    scope: Scope, role: str, *, name: str, contents: Mapping[str, Mapping[str, object]], outputs: Mapping[str, str]
) -> resources.Deployment:
    """Write objects of the Entra directory by the resource manager's Microsoft Graph extension.

    https://learn.microsoft.com/graph/templates/bicep/overview-bicep-templates-for-graph

    Args:
        scope: owner of the deployment.
        role: distinguishes the deployment in the scope.
        name: physical name of the deployment.
        contents: the objects by symbolic name; each type ends in its API version.
        outputs: text outputs of the template, as expressions.
    """
    template: dict[str, object] = {
        "$schema": _SCHEMA,
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        "imports": {"graph": {"provider": "MicrosoftGraph", "version": "1.0.0"}},
        "resources": {symbol: {"import": "graph", **content} for symbol, content in contents.items()},
        "outputs": {output: {"type": "string", "value": value} for output, value in outputs.items()},
    }
    return _deployment(scope, role, name, template, ())


def deploy_month_record(scope: Scope, role: str, *, name: str) -> resources.Deployment:
    """Record the month of the first deployment: the output `startTime` is its first day.

    Only Azure knows the date, https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-date

    Args:
        scope: owner of the deployment.
        role: distinguishes it in the scope.
        name: physical name of the deployment.
    """
    template: dict[str, object] = {
        "$schema": _SCHEMA,
        "contentVersion": "1.0.0.0",
        "parameters": {"month": {"type": "string", "defaultValue": "[utcNow('yyyy-MM')]"}},
        "resources": [],
        "outputs": {"startTime": {"type": "string", "value": "[concat(parameters('month'), '-01T00:00:00Z')]"}},
    }
    return _deployment(scope, role, name, template, ())


def nested_template(
    name: str, *, parameters: Mapping[str, tuple[str, object]], contents: Sequence[Mapping[str, object]]
) -> dict[str, object]:
    """A template within a template, which can read what it overwrites without a cycle.

    Args:
        name: name of the inner deployment.
        parameters: type and value of each parameter; values are evaluated outside.
        contents: the inner template's resources.
    """
    return {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": DEPLOYMENTS_API,
        "name": shorten_name(name, _LIMIT),
        "properties": {
            "mode": "Incremental",
            "expressionEvaluationOptions": {"scope": "inner"},
            "parameters": {key: {"value": value} for key, (_, value) in parameters.items()},
            "template": {
                "$schema": _SCHEMA,
                "contentVersion": "1.0.0.0",
                "parameters": {key: {"type": kind} for key, (kind, _) in parameters.items()},
                "resources": [dict(content) for content in contents],
            },
        },
    }


def _deployment(
    scope: Scope, role: str, name: str, template: Mapping[str, object], depends_on: Sequence[pulumi.Resource]
) -> resources.Deployment:
    return resources.Deployment(
        scope.child(role),
        deployment_name=shorten_name(name, _LIMIT),
        resource_group_name=resource_group(scope).group_name,
        properties=resources.DeploymentPropertiesArgs(
            mode=resources.DeploymentMode.INCREMENTAL, template=dict(template)
        ),
        tags=scope.tags,
        opts=scope.opts(depends_on=depends_on, timeouts={"create": "120m", "update": "120m"}),
    )
