"""Whether a cost is within its budget, in words."""

from __future__ import annotations

from mlplatform.plan.cost.accepted import name_of, unaccepted_parts
from mlplatform.plan.cost.model import Estimate
from mlplatform.views.cost.amounts import dollars
from mlplatform.views.cost.subject import CostSubject

_MOST = 3
"""Missing prices named in one sentence."""


def verdict_words(subject: CostSubject, estimate: Estimate) -> str:
    """One sentence; empty where no budget is asked for."""
    limit, verdict = subject.budgets.get(estimate.target), subject.verdict(estimate)
    if limit is None or verdict is None:
        return ""
    budget = f"the budget of {dollars(limit)} USD"
    if verdict == "unknown":
        return f"Nobody can say whether the cost is within {budget}: no price for {missing_names(estimate)}."
    estimated = " It is an estimate." if "estimate" in estimate.marks else ""
    accepted = f", without what is accepted as missing: {', '.join(estimate.accepted)}" if estimate.accepted else ""
    return f"The expected cost is {verdict} {budget}{accepted}.{estimated}"


def missing_names(estimate: Estimate) -> str:
    """Names of missing prices that nobody accepted: machines of pools and endpoints first, each with who needs it."""
    users: dict[str, list[str]] = {}
    for gpu in estimate.gpu:
        if gpu.monthly is None:
            users.setdefault(gpu.machine, []).append(gpu.user)
    names = sorted({name_of(part) for part in unaccepted_parts(estimate)})
    told = [(name, users.get(name.rpartition("/")[2].partition("+")[0], [])) for name in names]
    told.sort(key=lambda each: not each[1])
    words = [f"{name} ({', '.join(who)})" if who else name for name, who in told]
    more = f" and {len(words) - _MOST} more" if len(words) > _MOST else ""
    return ", ".join(words[:_MOST]) + more
