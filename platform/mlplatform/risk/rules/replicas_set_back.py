"""An update of an endpoint that resets the replica count of its autoscaler."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.documents import TEMPLATE, template_resources
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import items, mapping, text, whole_number
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_DEPLOYMENT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
_CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_SCALED = "aws:appautoscaling/target:Target"
_SETTING = "azure-native:monitor:AutoscaleSetting"
_SERVICE = "gcp:cloudrunv2/service:Service"
_REVISIONS = "https://docs.cloud.google.com/run/docs/configuring/min-instances"
_RAISE = (
    "At high traffic, raise the minimum of `replicas` to the present count in the same change, and lower it again at "
    "low traffic; or apply it at low traffic."
)
_RETAINS_NOTHING = "https://github.com/hashicorp/terraform-provider-aws/issues/48990"


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for before, after in evidence.pairs():
        if before is None or after is None:
            continue
        if after.type == TEMPLATE:
            yield from _azure(before, after)
            yield from _azure_anew(evidence, before, after)
        elif after.type == _SERVICE:
            yield from _gcp(before, after)
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


def _azure_anew(evidence: Evidence, before: Step, after: Step) -> Iterator[Hit]:
    """Another model is another deployment beside the one that serves, and it begins with the first count."""
    old, new = _instances(before), _instances(after)
    for name in sorted(new.keys() - old.keys()) if old else ():
        deployment = name.rpartition("/")[2]
        for setting in evidence.after.values():
            if setting.type == _SETTING and str(setting.inputs.get("targetResourceUri")).endswith(f"/{deployment}"):
                profile = mapping(next(iter(items(setting.inputs.get("profiles"))), None))
                bound = text(mapping(profile.get("capacity")).get("maximum"))
                most = int(bound) if bound.isdecimal() else 0
                if most > new[name]:
                    reason = (
                        f"{deployment} starts with {new[name]} instances, whatever the autoscaler is running for the "
                        f"one that serves (up to {most}); it scales out as traffic moves to it."
                    )
                    yield Hit("medium", after.urn, reason, "properties.template", fix=_RAISE)


def _gcp(before: Step, after: Step) -> Iterator[Hit]:
    """Another revision begins with the least instances."""
    old, new = mapping(before.inputs.get("template")), mapping(after.inputs.get("template"))
    scaling = mapping(new.get("scaling"))
    least, most = whole_number(scaling.get("minInstanceCount")), whole_number(scaling.get("maxInstanceCount"))
    if text(old.get("revision")) != text(new.get("revision")) and least < most:
        reason = (
            f"The new revision starts with {least} instances, whatever is running (up to {most}); requests wait for "
            "more to start as traffic moves to it."
        )
        yield Hit("low", after.urn, reason, "template.revision", fix=_RAISE, link=_REVISIONS)


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
            yield Hit("medium", after.urn, reason, "productionVariants", fix=_RAISE, link=_RETAINS_NOTHING)


def _instances(step: Step) -> dict[str, int]:
    """Replica counts by deployment."""
    return {
        text(resource.get("name")): whole_number(mapping(resource.get("sku")).get("capacity"))
        for _, resource in template_resources(step)
        if resource.get("type") == _DEPLOYMENT
    }


RULE = RiskRule(
    id="replicas-set-back",
    topic="downtime",
    title="No update resets the replicas of an autoscaled endpoint",
    fix="Apply it at low traffic, or together with a model change, which creates a new deployment.",
    examine=_examine,
    headline="{things} [starts|start] again with the fewest replicas",
    link="https://learn.microsoft.com/azure/machine-learning/how-to-autoscale-endpoints",
)
