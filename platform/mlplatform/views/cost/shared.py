"""Where a difference of cost is counted that comes from a default of the whole platform, in words."""

from __future__ import annotations

from mlplatform.plan.cost.change import CostDelta


def shared_words(delta: CostDelta) -> str:
    """One or two sentences; empty where no amount is divided anew."""
    if not delta.shared:
        return ""
    whats = ", ".join(dict.fromkeys(one.what for one in delta.shared))
    where = ", ".join(dict.fromkeys(title for one in delta.shared for title in one.capabilities))
    return (
        f"Resources share one monthly amount of each of these: {whats}. It is divided anew, and the difference is "
        f"counted under {where}, where the change is."
    )
