"""An update that puts a count back which an autoscaler has moved."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import items, mapping, text, whole
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_TEMPLATE = "azure-native:resources:Deployment"
_DEPLOYMENT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for before, after in evidence.pairs():
        if before is None or after is None or after.type != _TEMPLATE:
            continue
        had, has = _instances(before), _instances(after)
        for name in sorted(name for name in had.keys() & has.keys() if had[name] != has[name]):
            reason = (
                f"{name.rpartition('/')[2]} is put again with {has[name]} instances, however many the autoscaler runs "
                "just then; it adds them again in its next minutes."
            )
            yield Hit("medium", after.urn, reason, "properties.template")


def _instances(step: Step) -> dict[str, int]:
    """Instances by deployment."""
    template = mapping(mapping(step.inputs.get("properties")).get("template"))
    return {
        text(one.get("name")): whole(mapping(one.get("sku")).get("capacity"))
        for one in map(mapping, items(template.get("resources")))
        if one.get("type") == _DEPLOYMENT
    }


RULE = RiskRule(
    id="replicas-set-back",
    topic="downtime",
    title="No update takes replicas away that an autoscaler has added",
    fix="Do it when little is asked of the endpoint, or together with a new model: that is a deployment of its own.",
    examine=_examine,
    link="https://learn.microsoft.com/azure/machine-learning/how-to-autoscale-endpoints",
)
