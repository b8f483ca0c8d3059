"""An update of an Azure endpoint that resets the replica count of its autoscaler."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import items, mapping, text, whole_number
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_TEMPLATE = "azure-native:resources:Deployment"
_DEPLOYMENT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for before, after in evidence.pairs():
        if before is None or after is None or after.type != _TEMPLATE:
            continue
        old, new = _instances(before), _instances(after)
        for name in sorted(name for name in old.keys() & new.keys() if old[name] != new[name]):
            reason = (
                f"{name.rpartition('/')[2]} is redeployed with {new[name]} instances, whatever the autoscaler "
                "is running; it scales out again within minutes."
            )
            yield Hit("medium", after.urn, reason, "properties.template")


def _instances(step: Step) -> dict[str, int]:
    """Replica counts by deployment."""
    template = mapping(mapping(step.inputs.get("properties")).get("template"))
    return {
        text(resource.get("name")): whole_number(mapping(resource.get("sku")).get("capacity"))
        for resource in map(mapping, items(template.get("resources")))
        if resource.get("type") == _DEPLOYMENT
    }


RULE = RiskRule(
    id="replicas-set-back",
    topic="downtime",
    title="No update resets the replicas of an autoscaled Azure endpoint",
    fix="Apply it at low traffic, or together with a model change, which creates a new deployment.",
    examine=_examine,
    link="https://learn.microsoft.com/azure/machine-learning/how-to-autoscale-endpoints",
)
