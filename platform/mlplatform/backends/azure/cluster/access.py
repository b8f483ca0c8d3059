"""The way to the API of AKS."""

from __future__ import annotations

from mlplatform.cluster.access_facts import ClusterAccess
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.spec.platform import PlatformSpec

_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630"
"""Entra's application of all AKS clusters, https://learn.microsoft.com/azure/aks/kubelogin-authentication"""


def build(spec: PlatformSpec) -> ClusterAccess:
    """A token of whoever runs the program: of the Azure CLI's login, which CI has too."""
    return ClusterAccess(
        server=FromCloud("layer.server"),
        authority=FromCloud("layer.authority"),
        identifier=FromCloud("layer.id"),
        command="kubelogin",
        arguments=("get-token", "--login", "azurecli", "--server-id", _SERVER_ID),
        install="`az aks install-cli`",
    )
