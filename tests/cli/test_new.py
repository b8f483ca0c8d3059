"""`mlplatform new` writes packages that can be read as they are, refuses bad names, and replaces nothing."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.cli.commands.new import KINDS
from mlplatform.render.extensions.files import extension_files
from mlplatform.render.extensions.kinds import EXTENSION_KINDS, FORMS, ExtensionKind

from ..ruff import check_python
from .conftest import Result


def test_the_kinds_of_the_command_are_those_there_are() -> None:
    assert KINDS == EXTENSION_KINDS


@pytest.mark.parametrize("kind", EXTENSION_KINDS)
def test_each_is_readable_and_names_its_entry_point(kind: ExtensionKind) -> None:
    files = {file.path: file.text for file in extension_files(kind, "two-words")}
    module = f"mlplatform_{kind.replace('-', '_')}_two_words"
    for path, text in files.items():
        # placeholders of the templates have a space; those of a pipeline's commands have none
        assert "{{ " not in text, path
        assert max(map(len, text.splitlines()), default=0) <= 140, path
        if path.endswith(".py"):
            ast.parse(text)
    project = tomllib.loads(files["pyproject.toml"])["project"]
    places = {FORMS[kind].group: f":{FORMS[kind].attribute}", **FORMS[kind].further}
    assert project["entry-points"] == {group: {"two-words": f"{module}{place}"} for group, place in places.items()}
    # an installer would fetch whatever the public index has by that name
    assert not [each for each in project["dependencies"] if each.startswith("mlplatform")]
    assert f"{FORMS[kind].attribute} = " in files[f"{module}/__init__.py"] or kind == "capability"
    assert {"README.md", ".gitignore"} <= set(files)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("check", "Data"),
        ("check", "1st"),
        ("check", "a--b"),
        ("check", "-a"),
        ("check", "a-"),
        ("check", "../away"),
        ("check", "a/b"),
        ("check", "a b"),
        ("check", "naïve"),
        ("check", ""),
        ("check", "a" * 41),
        ("backend", "a" * 21),
        ("backend", "aws"),
        ("check", "log-retention"),
        ("check", "log_retention"),
        ("risk-rule", "stateful-deleted"),
    ],
)
def test_other_names_are_refused_with_the_rule(
    command: Callable[..., Result], tmp_path: Path, kind: str, name: str
) -> None:
    refused = command("new", kind, "--", name)
    assert refused.code == 2
    assert "NAME: got" in refused.flat
    assert "expected" in refused.flat
    assert not list(tmp_path.glob("mlplatform-*"))


def test_underscores_become_hyphens(command: Callable[..., Result], tmp_path: Path) -> None:
    assert command("new", "check", "data_owner").code == 0
    assert (tmp_path / "mlplatform-check-data-owner" / "mlplatform_check_data_owner" / "__init__.py").is_file()


def test_what_is_there_is_kept_and_shown(command: Callable[..., Result], tmp_path: Path) -> None:
    place = tmp_path / "mine"
    first = command("new", "risk-rule", "queue-gone", "--out", str(place))
    assert first.code == 0
    assert "`python -m pytest -q`" in first.out
    readme = place / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "Ours.\n", encoding="utf-8")
    (place / "pyproject.toml").unlink()
    again = command("new", "risk-rule", "queue-gone", "--out", str(place))
    assert again.code == 0
    assert "wrote mine/pyproject.toml" in again.out
    assert "kept mine/README.md, which differs" in again.out
    assert "-Ours." in again.out
    assert "as new writes it" in again.out
    assert again.out.count("kept ") == 1
    assert readme.read_text(encoding="utf-8").endswith("Ours.\n")


def test_a_link_that_leads_elsewhere_is_not_followed(command: Callable[..., Result], tmp_path: Path) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    (place / "README.md").symlink_to(tmp_path / "elsewhere")
    command("new", "check", "data-owner", "--out", str(place))
    assert not (tmp_path / "elsewhere").exists()


def test_the_list_says_what_there_is(command: Callable[..., Result]) -> None:
    listed = command("new", "--list")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == list(EXTENSION_KINDS)


@pytest.mark.parametrize("kind", EXTENSION_KINDS)
def test_ruff_finds_imports_in_order_by_the_packages_own_settings(kind: ExtensionKind, tmp_path: Path) -> None:
    for file in extension_files(kind, "two-words"):
        path = tmp_path / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    told = check_python(tmp_path)
    assert told.returncode == 0, told.stdout[:2_000]
