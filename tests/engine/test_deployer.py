"""Pulumi's own `up` as the identities of the bootstrap: the one of previews is refused, the deployer's is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mlplatform.bootstrap.derive import derive_rights
from mlplatform.components.bootstrap import OPERATIONS
from mlplatform.mock_cloud.deployer import Deployer
from mlplatform.plan.record import record
from mlplatform.spec.platform import PlatformSpec

from .gates import needs_engine

pytestmark = needs_engine


def test_up_runs_with_the_derived_rights_and_with_no_fewer(
    stack_spec: Callable[[str], PlatformSpec], root: Path, tmp_path: Path
) -> None:
    from mlplatform.rehearse.stage import open_stage

    small = stack_spec("dev").overlay(training=None, cluster=None, endpoints=(), budget=None).with_record(None)
    plan = record(small, "aws")
    up = ("up", "--stack=dev-aws", "--yes", "--skip-preview")
    with open_stage(small, "aws", root, tmp_path, stack="dev-aws") as stage:
        stage.cloud.deployer = Deployer("aws", derive_rights(plan, "read"))
        refused = stage.engine.run(*up)
        assert refused.code != 0
        assert "AccessDenied: User is not authorized to perform:" in refused.output
        stage.cloud.deployer = Deployer("aws", derive_rights(plan, *OPERATIONS))
        done = stage.engine.run(*up, "--refresh")
        assert done.code == 0, done.output[-2000:]
        gone = stage.engine.run("destroy", "--stack=dev-aws", "--yes", "--skip-preview")
        assert gone.code == 0, gone.output[-2000:]
