"""An update that the cloud refuses: other machines, variants, versions, ranges, bounds of pools, less features."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from mlplatform.checks.wording import shown
from mlplatform.plan.documents import UnknownInput, document_in
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import items, mapping, text
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.kubernetes import refused_versions
from mlplatform.risk.node_pools import refused_bounds, refused_system_pools
from mlplatform.risk.rule import Hit, RiskRule

_CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
_SCALED = "aws:appautoscaling/target:Target"
_NAMES = "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html"
_SUBNET = "azure-native:network:Subnet"
_LUSTRE = "gcp:lustre/instance:Instance"
_LUSTRE_SIZES = "https://docs.cloud.google.com/managed-lustre/docs/increase-capacity"
_FEATURE_GROUP = "AWS::SageMaker::FeatureGroup"
_FEATURE_UPDATES = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateFeatureGroup.html"
_ANOTHER_GROUP = (
    "Keep the feature and leave it null; or add the group under another name, fill it, move the services, and then "
    "remove the former group."
)
_SMALLER = "Keep the capacity; or copy what must stay, remove the file system, and make a smaller one."
_NOT_INSIDE = frozenset({_SUBNET, "azure-native:authorization:RoleAssignment"})
"""Types that name a subnet and have no address in it."""
_RANGES = "https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet"
_ANOTHER_NETWORK = (
    "Keep the range; or make another platform with the new range, move over, and remove this one afterwards."
)
_TWO_ENDPOINTS = (
    "Make a second endpoint with the new variants, move the callers, and then remove the first one; or keep the "
    "variant's name and change its model."
)


def _examine(evidence: Evidence) -> Iterator[Hit]:
    yield from refused_versions(evidence)
    yield from refused_bounds(evidence)
    yield from refused_system_pools(evidence)
    yield from _variants(evidence)
    yield from _subnets(evidence)
    yield from _file_systems(evidence)
    yield from _feature_groups(evidence)


def _feature_groups(evidence: Evidence) -> Iterator[Hit]:
    """SageMaker adds features to a group, and takes none away."""
    for change in evidence.of("update"):
        before, after = change.before, change.step
        if before is None or before.inputs.get("typeName") != _FEATURE_GROUP:
            continue
        old, new = _features(before), _features(after)
        lost = sorted(name for name, kind in old.items() if new.get(name) != kind)
        if new and lost:
            names = ", ".join(shown(name) for name in lost)
            reason = f"SageMaker refuses to remove or change a feature of a feature group: {names}."
            yield Hit("high", after.urn, reason, "desiredState", fix=_ANOTHER_GROUP, link=_FEATURE_UPDATES)


def _features(step: Step) -> dict[str, str]:
    """Types of a feature group's features; nothing where the document is unknown."""
    try:
        state = mapping(document_in(step.inputs.get("desiredState"), "desiredState"))
    except UnknownInput:
        return {}
    entries = map(mapping, items(state.get("FeatureDefinitions")))
    return {text(entry.get("FeatureName")): text(entry.get("FeatureType")) for entry in entries}


def _file_systems(evidence: Evidence) -> Iterator[Hit]:
    """Google lowers no capacity of a file system."""
    for before, after in evidence.pairs():
        if (
            before is None
            or after is None
            or before.type != _LUSTRE
            or before.inputs.get("instanceId") != after.inputs.get("instanceId")
        ):
            continue
        old, new = text(before.inputs.get("capacityGib")), text(after.inputs.get("capacityGib"))
        if old.isdigit() and new.isdigit() and int(new) < int(old):
            reason = f"Google refuses a smaller capacity of a file system: {new} GiB instead of {old}."
            yield Hit("high", after.urn, reason, "capacityGib", fix=_SMALLER, link=_LUSTRE_SIZES)


def _subnets(evidence: Evidence) -> Iterator[Hit]:
    """Azure changes no range of a subnet that something is in."""
    for change in evidence.of("update"):
        moved = [
            item for item in change.properties if item.path and item.path[0] in ("addressPrefix", "addressPrefixes")
        ]
        if change.step.type != _SUBNET or not moved:
            continue
        inside = sorted(
            step.name
            for step in evidence.before.values()
            if step.type not in _NOT_INSIDE
            and any(change.step.urn in urns for urns in step.property_dependencies.values())
        )
        if inside:
            others = f" and {len(inside) - 2} more" if len(inside) > 2 else ""
            names = ", ".join(shown(name) for name in inside[:2])
            reason = f"Azure refuses another address range for a subnet that something is in: {names}{others}."
            yield Hit("high", change.step.urn, reason, moved[0].text, fix=_ANOTHER_NETWORK, link=_RANGES)


def _variants(evidence: Evidence) -> Iterator[Hit]:
    scaled = [step for step in evidence.before.values() if step.type == _SCALED]
    for before, after in evidence.pairs():
        if before is None or after is None or before.type != _CONFIGURATION:
            continue
        old, new = _machines(before), _machines(after)
        if old.keys() != new.keys():
            if not _is_made_anew(evidence, before):
                yield _other_variants(after, old.keys(), new.keys())
            continue
        for variant in sorted(name for name in old if old[name] != new[name]):
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


def _other_variants(after: Step, old: AbstractSet[str], new: AbstractSet[str]) -> Hit:
    changes = [
        f"{word} {', '.join(sorted(names))}" for word, names in (("adds", new - old), ("removes", old - new)) if names
    ]
    reason = (
        "A guarded rollout of SageMaker keeps the names of an endpoint's variants, and this one "
        f"{' and '.join(changes)}: the update is refused."
    )
    return Hit("high", after.urn, reason, "productionVariants", fix=_TWO_ENDPOINTS, link=_NAMES)


def _is_made_anew(evidence: Evidence, configuration: Step) -> bool:
    """Whether the endpoint that runs a configuration is replaced or deleted with it: then nothing is updated."""
    return any(
        change.kind in ("replace", "delete") and change.step.type == _ENDPOINT
        for change in evidence.diff.changes
        if change.step.parent == configuration.parent
    )


def _machines(step: Step) -> dict[str, str]:
    """Instance types of the variants."""
    variants = map(mapping, items(step.inputs.get("productionVariants")))
    return {text(variant.get("variantName")): text(variant.get("instanceType")) for variant in variants}


RULE = RiskRule(
    id="update-refused",
    topic="downtime",
    title="No update is one that the cloud refuses",
    fix="Deregister the scalable target first, as the reason says; `pulumi up --refresh` creates it again.",
    examine=_examine,
    headline="the cloud refuses the update of {things}",
    link="https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html",
)
