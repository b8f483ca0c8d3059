"""A digest stands for what a preview changes and for nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from mlplatform.plan.digest import NoPreview, digest_preview
from mlplatform.plan.model import Plan

UPDATE = {
    "op": "update",
    "urn": "urn:pulumi:s::p::t::a",
    "oldState": {"inputs": {"size": 4, "name": "n", "token": "[secret]"}, "outputs": {"etag": "1"}, "modified": "x"},
    "newState": {"inputs": {"size": 8, "name": "n", "token": "[secret]"}, "modified": "y"},
    "replaceReasons": ["b", "a"],
}
SAME = {"op": "same", "urn": "urn:pulumi:s::p::t::b", "oldState": {"protect": True}, "newState": {"protect": True}}


def changed(**state: object) -> dict[str, object]:
    step = copy.deepcopy(UPDATE)
    for key, value in state.items():
        side, _, field = key.partition("_")
        step[f"{side}State"]["inputs"][field] = value
    return {"steps": [SAME, step]}


def test_what_changes_nothing_does_not_count() -> None:
    expected = digest_preview({"steps": [UPDATE, SAME]})
    later = copy.deepcopy(UPDATE)
    later["oldState"].update(outputs={"etag": "2"}, modified="z")  # type: ignore[attr-defined]
    later["replaceReasons"] = ["a", "b"]
    assert digest_preview({"steps": [SAME, later], "duration": 7}) == expected
    assert digest_preview({"steps": [UPDATE]}) == expected
    # an autoscaler moved what the update leaves alone
    assert (
        digest_preview(changed(old_count=3, new_count=3))
        == digest_preview(changed(old_count=9, new_count=9))
        == expected
    )


@pytest.mark.parametrize(
    "document",
    [
        changed(new_size=9),
        changed(old_size=5),
        changed(new_name="m"),
        changed(new_more=None, old_more=1),
        {"steps": [{**UPDATE, "op": "replace"}, SAME]},
        {"steps": [{**UPDATE, "replaceReasons": ["a"]}, SAME]},
        {"steps": [UPDATE, {**SAME, "op": "delete"}]},
        {"steps": [UPDATE, {**SAME, "newState": {"protect": False}}]},
        {"steps": [SAME]},
    ],
)
def test_what_changes_something_counts(document: object) -> None:
    assert digest_preview(document) != digest_preview({"steps": [UPDATE, SAME]})


def test_plans_have_digests(stack_plan: Callable[..., Plan]) -> None:
    assert digest_preview(stack_plan("prod", "aws").to_preview()) != digest_preview(
        stack_plan("prod", "gcp").to_preview()
    )
    assert digest_preview({"changeSummary": {}}) == digest_preview({"steps": []})


@pytest.mark.parametrize("document", [[], 3, {}, {"steps": 1}, {"steps": [1]}, {"steps": [{"op": "same"}]}])
def test_no_preview(document: object) -> None:
    with pytest.raises(NoPreview, match="expected the document of `pulumi preview --json`"):
        digest_preview(document)
