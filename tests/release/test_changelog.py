"""Fragments of the changelog have a known type, and make the section of a release."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.release import changelog


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The files that a release's section is made of, with one fragment."""
    (tmp_path / "docs").mkdir()
    (tmp_path / changelog.FOLDER).mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "docs" / "upgrades.md", tmp_path / "docs")
    for name in changelog.NOT_FRAGMENTS:
        shutil.copy(ROOT / changelog.FOLDER / name, tmp_path / changelog.FOLDER)
    text = "# Changelog\n\n<!-- releases, the latest first -->\n\n## 0.1.0 (unreleased)\n\n### Features\n\n- Old.\n"
    (tmp_path / "CHANGELOG.md").write_text(text, encoding="utf-8")
    write(tmp_path, "a-thing.feature.md", "A thing,\nin two lines.\n")
    return tmp_path


def write(project: Path, name: str, text: str) -> None:
    (project / changelog.FOLDER / name).write_text(text, encoding="utf-8")


def test_the_fragments_here_are_right() -> None:
    assert not list(changelog.faults())


def test_the_page_of_types_has_each() -> None:
    page = (ROOT / changelog.FOLDER / "README.md").read_text(encoding="utf-8")
    assert [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")] == list(changelog.types())


def test_upgrades_say_what_the_fragments_ask_for(request: pytest.FixtureRequest) -> None:
    page = ROOT / "docs" / "upgrades.md"
    wanted = changelog.with_to_do(page.read_text(encoding="utf-8"), changelog.to_do())
    if request.config.getoption("--update-goldens"):
        page.write_text(wanted, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == wanted, "a fragment of type upgrade changed: run `make goldens`"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.misc.md", "Right.\n", "got the type 'misc', expected one of removed, deprecated, security, feature, fixed"),
        ("a.features.md", "Right.\n", "got the type 'features'"),
        ("A.feature.md", "Right.\n", "expected <words>.<type>.md"),
        ("a.feature.1.md", "Right.\n", "expected <words>.<type>.md"),
        ("a.feature.txt", "Right.\n", "expected <words>.<type>.md"),
        ("a.feature", "Right.\n", "expected <words>.<type>.md"),
        ("a.feature.md", "- Right.\n", "without a leading `-`"),
        ("a.feature.md", "", "expected whole sentences"),
        ("a.feature.md", "no end", "expected whole sentences"),
        ("a.feature.md", "x" * 141 + ".\n", "at most 140 characters, got 142"),
    ],
)
def test_others_are_refused(project: Path, name: str, text: str, told: str) -> None:
    write(project, name, text)
    assert told in "\n".join(changelog.faults(project))
    with pytest.raises(ValueError, match=r"changelog\.d/"):
        changelog.release("0.2.0", project)
    assert (project / changelog.FOLDER / "a-thing.feature.md").is_file()


def test_a_release_writes_the_section_and_what_to_do(project: Path) -> None:
    write(project, "wheels.upgrade.md", "Build the images of steps again.\n")
    notes = changelog.section("0.1.0", project)
    changelog.release("0.1.0", project)
    log = (project / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "unreleased" not in log
    assert log.count("## 0.1.0 (20") == 1
    # what was written before there were fragments stands in the same section
    assert log.index("- A thing,\n  in two lines.\n") < log.index("- Old.")
    assert notes == changelog.section("0.1.0", project) == log[log.index("## 0.1.0") :]
    page = (project / "docs" / "upgrades.md").read_text(encoding="utf-8")
    assert f"{changelog.NEXT}\n\nNothing to do.\n\n## To 0.1.0\n\n- Build the images of steps again.\n" in page
    assert page.count("## To 0.1.0") == 1
    assert not changelog.fragments(project)
    write(project, "b.fixed.md", "Mended.\n")
    write(project, "c.upgrade.md", "Lock again.\n")
    changelog.release("0.2.0", project)
    page = (project / "docs" / "upgrades.md").read_text(encoding="utf-8")
    assert f"{changelog.NEXT}\n\nNothing to do.\n\n## To 0.2.0\n\n- Lock again.\n\n## To 0.1.0\n" in page
    log = (project / "CHANGELOG.md").read_text(encoding="utf-8")
    assert log.index("## 0.2.0 (20") < log.index("### Fixed") < log.index("- Mended.") < log.index("## 0.1.0 (20")


def test_a_release_without_a_section_is_refused(project: Path) -> None:
    (project / changelog.FOLDER / "a-thing.feature.md").unlink()
    with pytest.raises(ValueError, match=r"no section of 0\.3\.0, and no fragments"):
        changelog.section("0.3.0", project)
    with pytest.raises(ValueError, match="VERSION: got 'next'"):
        changelog.section("next", project)
