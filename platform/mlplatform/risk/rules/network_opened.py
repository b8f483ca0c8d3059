"""More addresses, or other networks, are allowed in."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.wording import shown
from mlplatform.plan.finding import Level
from mlplatform.plan.model import Step, Value
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.guards.engine import GuardTable
from mlplatform.risk.guards.tables.network import NETWORK_OPENED
from mlplatform.risk.rule import Hit, RiskRule

_TABLE = GuardTable(NETWORK_OPENED)

_LISTS = re.compile(
    r"publicaccesscidrs|sourceranges|sourceaddressprefix|ingress.*cidr|cidripv[46]|iprules|authorizedipranges"
    r"|masterauthorizednetworks.*cidrblock|ipallowlist|ipsecurityrestrictions"
)
_NOT_INBOUND = re.compile(r"egress", re.IGNORECASE)


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for change in evidence.of("update", "replace", "create"):
        step = change.step
        if _NOT_INBOUND.search(step.type) or _is_outbound(step):
            continue
        old = set(_ranges(change.before.inputs, "")) if change.before else set[tuple[str, str]]()
        for path, text in sorted(set(_ranges(step.inputs, "")) - old):
            if level := _level(text):
                yield Hit(level, step.urn, f"{shown(text)} is now allowed in.", path)
    yield from _TABLE.examine(evidence)


def _is_outbound(step: Step) -> bool:
    return (
        str(step.inputs.get("direction", "")).lower() in ("egress", "outbound") or step.inputs.get("type") == "egress"
    )


def _ranges(value: Value, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        rule = cast("Mapping[str, Value]", value)
        if str(rule.get("direction", "")).lower() == "outbound" or str(rule.get("access", "")).lower() == "deny":
            return
        for key, item in rule.items():
            yield from _ranges(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple):
        for item in cast("list[Value]", value):
            yield from _ranges(item, path)
    elif isinstance(value, str) and _LISTS.search(path.lower()):
        yield path, value


def _level(text: str) -> Level | None:
    if text.lower() in ("*", "internet", "any"):
        return "critical"
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if network.prefixlen == 0:
        return "critical"
    # the range that carriers share, which clusters use for pods, is as little public as private ranges
    return "low" if not network.is_global else "high" if network.num_addresses > 256 else "medium"


RULE = RiskRule(
    id="network-opened",
    topic="exposure",
    title="No further addresses or networks are allowed in",
    fix="Allow the smallest range, or use a private endpoint.",
    examine=_examine,
    headline="more addresses may reach {things}",
    covers=frozenset({"open-ingress"}),
)
