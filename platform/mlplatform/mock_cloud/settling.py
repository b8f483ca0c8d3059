"""When what a resource points at is ready, and identities among it usable."""

from __future__ import annotations

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.links import Links
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.wording import refusal


def usable(held: Held, links: Links, start: float) -> float:
    """The time from which a resource can be made.

    Args:
        held: the resource.
        links: what it points at.
        start: when the present run began; what was ready long before is usable.

    Raises:
        CloudRefused: something is gone, or not usable yet and the provider does not wait for it.
    """
    links.refuse_dead(held)
    return max([start, *(_ready(held, other, start) for other in links.targets(held))])


def _ready(held: Held, other: Held, start: float) -> float:
    ready = other.ready
    for rule in rules_of(other.token).settles:
        settled = other.ready + rule.seconds
        concerned = rule.token == other.token and (not rule.users or held.token in rule.users)
        if not concerned or settled <= start:
            continue
        if not rule.retried:
            raise refusal(rule.error, other.token, other.name, other.id, held.name)
        ready = max(ready, settled)
    return ready
