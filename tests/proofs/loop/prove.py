"""Plays the loop with and without a change of the world, and with each fault: what must and what must not move."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent.parent
Story = Mapping[str, Any]


def played(words: str) -> Story:
    """One run of the story in a process of its own."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, str(ROOT / "examples" / "loop" / "story.py"), "--out", out, *words.split()]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit(f"{words or 'as it is'} ended with {done.returncode}:\n{done.stdout[-6000:]}")
        page = (Path(out) / "index.html").read_text("utf-8")
        story = json.loads((Path(out) / "story.json").read_text("utf-8"))
    for day in story["looks"]:
        assert f"Day {day}: " in page, f"the page does not show day {day}"
    return story


def outcomes(story: Story) -> list[str]:
    """How the gate judged each run."""
    return [outcome for _, outcome in story["runs"]]


def kinds(story: Story, day: int) -> set[str]:
    """What the monitor found on a day."""
    return {each["kind"] for each in story["looks"][str(day)]["findings"]}


def reasons(story: Story, kind: str) -> list[str]:
    """Why the door decided so."""
    return [each["reason"] for each in story["decisions"] if each["kind"] == kind]


def closes(story: Story) -> None:
    """The change is found and named, one run follows, the new model serves, and the drift is gone."""
    assert outcomes(story) == ["passed", "passed"], story["runs"]
    assert len(set(story["versions"])) == 2, story["versions"]
    assert not kinds(story, 1), kinds(story, 1)
    assert {"concept", "covariate"} <= kinds(story, 2), kinds(story, 2)
    assert not kinds(story, 3), kinds(story, 3)
    assert reasons(story, "start") == ["manual", "drift"], story["decisions"]
    before, after = (story["answers"][version] for version in story["versions"])
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) > 0.2, (before, after)


def closes_all_the_same(story: Story) -> None:
    """A killed monitor and an event that comes twice change nothing: one run."""
    closes(story)
    assert any("replay" in why for why in reasons(story, "skip")), story["decisions"]
    assert any("silence is an alarm" in line for _, lines in story["said"] for line in lines)


def rests(story: Story) -> None:
    """Without a change nothing is trained again."""
    assert outcomes(story) == ["passed"], story["runs"]
    assert not kinds(story, 1) | kinds(story, 2), story["looks"]
    assert reasons(story, "start") == ["manual"], story["decisions"]


def is_refused(story: Story) -> None:
    """The pipeline runs, the gate refuses, and the record stays."""
    assert outcomes(story) == ["passed", "refused"], story["runs"]
    assert len(story["versions"]) == 1, story["versions"]
    assert "3" not in story["looks"], story["looks"]
    assert "failed" in reasons(story, "end"), story["decisions"]


def waits_for_labels(story: Story) -> None:
    """The inputs' change is named, and that the rest cannot be judged; a model trained without new truth is refused."""
    assert "covariate" in kinds(story, 2), kinds(story, 2)
    assert not {"concept", "prior"} & kinds(story, 2), kinds(story, 2)
    assert story["looks"]["2"]["not_judged"], "nothing is said of the labels"
    assert outcomes(story) == ["passed", "refused"], story["runs"]


CASES: Mapping[str, Callable[[Story], None]] = {
    "": closes,
    "--fault event-twice --fault monitor-dies": closes_all_the_same,
    "--no-shift": rests,
    "--margin 0.6": is_refused,
    "--fault gate-refuses": is_refused,
    "--fault labels-late": waits_for_labels,
}


def main() -> int:
    """All cases, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        for words, story in zip(CASES, pool.map(played, CASES), strict=True):
            try:
                CASES[words](story)
            except AssertionError as error:
                raise SystemExit(f"{words or 'as it is'}: {error}") from None
    print(f"{len(CASES)} runs of the loop: the model moves where it must, and nowhere else")
    return 0


if __name__ == "__main__":
    sys.exit(main())
