"""A run of a pipeline on Azure ML: what the service refuses, and what fails when a node starts a step.

https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-managed-network,
https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Protocol, cast

from mlplatform.mock_cloud.logins import Granted
from mlplatform.mock_cloud.way_in.base import at, items, of_type

_ML = "azure-native:machinelearningservices"
_ROLES = "azure-native:authorization:RoleAssignment"
_IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_PULL = frozenset(("7f951dda-4ed3-4680-a7ca-43fe172d538d", "8311e382-0749-4cb8-b61a-304f252e45ec"))
_WRITES = frozenset(("ba92f5b4-2d11-453d-a403-e96b0029c9fe",))
_READS = _WRITES | {"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"}
_DATA = re.compile(r"azureml://.*/datastores/([^/]+)/paths/.*")
_REACHED = "mcr.microsoft.com"
_PARENT = re.compile(r"\$\{\{parent\.(?:inputs|jobs)\..*\}\}")


class Answered(Granted, Protocol):
    """A planned or held resource, with what the provider answered."""

    @property
    def outputs(self) -> Mapping[str, object]:
        """Outputs in wire names."""
        ...


class RunRefused(Exception):
    """A run that the service does not take, or whose step does not start.

    Args:
        answer: what the service says.
        cause: why, and what is missing.
    """

    def __init__(self, answer: str, cause: str) -> None:
        super().__init__(f"{answer} ({cause})")
        self.answer = answer
        self.cause = cause


def start_run(resources: Sequence[Answered], jobs: str, body: Mapping[str, object], *, sender: str) -> None:
    """Send the request of a run, and start each of its steps.

    Args:
        resources: what is there.
        jobs: the path without the run's name.
        body: the request.
        sender: object id of who sends it.

    Raises:
        RunRefused: the first thing that is missing.
    """
    _Run(resources, jobs, body).start(sender)


class _Run:
    def __init__(self, resources: Sequence[Answered], jobs: str, body: Mapping[str, object]) -> None:
        self.resources = resources
        self.workspace = jobs.removesuffix("/jobs")
        self.versions = dict(_versions(resources, self.workspace.rpartition("/")[2]))
        self.properties = at(body, "properties")

    def start(self, sender: str) -> None:
        self._sent(sender)
        nodes = cast("Mapping[str, Mapping[str, object]]", at(self.properties, "jobs") or {})
        for name, node in nodes.items():
            principal = self._cluster(name, str(node.get("computeId")))
            component = self.versions.get(_end(str(node.get("componentId"))))
            if component is None:
                raise RunRefused("NotFound", f"{name}: no version {node.get('componentId')}")
            image = self.versions.get(_end(str(at(component, "componentSpec", "environment"))))
            if image is None:
                raise RunRefused("NotFound", f"{name}: its environment has no such version")
            self._pull(name, str(image.get("image")), principal)
            default = str(at(self.properties, "settings", "default_datastore")).rpartition("/")[2]
            self._data(name, default, principal, _WRITES)
            for each in cast("Mapping[str, object]", node.get("outputs") or {}).values():
                if uri := at(each, "uri"):
                    self._data(name, _datastore(str(uri)), principal, _WRITES)
            for each in cast("Mapping[str, object]", at(self.properties, "inputs") or {}).values():
                if uri := at(each, "uri"):
                    self._data(name, _datastore(str(uri)), principal, _READS)
            for each in cast("Mapping[str, object]", node.get("inputs") or {}).values():
                if not _PARENT.fullmatch(str(at(each, "value"))):
                    raise RunRefused("BadRequest", f"{name}: {at(each, 'value')} is no reference")

    def _sent(self, sender: str) -> None:
        wanted = f"{_WORKSPACE}/jobs/write"
        actions = [
            str(action)
            for role in self._roles(sender, self.workspace)
            for definition in of_type(self.resources, "azure-native:authorization:RoleDefinition")
            if str(definition.get("roleDefinitionId")) == role
            for permission in items(definition.get("permissions"))
            for action in items(at(permission, "actions"))
        ]
        if not any(fnmatchcase(wanted.lower(), action.lower()) for action in actions):
            raise RunRefused("AuthorizationFailed", f"{sender} may not {wanted}")

    def _cluster(self, name: str, cluster: str) -> str:
        """The principal as which the nodes of a step act."""
        for compute in of_type(self.resources, f"{_ML}:Compute"):
            if str(compute.get("computeName")).lower() == cluster.lower().rpartition("/")[2]:
                if at(compute, "properties", "properties", "enableNodePublicIp") is not False:
                    raise RunRefused("BadRequest", f"{name}: nodes with public addresses in a network that has none")
                (identity,) = items(at(compute, "identity", "userAssignedIdentities"))
                return self._principal(str(identity))
        raise RunRefused("NotFound", f"{name}: no compute {cluster}")

    def _principal(self, identity: str) -> str:
        for resource in self.resources:
            if resource.type == _IDENTITY:
                name = str(resource.outputs.get("name"))
                if identity.lower().endswith(f"/{name.lower()}"):
                    return str(resource.outputs.get("principalId"))
        raise RunRefused("NotFound", f"no identity {identity}")

    def _pull(self, name: str, image: str, principal: str) -> None:
        host = image.partition("/")[0]
        if host == _REACHED:
            return
        for registry in of_type(self.resources, "azure-native:containerregistry:Registry"):
            owned = str(registry.get("registryName"))
            if host == f"{owned}.azurecr.io":
                if not self._may(principal, f"/registries/{owned}", _PULL):
                    raise RunRefused("ImagePullFailure", f"{name}: {principal} may not pull {image}")
                return
        raise RunRefused("ImagePullFailure", f"{name}: the workspace's network does not reach {host}")

    def _data(self, name: str, datastore: str, principal: str, roles: frozenset[str]) -> None:
        for store in of_type(self.resources, f"{_ML}:Datastore"):
            if store.get("name") == datastore:
                account = str(at(store, "properties", "accountName"))
                container = str(at(store, "properties", "containerName"))
                if not self._reached(account):
                    raise RunRefused("StreamAccess", f"{name}: the workspace's network does not reach {account}")
                if not self._may(principal, f"/{account}/blobServices/default/containers/{container}", roles):
                    raise RunRefused("StreamAccess.Authentication", f"{name}: {principal} has no role on {datastore}")
                return
        raise RunRefused("NotFound", f"{name}: no datastore {datastore}")

    def _reached(self, account: str) -> bool:
        workspace = next(of_type(self.resources, f"{_ML}:Workspace"))
        rules = cast("Mapping[str, object]", at(workspace, "managedNetwork", "outboundRules") or {})
        return any(
            str(at(rule, "destination", "serviceResourceId")).lower().endswith(f"/storageaccounts/{account.lower()}")
            for rule in rules.values()
        )

    def _may(self, principal: str, on: str, roles: frozenset[str]) -> bool:
        return any(role in roles for role in self._roles(principal, on))

    def _roles(self, principal: str, on: str) -> Iterator[str]:
        """Roles of a principal on a resource or what it is in, those aside that hold for a part alone."""
        for one in of_type(self.resources, _ROLES):
            scope = str(one.get("scope")).lower()
            holds = on.lower().endswith(scope) or scope.endswith(on.lower())
            if one.get("principalId") == principal and holds and not one.get("condition"):
                yield str(one.get("roleDefinitionId")).rpartition("/")[2]


def _versions(resources: Sequence[Answered], workspace: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Properties of the versions that templates write, by the end of their ids."""
    for deployment in of_type(resources, "azure-native:resources:Deployment"):
        for content in items(at(deployment, "properties", "template", "resources")):
            kind, name = str(at(content, "type")), str(at(content, "name")).split("/")
            if kind in (f"{_WORKSPACE}/components/versions", f"{_WORKSPACE}/environments/versions"):
                holder, number = name[1:]
                path = f"/workspaces/{workspace}/{kind.split('/')[2]}/{holder}/versions/{number}"
                yield path.lower(), cast("Mapping[str, object]", at(content, "properties"))


def _datastore(uri: str) -> str:
    found = _DATA.fullmatch(uri)
    if found is None:
        raise RunRefused("BadRequest", f"{uri} is in no datastore: jobs write to nothing else")
    return found[1]


def _end(identifier: str) -> str:
    """A resource id from its workspace on."""
    return f"/workspaces/{identifier.lower().partition('/workspaces/')[2]}"
