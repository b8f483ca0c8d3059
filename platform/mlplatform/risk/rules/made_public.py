"""A private resource becomes reachable from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from mlplatform.plan.model import Value
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rule import Hit, RiskRule

_PUBLIC: dict[str, tuple[str, ...]] = {
    "publicnetworkaccess": ("enabled",),
    "publicnetworkaccessforingestion": ("enabled",),
    "publicnetworkaccessforquery": ("enabled",),
    "endpointpublicaccess": ("true",),
    "allowblobpublicaccess": ("true",),
    "publicaccess": ("blob", "container"),
    "publicaccessprevention": ("inherited", "unspecified"),
    "blockpublicacls": ("false",),
    "blockpublicpolicy": ("false",),
    "ignorepublicacls": ("false",),
    "restrictpublicbuckets": ("false",),
    "enableprivateendpoint": ("false",),
    "enableprivatenodes": ("false",),
    "enableprivatecluster": ("false",),
    "ingress": ("ingress_traffic_all",),
    "external": ("true",),
    "mappubliciponlaunch": ("true",),
    "enablenodepublicip": ("true",),
    "publiclyaccessible": ("true",),
    "anonymouspullenabled": ("true",),
    "acl": ("public-read", "public-read-write"),
}
"""Inputs in lower case, and the values that make a resource public."""
_CARRIERS = frozenset({"Deployment", "Workflow"})
"""Resources that contain settings of others; the checks look at those where they take effect."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    reported = _parents_reported(evidence)
    for change in evidence.of("create", "update", "replace"):
        if change.step.parent in reported and change.step.type.rpartition(":")[2] in _CARRIERS:
            continue
        old = set(_open(change.before.inputs, "")) if change.before else set[str]()
        for path in sorted(set(_open(change.step.inputs, "")) - old):
            yield Hit("high", change.step.urn, "It can be reached from outside the network.", path)


def _parents_reported(evidence: Evidence) -> set[str]:
    """Parents of resources for which a check of public access has a new finding."""
    before, after = evidence.checked
    topics = {rule.id: rule.topic for rule in after.rules}
    known = {(finding.rule, finding.urn) for finding in before.findings}
    return {
        evidence.after[finding.urn].parent
        for finding in after.findings
        if topics.get(finding.rule) == "public access" and (finding.rule, finding.urn) not in known
    }


def _open(value: Value, path: str) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for item in cast("list[Value]", value):
            yield from _open(item, path)
    elif isinstance(value, dict):
        for key, item in cast("dict[str, Value]", value).items():
            at = f"{path}.{key}" if path else key
            if str(item).lower() in _PUBLIC.get(key.lower(), ()):
                yield at
            else:
                yield from _open(item, at)


RULE = RiskRule(
    id="made-public",
    topic="exposure",
    title="Nothing private becomes public",
    fix="Keep it private and reach it through the network, or state in the review who calls it from where.",
    examine=_examine,
    headline="{things} [becomes|become] public",
    covers=frozenset(
        {
            "cluster-private-endpoint",
            "database-public-access",
            "endpoint-private",
            "node-private",
            "service-public-network",
        }
    ),
)
