"""The least protocol that a setting allows: versions as the clouds write them, and named policies."""

from __future__ import annotations

import re
from typing import cast

from mlplatform.plan.model import Value

Protocol = tuple[int, int, int]
"""Major and minor version of TLS, SSL 3 as (0, 3), and the year of a policy's ciphers or 0: greater is stronger."""

_ALL = (1, 0)
_NAMED: tuple[tuple[re.Pattern[str], tuple[int, int]], ...] = (
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
    (re.compile(r"elbsecuritypolicy-tls13-1-(\d)"), (1, -1)),
    (re.compile(r"elbsecuritypolicy-(?:fs-|tls-)?1-(\d)"), (1, -1)),
    (re.compile(r"elbsecuritypolicy-"), _ALL),
    # https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview
    (re.compile(r"appgwsslpolicy(?:2022|20170401s)"), (1, 2)),
    (re.compile(r"appgwsslpolicy20170401"), (1, 1)),
    (re.compile(r"appgwsslpolicy"), _ALL),
    (re.compile(r"sslv?[23]"), (0, 3)),
    (re.compile(r"tls[v_-]*(?:1[._-]?)?(\d)(?=[._-](?:20\d\d|[a-z])|$)"), (1, -1)),
    (re.compile(r"(?:^|tls[v_-]*|policy-min-tls-)1[._-](\d)"), (1, -1)),
)
"""Patterns with what they mean; -1 is the digit that they find."""


def least_protocol(value: Value) -> Protocol | None:
    """The least protocol that a value allows; of a list, the least of its items. None where it says nothing of one."""
    if isinstance(value, list | tuple):
        found = [least for item in cast("list[Value]", value) if (least := least_protocol(item))]
        return min(found, default=None)
    text = str(value).lower().strip() if isinstance(value, str | float) else ""
    year = re.search(r"20\d\d", text)
    ciphers = int(year[0]) if year else 0
    if re.fullmatch(r"tlsv?1(?:_20\d\d)?", text):
        return (*_ALL, ciphers)
    for pattern, (major, minor) in _NAMED:
        if match := pattern.search(text):
            return (major, int(match[1]) if minor < 0 else minor, ciphers)
    return None
