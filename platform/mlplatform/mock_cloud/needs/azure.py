"""Azure: the files, images and secrets of Machine Learning's releases and of Container Apps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.needs.base import CloudNeeds, Need, Serving
from mlplatform.mock_cloud.rollouts.base import as_text
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.wire import as_list, as_object, plain_value, value_at_path

_TEMPLATE = "azure-native:resources:Deployment"
_APP = "azure-native:app:ContainerApp"
_REGISTRY = "azure-native:containerregistry:Registry"
_CACHE = "azure-native:containerregistry:CacheRule"
_DATASTORE = "azure-native:machinelearningservices:Datastore"
_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_DEPLOYMENT = f"{_WORKSPACE}/onlineEndpoints/deployments"
_LEARN = "https://learn.microsoft.com/azure/"
_PATHS = re.compile(r"^azureml://.*/datastores/([^/]+)/paths/(.+)$")
_REFERENCE = re.compile(r"^\$\{\{keyvault:https://([^./]+)[^/]*/secrets/([^/}]+)[^}]*\}\}$")
_SECRET_URL = re.compile(r"^https://([^./]+)[^/]*/secrets/([^/]+)")

_NO_FILES = CloudError(
    "UserError",
    "The specified path does not exist: {user}.",
    _LEARN + "machine-learning/how-to-troubleshoot-online-endpoints",
    "the datastore holds nothing there yet: release the model first (`mlplatform promote`)",
)
_NO_IMAGE = CloudError(
    "ImageNotFound",
    "MANIFEST_UNKNOWN: manifest of {user} is not found.",
    _LEARN + "container-apps/troubleshoot-image-pull-failures",
    "nobody has pushed it yet: push it, and release it by its digest (`mlplatform promote`)",
)
_NO_SECRET = CloudError(
    "SecretNotFound",
    "A secret with (name/id) {user} was not found in this key vault.",
    _LEARN + "container-apps/manage-secrets",
    "put the secret into the vault before the release",
)
_NEVER_READY = CloudError(
    "ContainerAppOperationError",
    "Failed to provision revision for container app '{name}': the startup probe failed, because there are no files at "
    "{user}.",
    _LEARN + "container-apps/troubleshoot-container-start-failures",
    "the model's folder is empty: release the model first (`mlplatform promote`)",
)


class AzureNeeds(CloudNeeds):
    """What releases and apps need."""

    def of(self, held: Held, every: Iterable[Held]) -> Iterator[Need]:
        """Files, images and secrets of a release's template, or of an app."""
        everything = tuple(every)
        if held.token == _TEMPLATE:
            yield from _of_template(held, everything)
        elif held.token == _APP:
            yield from _of_app(held, everything)

    def serving(self, endpoint: str, every: Iterable[Held]) -> tuple[Serving, ...]:
        """The releases of an online endpoint, or the server of an app."""
        everything = tuple(every)
        found: list[Serving] = []
        for held in everything:
            if held.token == _APP and held.inputs.get("containerAppName") == endpoint and _server(held) is not None:
                found.append(Serving(_folder_of_app(held), tuple(_of_app(held, everything))))
            elif held.token == _TEMPLATE and endpoint in map(_endpoint_of, _contents(held)):
                needs = tuple(_of_template(held, everything))
                model = next((need.name for need in needs if need.kind == "object"), "")
                found.append(Serving(model, needs))
        return tuple(found)


def _contents(held: Held) -> list[Mapping[str, object]]:
    found = as_list(value_at_path(plain_value(held.inputs), "properties.template.resources")) or []
    return [content for item in found if (content := as_object(item)) is not None]


def _endpoint_of(content: Mapping[str, object]) -> str:
    """The endpoint of a template's deployment; empty for other contents."""
    names = as_text(content.get("name")).split("/")
    return names[1] if as_text(content.get("type")) == _DEPLOYMENT and len(names) > 1 else ""


