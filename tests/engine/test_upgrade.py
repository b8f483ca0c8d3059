"""Pulumi's own engine upgrades a stack from the last release's state: nothing is replaced, nothing deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.components.imagined_releases import as_released
from mlplatform.fast.sdk import fast_sdk
from mlplatform.rehearse.stage import open_stage
from mlplatform.spec.platform import PlatformSpec

from ..golden.released import RENEWED, STACKS, is_withdrawn, moved, released
from .gates import needs_engine, only_rehearsed

pytestmark = needs_engine
RENEWED_TYPES = frozenset(kind for kind, _, _ in RENEWED)


_NOT_KNOWN_YET = {"iammember": {"role"}, "autoscaling/tag:tag": {"autoscalingGroupName"}}
"""What a preview cannot know, by the end of a type: the id of a role that the same update makes, and the group of nodes
behind a pool that it changes."""


def _is_not_known_yet(kind: str, paths: frozenset[str]) -> bool:
    """Whether a resource differs only in what the preview does not know: the update keeps it."""
    return any(kind.lower().endswith(end) and paths <= known for end, known in _NOT_KNOWN_YET.items())


@pytest.mark.parametrize(
    "stack", [pytest.param(stack, marks=only_rehearsed(unless=stack == "dev-gcp")) for stack in STACKS]
)
def test_the_engine_keeps_every_resource(
    stack: str, stack_spec: Callable[[str], PlatformSpec], root: Path, tmp_path: Path
) -> None:
    name, cloud = stack.split("-")
    state = tmp_path / "state.json"
    fast_sdk(discovery.backend(cloud).sdks)
    with open_stage(as_released(stack_spec(name), (cloud,)), cloud, root, tmp_path / "stage", stack=stack) as found:
        # the state's secrets are encrypted by the throwaway stack's own passphrase from here on
        assert found.engine.run("stack", "export", "--stack", stack, "--file", str(state)).code == 0
        own = json.loads(state.read_text("utf-8"))["deployment"]["secrets_providers"]
        document = json.loads(moved(released(stack)))
        document["deployment"]["secrets_providers"] = own
        state.write_text(json.dumps(document), encoding="utf-8")
        taken = found.engine.run("stack", "import", "--stack", stack, "--file", str(state))
        assert taken.code == 0, taken.output
        # the mock cloud holds nothing: what differs is asked of the providers, by the state alone
        preview = found.engine.stack("preview", "--refresh=false")
        assert preview.code == 0, preview.output
        assert preview.events.changes.get("same", 0) > 200
        gone = [urn.rpartition("::")[2] for op, urn, _ in preview.events.touched if op == "delete"]
        assert len(gone) == preview.events.changes.get("delete", 0)
        assert all(is_withdrawn(each, cloud) for each in gone), preview.output
        replaced = {
            urn: (urn.split("::")[2].rpartition("$")[2], frozenset(paths))
            for op, urn, paths in preview.events.touched
            if op not in ("update", "create", "delete")
        }
        others = {urn: each for urn, each in replaced.items() if not _is_not_known_yet(*each)}
        assert all(kind in RENEWED_TYPES for kind, _ in others.values()), preview.output
