"""`mlplatform report` and `mlplatform graph` as people call them, on a plan file."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from mlplatform.plan.model import Plan, Step


class Result(Protocol):
    """What a run of the command came to."""

    code: int
    out: str
    flat: str


BUCKET = "urn:pulumi:small-aws::p::aws:s3/bucket:Bucket"


@pytest.fixture
def plans(tmp_path: Path) -> tuple[Path, Path]:
    """Two plan files: two buckets, and one of them with a tag."""

    def write(name: str, *steps: Step) -> Path:
        file = tmp_path / name
        file.write_text(json.dumps(Plan("aws", "p", "small-aws", steps).to_preview()), encoding="utf-8")
        return file

    one, two = (
        Step("create", f"{BUCKET}::{name}", "aws:s3/bucket:Bucket", name, True, {"bucket": f"acme-{name}"})
        for name in ("data", "logs")
    )
    return write("base.json", one, two), write("head.json", one)


def test_a_report_is_a_file(command: Callable[..., Result], plans: tuple[Path, Path], tmp_path: Path) -> None:
    base, head = plans
    result = command("report", str(head), "--base", str(base), "-o", "report.html")
    assert (result.code, result.flat.strip()) == (0, "")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "1 deleted" in page
    assert "sha256:" in page
    assert command("report", str(head), "-o", "alone.html").code == 0
    assert "What changes" not in (tmp_path / "alone.html").read_text(encoding="utf-8")


def test_a_preview_of_the_engine_says_itself_what_changes(
    command: Callable[..., Result], root: Path, tmp_path: Path
) -> None:
    preview = root / "tests" / "plan" / "fixtures" / "preview-replacements.json"
    assert command("report", str(preview), "-o", "report.html").code == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "1 deleted, 2 replaced, 3 updated, 1 created" in page
    assert "The preview leaves out 3 resources" in page
    assert "a preview of Pulumi" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("report", "missing.yaml", "-o", "r.html"), "missing.yaml"),
        (
            ("report", "head.json", "head.json", "--base", "base.json", "-o", "r.html"),
            "expected a git revision or one SPEC",
        ),
        (("report", "head.json", "--target", "gcp", "-o", "r.html"), "head.json is of aws"),
        (("report", "head.json", "-o", "no/folder/r.html"), "cannot be written"),
        (("report", "other.json", "--base", "other.json", "-o", "r.html"), "got resources of no known cloud"),
        (("report", "head.json"), "Missing option '-o'"),
        (("graph", "missing.yaml"), "missing.yaml"),
        (("graph", "head.json", "--format", "png"), "svg, mermaid, dot"),
    ],
)
def test_refusals_write_nothing(
    command: Callable[..., Result], plans: tuple[Path, Path], tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    kind = "random:index/randomId:RandomId"
    strange = Step("create", f"urn:pulumi:s::p::{kind}::x", kind, "x", True, {})
    (tmp_path / "other.json").write_text(json.dumps(Plan("", "p", "s", (strange,)).to_preview()), encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    result = command(*arguments)
    assert result.code == 2
    assert message in result.flat
    assert "Traceback" not in result.flat
    assert sorted(tmp_path.iterdir()) == before


def test_a_graph_goes_to_standard_output_or_a_file(
    command: Callable[..., Result], plans: tuple[Path, Path], tmp_path: Path
) -> None:
    _, head = plans
    printed = command("graph", str(head), "--level", "resource")
    assert ElementTree.fromstring(printed.out).tag.endswith("svg")
    assert "data" in command("graph", str(head), "--format", "dot", "--level", "resource").out
    assert command("graph", str(head), "--level", "resource", "-o", "drawn.svg").out == ""
    assert (tmp_path / "drawn.svg").read_text(encoding="utf-8") == printed.out
