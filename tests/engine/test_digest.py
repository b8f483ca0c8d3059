"""Digests of Pulumi's real previews: what `.ci/stack apply` rests on."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from mlplatform.plan.digest import digest_preview
from mlplatform.spec.platform import PlatformSpec

from .gates import needs_engine

pytestmark = needs_engine


def test_a_preview_has_one_digest_until_something_changes(
    stack_spec: Callable[[str], PlatformSpec], root: Path, tmp_path: Path
) -> None:
    from mlplatform.rehearse.stage import open_stage

    small = stack_spec("dev").overlay(training=None, cluster=None, endpoints=(), budget=None)
    with open_stage(small, "aws", root, tmp_path, stack="dev-aws") as stage:
        engine = stage.engine

        def preview() -> str:
            done = subprocess.run(
                [shutil.which("pulumi") or "", "preview", "--stack=dev-aws", "--refresh", "--json"],
                cwd=stage.project.root,
                env=engine._environment,  # pyright: ignore[reportPrivateUsage]
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr + done.stdout[-2000:]
            return digest_preview(json.loads(done.stdout))

        nothing = digest_preview({"steps": []})
        reviewed = preview()
        assert reviewed != nothing
        assert preview() == reviewed
        assert engine.run("up", "--stack=dev-aws", "--yes", "--refresh", "--skip-preview").code == 0
        assert preview() == nothing
        stage.use_spec(small.overlay(owner="others"))
        assert preview() not in (nothing, reviewed)
