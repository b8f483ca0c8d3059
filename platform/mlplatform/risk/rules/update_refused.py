"""An update that SageMaker refuses while the variant is autoscaled."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import items, mapping, text
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_SCALED = "aws:appautoscaling/target:Target"


def _examine(evidence: Evidence) -> Iterator[Hit]:
    scaled = [step for step in evidence.before.values() if step.type == _SCALED]
    for before, after in evidence.pairs():
        if before is None or after is None or before.type != _CONFIGURATION:
            continue
        old, new = _machines(before), _machines(after)
        for variant in sorted(name for name in old.keys() & new.keys() if old[name] != new[name]):
            for target in scaled:
                resource = str(target.inputs.get("resourceId"))
                if target.parent == before.parent and resource.endswith(f"/variant/{variant}"):
                    reason = (
                        f"SageMaker refuses {new[variant]} for variant {variant}, which runs on {old[variant]}, while "
                        "it is autoscaled. Before the update, run: aws application-autoscaling "
                        "deregister-scalable-target --service-namespace sagemaker --scalable-dimension "
                        f"sagemaker:variant:DesiredInstanceCount --resource-id {resource}"
                    )
                    yield Hit("high", after.urn, reason, "productionVariants")


def _machines(step: Step) -> dict[str, str]:
    """Instance types of the variants."""
    variants = map(mapping, items(step.inputs.get("productionVariants")))
    return {text(variant.get("variantName")): text(variant.get("instanceType")) for variant in variants}


RULE = RiskRule(
    id="update-refused",
    topic="downtime",
    title="No update is one that SageMaker refuses",
    fix="Deregister the scalable target first, as the reason says; `pulumi up --refresh` creates it again.",
    examine=_examine,
    link="https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html",
)
