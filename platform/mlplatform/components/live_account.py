"""What an account says of a plan before its first `up`, by a backend's `live_account`. Read only; imports no SDK.

The commands are those of the clouds' own command lines, as for live traffic: they use the login that a person or CI has
already, and print the documents of the published APIs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Protocol

from mlplatform.catalog.quota import QuotaDemand
from mlplatform.components.bootstrap import PlannedResource
from mlplatform.components.contract import contract
from mlplatform.components.live_traffic import Ask, NotAnswered
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

DoctorArea = Literal[
    "tools", "packages", "logins", "account", "services", "quotas", "machines", "policies", "already there"
]
"""What a finding is about, in the order in which findings are shown."""

DoctorWord = Literal["ok", "missing", "look", "unknown"]
"""How it stands.

- `ok`: it is as it must be.
- `missing`: without it a command or the first `up` stops.
- `look`: it may stop something, or a person must decide.
- `unknown`: nobody can say; never taken as `ok`.
"""


@record(kw_only=True)
class DoctorFinding:
    """One thing that was looked at."""

    area: DoctorArea
    """What it is about."""

    subject: str
    """The thing, for example a tool, a quota or a machine type."""

    word: DoctorWord
    """How it stands."""

    found: str
    """What is there; never a secret value."""

    fix: str = ""
    """What to do; empty where it is as it must be."""

    target: str = ""
    """Name of the target; empty for what belongs to the machine that runs this."""


UNASKED = DoctorFinding(
    area="account",
    subject="everything else",
    word="unknown",
    found="not asked: nobody answers for the account",
    fix="log in, and run this again",
)
"""The finding of an account that does not answer."""


@record(kw_only=True)
class NeededMachine:
    """A machine type of the plan."""

    machine_type: str
    """The cloud's name."""

    users: tuple[str, ...]
    """Pools that use it."""

    positions: tuple[int, ...] = ()
    """Positions in the zones in use, from 1, in each of which it must be offered. Omitted: one of all is enough."""


@record(kw_only=True)
class AccountNeeds:
    """What one target's plan needs of its account."""

    quotas: tuple[QuotaDemand, ...]
    """Minimum that each quota must allow."""

    machines: tuple[NeededMachine, ...]
    """Machine types of its pools."""

    policies: tuple[tuple[str, str], ...]
    """Usual policies of organisations that would refuse something of the plan: name, and the way round."""

    resources: tuple[PlannedResource, ...]
    """Everything in the plan."""

    def planned(self, kind: str) -> tuple[Mapping[str, object], ...]:
        """Inputs of the planned resources of one type."""
        return tuple(each.inputs for each in self.resources if each.type == kind)


@contract("live_account")
class ReadsAccount(Protocol):
    """Asks an account about everything that a platform, narrowed to one target, needs of it.

    What cannot be asked is a finding with the word `unknown`; nothing is raised.
    """

    def __call__(self, spec: PlatformSpec, needs: AccountNeeds, ask: Ask, /) -> Iterator[DoctorFinding]: ...


def judge_quota(
    demand: QuotaDemand, limit: float | None, raise_it: str, *, unit: float = 1, why: str = ""
) -> DoctorFinding:
    """The finding of one quota.

    Args:
        demand: what the plan needs of it.
        limit: the account's present value; None where nobody says. Negative: there is no limit.
        raise_it: how an increase is asked for: a command or an address.
        unit: how much of the demand one of the limit's units is.
        why: the reason where nobody says.
    """
    where = demand.region or "all regions"
    subject = f"{demand.name}, {where}"
    need = f"{demand.amount:,} {demand.unit}"
    if limit is None:
        reason = f"nobody says{f': {why}' if why else ''}"
        return DoctorFinding(
            area="quotas", subject=subject, word="unknown", found=f"{need} needed; {reason}", fix=f"look: {raise_it}"
        )
    allowed = limit * unit
    if allowed < 0 or allowed >= demand.amount:
        has = "no limit" if allowed < 0 else f"{allowed:,.0f} allowed"
        return DoctorFinding(area="quotas", subject=subject, word="ok", found=f"{need} needed, {has}")
    return DoctorFinding(
        area="quotas",
        subject=subject,
        word="missing",
        found=f"{need} needed, {allowed:,.0f} allowed",
        fix=f"ask for {demand.amount:,}, which can take days: {raise_it}",
    )


def judge_machine(machine: NeededMachine, zones: Sequence[str], offered: Sequence[str], others: str) -> DoctorFinding:
    """The finding of one machine type.

    Args:
        machine: what the plan needs.
        zones: the zones that the platform uses, in order.
        offered: zones in which the account is offered it.
        others: where to look for another zone or region.
    """
    named = [zones[position - 1] for position in machine.positions if position <= len(zones)] or list(zones)
    have = [zone for zone in named if zone in offered]
    lacks = [zone for zone in named if zone not in offered]
    subject = f"{machine.machine_type} ({', '.join(machine.users)})"
    if not lacks:
        return DoctorFinding(area="machines", subject=subject, word="ok", found=f"offered in {', '.join(have)}")
    if have and not machine.positions:
        found = f"offered in {', '.join(have)}, not in {', '.join(lacks)}"
        fix = f"keep the pool to them: zones={tuple(zones.index(zone) + 1 for zone in have)}"
        return DoctorFinding(area="machines", subject=subject, word="look", found=found, fix=fix)
    elsewhere = f"; it is in {', '.join(sorted(offered))}" if offered else ""
    return DoctorFinding(
        area="machines",
        subject=subject,
        word="missing",
        found=f"not offered in {', '.join(lacks)}{elsewhere}",
        fix=f"choose other zones, another region or another machine: {others}",
    )


def cannot_say(area: DoctorArea, subject: str, error: NotAnswered | str, fix: str) -> DoctorFinding:
    """The finding of something that could not be asked."""
    return DoctorFinding(area=area, subject=subject, word="unknown", found=f"nobody says: {error}", fix=fix)
