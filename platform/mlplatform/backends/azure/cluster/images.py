"""Copies of public images in Container Registry, and its caches. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.repositories import CACHES, registry_server
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.cluster.access_facts import ImageStore
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.registry import COPIES


def build(spec: PlatformSpec) -> ImageStore:
    """The registry itself fetches a copy, so that its firewall lets nobody through,
    https://learn.microsoft.com/azure/container-registry/container-registry-import-images"""
    target, server = target_of(spec, AzureTarget), registry_server(spec)
    name = server.partition(".")[0]
    return ImageStore(
        registry=server,
        copies=f"{server}/{COPIES}",
        caches={upstream: f"{server}/{CACHES[upstream]}" for upstream in spec.registry.pull_through},
        login=(f"az account set --subscription {target.subscription_id}",),
        copy=f'az acr import --name {name} --source "$1" --image "${{2#*/}}" --force --output none',
    )
