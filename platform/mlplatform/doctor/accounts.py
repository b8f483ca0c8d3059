"""Asks the account of each target about what its plan needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mlplatform import discovery
from mlplatform.bootstrap.derive import planned_resources
from mlplatform.components.live_account import AccountNeeds, DoctorFinding, ReadsAccount
from mlplatform.plan.demand import needed_machines, quota_demand
from mlplatform.plan.model import Plan
from mlplatform.plan.organisation import policy_obstacles
from mlplatform.promote.carry_out import Runner, json_asker, run_command
from mlplatform.spec.platform import PlatformSpec


def examine_account(spec: PlatformSpec, plan: Plan, run: Runner = run_command) -> Iterator[DoctorFinding]:
    """Everything that the account of one target says of a plan.

    Args:
        spec: a validated spec.
        plan: the target's plan, with everything released.
        run: runs the commands of the cloud's command line. Omitted: as processes.
    """
    narrowed = spec.on(plan.target)
    backend = discovery.backend(plan.cloud)
    needs = AccountNeeds(
        quotas=quota_demand(backend, narrowed, plan),
        machines=needed_machines(backend, narrowed),
        policies=tuple((each.policy.name, each.policy.way_round) for each in policy_obstacles(plan)),
        resources=planned_resources(plan),
    )
    try:
        ask_all = backend.load(ReadsAccount)
    except NotImplementedError:
        found = f"the package of {backend.title} cannot ask an account"
        yield DoctorFinding(
            area="account", subject=backend.title, word="unknown", found=found, fix="look by hand", target=plan.target
        )
        return
    for finding in ask_all(narrowed, needs, json_asker(run)):
        yield replace(finding, target=plan.target)