def _of_template(held: Held, everything: Iterable[Held]) -> Iterator[Need]:
    """What an online deployment needs; versions alone, of a pipeline's steps, need nothing until a run starts."""
    if not any(map(_endpoint_of, _contents(held))):
        return
    for content in _contents(held):
        kind = as_text(content.get("type"))
        if kind == f"{_WORKSPACE}/models/versions":
            if found := _PATHS.match(as_text(value_at_path(content, "properties.modelUri"))):
                yield Need("object", _blob(found[1], found[2], everything), _NO_FILES)
        elif kind == f"{_WORKSPACE}/environments/versions":
            yield from _image(as_text(value_at_path(content, "properties.image")), everything)
        elif kind == _DEPLOYMENT:
            variables = as_object(value_at_path(content, "properties.environmentVariables")) or {}
            for value in variables.values():
                if found := _REFERENCE.match(as_text(value)):
                    yield Need("secret", f"{found[1]}/{found[2]}", _NO_SECRET)


def _blob(datastore: str, path: str, everything: Iterable[Held]) -> str:
    """Address of a path of a datastore."""
    for held in everything:
        if held.token == _DATASTORE and as_text(held.inputs.get("name")) == datastore:
            account = as_text(value_at_path(plain_value(held.inputs), "properties.accountName"))
            container = as_text(value_at_path(plain_value(held.inputs), "properties.containerName"))
            return f"https://{account}.blob.core.windows.net/{container}/{path}"
    return f"azureml://{datastore}/{path}"


def _of_app(held: Held, everything: Iterable[Held]) -> Iterator[Need]:
    if folder := _folder_of_app(held):
        server = _server(held) or {}
        # Triton starts without any model, and then serves none
        ready = as_text((as_list(server.get("command")) or [""])[0]) == "tritonserver"
        yield Need("object", folder, None if ready else _NEVER_READY)
    inputs = plain_value(held.inputs)
    for item in as_list(value_at_path(inputs, "template.containers")) or ():
        yield from _image(as_text(value_at_path(item, "image")), everything)
    for item in as_list(value_at_path(inputs, "configuration.secrets")) or ():
        if found := _SECRET_URL.match(as_text(value_at_path(item, "keyVaultUrl"))):
            yield Need("secret", f"{found[1]}/{found[2]}", _NO_SECRET)


def _server(held: Held) -> Mapping[str, object] | None:
    found = as_list(value_at_path(plain_value(held.inputs), "template.containers")) or []
    containers = [container for item in found if (container := as_object(item)) is not None]
    return next((container for container in containers if container.get("name") == "server"), None)


def _folder_of_app(held: Held) -> str:
    """Address of the folder that an app's first container fetches; empty for none."""
    for item in as_list(value_at_path(plain_value(held.inputs), "template.initContainers")) or ():
        variables = {
            as_text(value_at_path(each, "name")): as_text(value_at_path(each, "value"))
            for each in as_list(value_at_path(item, "env")) or ()
        }
        if "MODEL" in variables:
            account, container = variables.get("ACCOUNT", ""), variables.get("CONTAINER", "")
            return f"https://{account}.blob.core.windows.net/{container}/{variables['MODEL']}"
    return ""


def _image(image: str, everything: Iterable[Held]) -> Iterator[Need]:
    """An image that people push; what a cache rule mirrors is in its upstream."""
    host, _, path = image.partition("/")
    registries = {as_text(held.inputs.get("registryName")) for held in everything if held.token == _REGISTRY}
    if host.removesuffix(".azurecr.io") not in registries or not host.endswith(".azurecr.io"):
        return
    cached = [
        as_text(held.inputs.get("targetRepository")).removesuffix("*") for held in everything if held.token == _CACHE
    ]
    if not any(path.startswith(prefix) for prefix in cached if prefix):
        yield Need("image", image, _NO_IMAGE)


NEEDS = AzureNeeds
