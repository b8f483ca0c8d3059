"""The operator of a rehearsal gets in by the commands that the stack shows, or the rehearsal fails."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import cast

from mlplatform.plan.record import record
from mlplatform.rehearse.stage import RehearsalStage
from mlplatform.rehearse.way_in import shown_commands, try_way_in

from ..capabilities.test_way_in import OPERATORS, spec


def _stage(*, run_command: bool = True, **changes: object) -> RehearsalStage:
    """A stage after an `up`, with what the plan holds."""
    platform = spec("azure", **changes)
    plan = record(platform, "azure", resolve=True)
    held = [SimpleNamespace(token=step.type, inputs=dict(step.inputs)) for step in plan.resources()]
    for one in held:
        if one.token.endswith(":ManagedCluster") and not run_command:
            one.inputs["apiServerAccessProfile"] = {"disableRunCommand": True, "enablePrivateCluster": True}
    output = "warning: a new version is there\n" + json.dumps({"clusterAccess": plan.outputs["clusterAccess"]})

    def run(*arguments: str) -> SimpleNamespace:
        # the stack inside the cluster was made last: without a name, Pulumi answers for that one
        return SimpleNamespace(output=output if arguments[-2:] == ("--stack", "dev-azure") else "{}")

    stage = SimpleNamespace(
        spec=platform,
        target="azure",
        cloud=SimpleNamespace(contents=lambda: held, account=SimpleNamespace(cloud="azure")),
        engine=SimpleNamespace(run=run, stack_name="dev-azure"),
    )
    return cast("RehearsalStage", stage)


def test_an_operator_gets_in() -> None:
    phase = try_way_in(_stage(), "way in")
    assert phase is not None
    assert phase.ok
    assert phase.notes == (f"{OPERATORS['azure']} is let in with Azure Kubernetes Service RBAC Cluster Admin",)


def test_a_cluster_that_refuses_commands_fails_the_rehearsal() -> None:
    phase = try_way_in(_stage(run_command=False), "way in")
    assert phase is not None
    assert not phase.ok
    assert "Run command is disabled" in phase.failures[0].answer


def test_what_is_not_the_platforms_is_skipped_with_the_reason() -> None:
    own = try_way_in(_stage(access={"entry": "none"}), "way in")
    assert own is not None
    assert own.notes == ("skipped: the way in is not the platform's",)
    assert try_way_in(_stage(training=None, cluster=None), "way in") is None
    assert shown_commands("error: no stack") == ()
