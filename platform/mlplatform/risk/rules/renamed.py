"""A name changes: in the cloud, or in the stack without an alias."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.change import ResourceChange
from mlplatform.plan.stateful import is_stateful
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_NAMES = frozenset(
    {"name", "bucket", "bucketName", "accountName", "vaultName", "registryName", "workspaceName", "resourceName",
     "repositoryId", "accountId", "resourceGroupName", "endpointName", "clusterName"}
)  # fmt: skip


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update", "replace"):
        for one in change.properties:
            if len(one.path) == 1 and one.path[0] in _NAMES and one.kind == "update":
                yield Hit(
                    "medium", change.step.urn, "Its name in the cloud changes; whoever names it must follow.", one.text
                )
    gone = {_physical(change): change for change in evidence.of("delete") if _physical(change)}
    for change in evidence.of("create"):
        old = gone.get(_physical(change))
        if old and old.step.urn != change.step.urn:
            level = "critical" if is_stateful(change.step.type) else "high"
            yield Hit(
                level,
                change.step.urn,
                "The same thing is deleted and made again under another logical name: an alias would keep it.",
            )


def _physical(change: ResourceChange) -> tuple[str, str] | None:
    names = sorted(f"{key}={change.step.inputs[key]}" for key in _NAMES if isinstance(change.step.inputs.get(key), str))
    return (change.step.type, " ".join(names)) if names else None


RULE = RiskRule(
    id="renamed",
    topic="names",
    title="Names stay",
    fix="Keep the logical name, or give the component an alias with the former one.",
    examine=_examine,
    link="https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/",
)
