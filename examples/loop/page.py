"""The page at the end of the loop: what happened, with pictures, and the monitor's own reports beside it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

PICTURED = "hour"
"""The input whose values the page shows."""


def write_page(story: Mapping[str, Any], reports: Path, folder: Path) -> Path:
    """Write the page, the story as JSON, and the monitor's reports.

    Args:
        story: what happened.
        reports: folder with the monitor's reports, a folder a day.
        folder: for the page; what an earlier run wrote there is replaced.

    Returns:
        The page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("day-*"):
        shutil.rmtree(old)
    shutil.copytree(reports, folder, dirs_exist_ok=True)
    (folder / "story.json").write_text(json.dumps(story, indent=2) + "\n", encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(str(Path(__file__).parent)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    page = folder / "index.html"
    days = [_day(number, report) for number, report in sorted(story["looks"].items())]
    text = environment.get_template("page.html.j2").render(story=story, days=days, pictured=PICTURED)
    page.write_text(text, encoding="utf-8")
    return page


def _day(number: int, report: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the page shows of a look."""
    auc = next((each for each in report["measured"] if each["metric"] == "auc" and not each["part"]), None)
    shape = next((each for each in report["inputs"] if each["name"] == PICTURED), None)
    highest = max((*shape["window"], *shape["reference"]), default=1.0) if shape else 1.0
    return {"number": number, "report": report, "auc": auc, "shape": shape, "highest": highest or 1.0}
