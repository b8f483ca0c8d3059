"""What a deployment of Azure Machine Learning needs from its workspace: a provisioned network, and readable storage."""

from __future__ import annotations

from collections.abc import Iterable

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rollouts.base import as_text
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.wire import plain_value, value_at_path

WORKSPACE = "azure-native:machinelearningservices:Workspace"
COMPUTE = "azure-native:machinelearningservices:Compute"
_ONLINE = "azure-native:machinelearningservices:OnlineEndpoint"
_IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
_ROLE = "azure-native:authorization:RoleAssignment"
_READERS = (
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
)
"""Storage Blob Data Reader, Contributor and Owner."""
_PAGE = "https://learn.microsoft.com/azure/machine-learning/"

_NO_NETWORK = CloudError(
    "BadRequest",
    "The managed network of workspace {user} is not provisioned: deployment to {name} is refused.",
    _PAGE + "how-to-managed-network#manually-provision-a-managed-vnet",
    "make a compute in the workspace first, or provision its network: az ml workspace provision-network",
)
_NO_STORAGE = CloudError(
    "ResourceNotReady",
    "The identity of endpoint {user} cannot read the default datastore of the workspace: Storage Blob Data Reader is "
    "missing on its storage account.",
    _PAGE + "how-to-access-resources-from-endpoints-managed-identities",
    "grant the role on the workspace's storage account to the endpoint's identity",
)


class WorkspaceNetworks:
    """Workspaces whose managed network is provisioned, by name in lower case."""

    def __init__(self) -> None:
        self._seen: frozenset[str] = frozenset()
        self._provisioned: frozenset[str] = frozenset()

    def apply(self, held: Held) -> None:
        """Take over a workspace or a compute: both can provision the network."""
        name = as_text(held.inputs.get("workspaceName")).lower()
        if held.token == COMPUTE:
            self._provisioned |= {name}
        elif held.token == WORKSPACE and name not in self._seen:
            # only a new workspace listens to this switch
            self._seen |= {name}
            if plain_value(held.inputs.get("provisionNetworkNow")) is True:
                self._provisioned |= {name}

    def remove(self, held: Held) -> None:
        """Forget a deleted workspace."""
        if held.token == WORKSPACE:
            name = as_text(held.inputs.get("workspaceName")).lower()
            self._seen, self._provisioned = self._seen - {name}, self._provisioned - {name}

    def copy(self) -> WorkspaceNetworks:
        """A copy with the same workspaces."""
        other = WorkspaceNetworks()
        other._seen, other._provisioned = self._seen, self._provisioned
        return other

    def refuse_deployment(self, held: Held, workspace: str, endpoint: str, present: Iterable[Held]) -> None:
        """Refuse a deployment that its workspace cannot run.

        Args:
            held: the deployment, or the template with it.
            workspace: name of the workspace.
            endpoint: name of the endpoint.
            present: everything that the cloud holds.

        Raises:
            CloudRefused: the network is not provisioned, or the endpoint's identity cannot read the storage.
        """
        resources = list(present)
        owner = next((other for other in resources if other.token == WORKSPACE and _is(other, workspace)), None)
        if owner is None or not value_at_path(owner.inputs, "managedNetwork.isolationMode"):
            return
        if workspace.lower() not in self._provisioned:
            raise word_refusal(_NO_NETWORK, held.token, held.name, held.id, workspace)
        storage = as_text(owner.inputs.get("storageAccount"))
        serving = next((other for other in resources if other.token == _ONLINE and _serves(other, endpoint)), None)
        if serving is None or not storage:
            return
        principals = {
            plain_value(other.outputs.get("principalId"))
            for other in resources
            if other.token == _IDENTITY and other.id in serving.references
        }
        if not any(_reads(other, storage, principals) for other in resources):
            raise word_refusal(_NO_STORAGE, held.token, held.name, held.id, endpoint)


def _reads(held: Held, storage: str, principals: set[object]) -> bool:
    role = as_text(held.inputs.get("roleDefinitionId")).rpartition("/")[2]
    return (
        held.token == _ROLE
        and role in _READERS
        and as_text(held.inputs.get("scope")).lower() == storage.lower()
        and plain_value(held.inputs.get("principalId")) in principals
    )


def _is(held: Held, workspace: str) -> bool:
    return as_text(held.inputs.get("workspaceName")).lower() == workspace.lower()


def _serves(held: Held, endpoint: str) -> bool:
    return as_text(held.inputs.get("endpointName")).lower() == endpoint.lower()
