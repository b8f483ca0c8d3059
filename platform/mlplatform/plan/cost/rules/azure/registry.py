"""The image registry by its tier, and what Azure runs and bills for the machine learning workspace."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.amount import Range
from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.cost.model import HOURS
from mlplatform.plan.cost.values import as_entries, as_number, as_text, value_at
from mlplatform.plan.model import Step

_INCLUDED_GIB = {"Basic": 10, "Standard": 100, "Premium": 500}
"""https://azure.microsoft.com/pricing/details/container-registry/"""
_OWN_ENDPOINTS = 4
"""Private endpoints that Azure adds to a managed network: to the blobs, files, vault and registry of the workspace.

https://learn.microsoft.com/azure/machine-learning/how-to-managed-network#list-of-required-rules"""


def _registry(step: Step, context: CostContext) -> Iterator[CostPart]:
    tier = as_text(value_at(step.inputs, "sku", "name")) or "Basic"
    yield Charge(f"registry/{tier}", "month", Range.exactly(1), f"tier {tier}")
    images, included = context.usage.storage.images_gib * context.share(step), _INCLUDED_GIB.get(tier, 0)
    beyond = Range(*(max(0.0, gib - included) for gib in (images.low, images.expected, images.high)))
    yield Charge("images", "gib-month", beyond, "images beyond the tier's included storage")


def _workspace(step: Step, context: CostContext) -> Iterator[CostPart]:
    """The workspace costs nothing; its managed network and the search instance for a customer's key do.

    https://learn.microsoft.com/azure/machine-learning/how-to-managed-network#pricing
    """
    del context
    network = step.inputs.get("managedNetwork")
    if as_text(value_at(network, "isolationMode")) not in ("", "Disabled"):
        kinds = [as_text(value_at(rule, "type")) for _, rule in as_entries(value_at(network, "outboundRules"))]
        endpoints = kinds.count("PrivateEndpoint") + _OWN_ENDPOINTS
        hours = Range.exactly(endpoints * HOURS)
        yield Charge("private-endpoint", "hour", hours, f"{endpoints} private endpoints of the managed network")
        if "FQDN" in kinds:
            tier = as_text(value_at(network, "firewallSku")) or "Standard"
            yield Charge(f"firewall/{tier}", "hour", Range.exactly(HOURS), "firewall of the managed network")
    encrypted = value_at(step.inputs, "encryption", "status") == "Enabled"
    if encrypted and value_at(step.inputs, "enableServiceSideCMKEncryption") is True:
        yield Charge("key-search", "hour", Range.exactly(HOURS), "search instance for the customer's key")


_WEEKS = HOURS / 24 / 7

_CLEAN_UP_SECONDS = Range(60, 300, 1800)
"""A run that removes old images: our own estimate."""


def _clean_up(step: Step, context: CostContext) -> Iterator[CostPart]:
    """Once a week."""
    del context
    cpu = as_number(value_at(step.inputs, "agentConfiguration", "cpu"), 2)
    yield Charge("registry-task", "second", _CLEAN_UP_SECONDS * (_WEEKS * cpu), "removal of old images")


RULES: CostRules = {
    "azure-native:containerregistry:Task": _clean_up,
    "azure-native:containerregistry:Registry": _registry,
    "azure-native:machinelearningservices:Workspace": _workspace,
}
