"""Something private can be reached from outside."""

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
"""Input in lower case, and the values that let the outside in."""
_CARRIERS = frozenset({"Deployment", "Workflow"})
"""Resources that bring the settings of others, which the checks follow to where they take effect."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    told = _told(evidence)
    for change in evidence.of("create", "update", "replace"):
        if change.step.parent in told and change.step.type.rpartition(":")[2] in _CARRIERS:
            continue
        old = set(_open(change.before.inputs, "")) if change.before else set[str]()
        for path in sorted(set(_open(change.step.inputs, "")) - old):
            yield Hit("high", change.step.urn, "It can be reached from outside the network.", path)


def _told(evidence: Evidence) -> set[str]:
    """Parents of what a check of exposure finds now and did not find before."""
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
    title="Nothing private is opened to the outside",
    fix="Keep it private and reach it through the network, or say in the review who calls it from where.",
    examine=_examine,
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
