"""An update that the cloud refuses while something else still stands."""

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
        had, has = _machines(before), _machines(after)
        for variant in sorted(name for name in had.keys() & has.keys() if had[name] != has[name]):
            for target in scaled:
                resource = str(target.inputs.get("resourceId"))
                if target.parent == before.parent and resource.endswith(f"/variant/{variant}"):
                    reason = (
                        f"SageMaker refuses {has[variant]} for variant {variant}, which has {had[variant]}, while it "
                        "is scaled automatically. Before the update: aws application-autoscaling "
                        "deregister-scalable-target --service-namespace sagemaker --scalable-dimension "
                        f"sagemaker:variant:DesiredInstanceCount --resource-id {resource}"
                    )
                    yield Hit("high", after.urn, reason, "productionVariants")


def _machines(step: Step) -> dict[str, str]:
    """Instance types by variant."""
    variants = map(mapping, items(step.inputs.get("productionVariants")))
    return {text(one.get("variantName")): text(one.get("instanceType")) for one in variants}


RULE = RiskRule(
    id="update-refused",
    topic="downtime",
    title="Nothing is asked that the cloud refuses",
    fix="Take away what is in the way first, as the reason says; `pulumi up --refresh` makes it again.",
    examine=_examine,
    link="https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html",
)
