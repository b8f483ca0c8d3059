"""What `mlplatform init` writes for every combination of answers, read by ruff as a new repository would."""

from __future__ import annotations

from itertools import chain, combinations, product
from pathlib import Path

from mlplatform.cli.sides.project import InitOptions
from mlplatform.render.project.answers import ProjectAnswers
from mlplatform.render.project.files import project_files

from ..conftest import CLOUDS
from ..ruff import check_python

SIZES = ("starter", "small", "production")
SETS = tuple(chain.from_iterable(combinations(CLOUDS, count) for count in (1, 2, 3)))
SYSTEMS = ("none", "github", "gitlab")
"""Of these, some trust the jobs of a repository, which adds names to the imports."""


def _answers(folder: Path, clouds: tuple[str, ...], size: str, system: str) -> ProjectAnswers:
    options: dict[str, object] = {
        "folder": folder,
        "name": "acme",
        "clouds": clouds,
        "regions": (),
        "fields": (),
        "administrators": (),
        "team": None,
        "cost_center": None,
        "email": None,
        "budget": 2_000,
        "size": size,
        "ci": system,
        "repository": "" if system == "none" else "acme/ml",
    }
    return InitOptions(**options).answers()  # type: ignore[arg-type]


def test_python_is_in_order_and_without_what_nothing_uses(tmp_path: Path) -> None:
    for clouds, size, system in product(SETS, SIZES, SYSTEMS):
        folder = tmp_path / "-".join((*clouds, size, system))
        for file in project_files(_answers(folder, clouds, size, system), {}):
            if file.path.endswith(".py"):
                path = folder / file.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(file.text, encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == len(SETS) * len(SIZES) * len(SYSTEMS)
    told = check_python(tmp_path)
    assert told.returncode == 0, told.stdout[:2_000]
