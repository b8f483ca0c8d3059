"""An update of an endpoint that resets the replica count of its autoscaler."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import items, mapping, text, whole_number
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_TEMPLATE = "azure-native:resources:Deployment"
_DEPLOYMENT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
_CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_SCALED = "aws:appautoscaling/target:Target"
_RETAINS_NOTHING = "https://github.com/hashicorp/terraform-provider-aws/issues/48990"


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for before, after in evidence.pairs():
        if before is None or after is None:
            continue
        if after.type == _TEMPLATE:
            yield from _azure(before, after)
        elif after.type == _CONFIGURATION:
            yield from _aws(evidence, before, after)


def _azure(before: Step, after: Step) -> Iterator[Hit]:
    old, new = _instances(before), _instances(after)
    for name in sorted(name for name in old.keys() & new.keys() if old[name] != new[name]):
        reason = (
            f"{name.rpartition('/')[2]} is redeployed with {new[name]} instances, whatever the autoscaler "
            "is running; it scales out again within minutes."
        )
        yield Hit("medium", after.urn, reason, "properties.template")


def _aws(evidence: Evidence, before: Step, after: Step) -> Iterator[Hit]:
    """Each other configuration sets the counts of all variants: the provider cannot ask SageMaker to keep them."""
    replaced = any(change.step.urn == after.urn and change.kind == "replace" for change in evidence.diff.changes)
    if not replaced:
        return
    counts = {
        text(variant.get("variantName")): whole_number(variant.get("initialInstanceCount"))
        for variant in map(mapping, items(after.inputs.get("productionVariants")))
    }
    for target in evidence.before.values():
        variant = str(target.inputs.get("resourceId")).rpartition("/variant/")[2]
        most = whole_number(target.inputs.get("maxCapacity"))
        if target.type == _SCALED and target.parent == before.parent and counts.get(variant, most) < most:
            reason = (
                f"Variant {variant} starts with {counts[variant]} instances, whatever the autoscaler is running (up to "
                f"{most}), and it does not scale while the rollout runs."
            )
            fix = (
                "At high traffic, raise the minimum of `replicas` to the present count in the same change, and lower "
                "it again at low traffic; or apply it at low traffic."
            )
            yield Hit("medium", after.urn, reason, "productionVariants", fix=fix, link=_RETAINS_NOTHING)


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
    title="No update resets the replicas of an autoscaled endpoint",
    fix="Apply it at low traffic, or together with a model change, which creates a new deployment.",
    examine=_examine,
    link="https://learn.microsoft.com/azure/machine-learning/how-to-autoscale-endpoints",
)
