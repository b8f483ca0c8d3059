"""The table of edits on Pulumi's own engine: what it would do is what the offline difference says."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.review.edits.outcome import edit_diff
from tests.review.edits.table import CLOUDS, EDITS, Edit, base, sides

from mlplatform.fast.sdk.install import fast_sdk
from mlplatform.plan.change import Diff
from mlplatform.rehearse.stage import RehearsalStage, open_stage
from mlplatform.risk.consequence import STOPS
from mlplatform.risk.engine import assess
from mlplatform.risk.evidence import Evidence
from mlplatform.spec.platform import PlatformSpec

from .gates import needs_engine, only_rehearsed

pytestmark = [needs_engine, only_rehearsed()]

KINDS = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
}
PROTECTED = ("name", "region", "endpoint-removed", "training-removed", "pool-removed", "store-not-replicated")
"""Edits that are also made to a protected stack: whether the engine stops is what the findings say."""


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_engine_would_do_what_the_difference_says(cloud: str, root: Path, tmp_path: Path) -> None:
    fast_sdk(("pulumi_aws", "pulumi_gcp", "pulumi_azure_native"))
    there = [edit for edit in EDITS if cloud in edit.clouds and not edit.back]
    wrong = _compared(there, base(cloud), cloud, root, tmp_path / "base")
    for edit in (edit for edit in EDITS if cloud in edit.clouds and edit.back):
        wrong |= _compared([edit], sides(edit, cloud)[0], cloud, root, tmp_path / edit.name)
    assert not wrong, json.dumps(wrong, indent=1)


def _compared(edits: list[Edit], before: PlatformSpec, cloud: str, root: Path, folder: Path) -> dict[str, Any]:
    """Edits of one stack whose operations differ: of the engine, and of the offline difference."""
    wrong: dict[str, Any] = {}
    stack = f"prod-{cloud}"
    with open_stage(before, cloud, root, folder, stack=stack) as stage:
        _deposit(stage, before)
        made = stage.engine.run("up", f"--stack={stack}", "--yes", "--skip-preview")
        assert not made.code, made.output[-3000:]
        for edit in edits:
            if edit.name in PROTECTED:
                stops = any(STOPS in finding.reason for finding in assess(Evidence(edit_diff(edit, cloud))).findings)
                if (_preview(stage, sides(edit, cloud)[1], stack).returncode != 0) != stops:
                    wrong[f"{cloud} {edit.name} protected"] = {"told that it stops": stops}
        # a protected stack ends its preview at the first refusal, and the rest of the operations is not listed
        assert not stage.engine.run("state", "unprotect", "--all", "--yes", f"--stack={stack}").code
        for edit in edits:
            done = _preview(stage, sides(edit, cloud)[1], stack)
            assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
            change = edit_diff(edit, cloud)
            theirs, ours = _engine(json.loads(done.stdout)), _offline(change)
            different = {
                urn: [theirs.get(urn, "same"), ours.get(urn, "same")]
                for urn in sorted({*theirs, *ours})
                if theirs.get(urn) != ours.get(urn) and not _is_unlisted(urn, theirs, change)
            }
            if different:
                wrong[f"{cloud} {edit.name}"] = different
    return wrong


def _is_unlisted(urn: str, theirs: Mapping[str, str], change: Diff) -> bool:
    """Whether a preview leaves out a deletion: of what goes before something that it needs is made again.

    The engine lists what it deletes at the end, and this is deleted at the beginning.
    """
    gone = next((one.before for one in change.changes if _tail(one.step.urn) == urn and one.kind == "delete"), None)
    if gone is None or urn in theirs:
        return False
    sources = {source for urns in gone.property_dependencies.values() for source in urns}
    return any(theirs.get(_tail(source)) == "replace" for source in sources)


def _deposit(stage: RehearsalStage, spec: PlatformSpec) -> None:
    """Put the models there that are released."""
    assert spec.record is not None
    for endpoints in spec.record.targets.values():
        for releases in endpoints.values():
            for release in releases.values():
                if release.artifact:
                    stage.cloud.put("object", f"{release.artifact.rstrip('/')}/model.bin")


def _preview(stage: RehearsalStage, spec: PlatformSpec, stack: str) -> subprocess.CompletedProcess[str]:
    stage.spec = spec
    stage.use_spec(spec)
    return subprocess.run(
        [shutil.which("pulumi") or "", "preview", f"--stack={stack}", "--json", "--non-interactive"],
        cwd=stage.project.root,
        env=stage.engine._environment,  # pyright: ignore[reportPrivateUsage]
        capture_output=True,
        text=True,
        check=False,
    )


def _engine(document: Mapping[str, Any]) -> dict[str, str]:
    operations: dict[str, str] = {}
    for step in document["steps"]:
        state: Mapping[str, Any] = step.get("newState") or step.get("oldState") or {}
        is_default = str(state.get("type")).startswith("pulumi:providers:") and "::default" in step["urn"]
        if state.get("custom") and not is_default and (kind := KINDS.get(step["op"])):
            operations[_tail(step["urn"])] = kind
    return operations


def _offline(change: Diff) -> dict[str, str]:
    """Operations by URN; what changes in Pulumi's options alone is nothing in the cloud."""
    return {
        _tail(one.step.urn): one.kind
        for one in change.changes
        if one.kind != "update" or not all(item.is_option for item in one.properties)
    }


def _tail(urn: str) -> str:
    """A URN without its stack: an edit of the environment changes that too."""
    return urn.split("::", 2)[2]
