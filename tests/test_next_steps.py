"""Whatever tells people what to do next is known here, with the test that types it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = ROOT / "platform" / "mlplatform"
NEXT = re.compile(r"(?:^|\n)next(?:$|[:,](?:\s|$))", re.IGNORECASE)

TYPED = {
    "cli/commands/bootstrap.py": "engine/test_next_commands.py::test_the_next_commands_of_the_bootstrap_are_followed",
    "cli/commands/init.py": "package/test_first_minutes.py::test_the_first_minutes",
    "cli/commands/new.py": "package/test_first_minutes.py::test_the_first_minutes",
    "cli/commands/promote.py": "engine/test_next_commands.py::test_the_next_commands_are_followed",
    "views/plan/markdown.py": "engine/test_next_commands.py::test_the_next_commands_are_followed",
    "views/plan/text.py": "engine/test_next_commands.py::test_the_next_commands_are_followed",
    "views/report/stack.py": "engine/test_next_commands.py::test_the_next_commands_are_followed",
    "views/takeover.py": "engine/test_takeover.py::test_what_an_account_has_is_taken_over_and_nothing_is_replaced",
}
"""By module that tells it: the test. The page, the comment and the terminal show one list, which is typed once."""


def _telling(source: Path) -> bool:
    """Whether a text of a module, or the beginning of one that is filled in, announces what is next."""
    text = source.read_text(encoding="utf-8")
    return "next" in text.lower() and any(NEXT.search(each) for each in _texts(ast.parse(text)))


def _texts(tree: ast.Module) -> Iterator[str]:
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.value


def test_whoever_tells_what_is_next_is_typed_by_a_test() -> None:
    telling = {file.relative_to(SOURCES).as_posix() for file in SOURCES.rglob("*.py") if _telling(file)}
    assert telling - NOT_TOLD == TYPED.keys()


@pytest.mark.parametrize("test", sorted(set(TYPED.values())))
def test_the_test_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    text = (ROOT / "tests" / file).read_text(encoding="utf-8")
    assert f"def {name}(" in text


@pytest.mark.parametrize(
    ("text", "found"),
    [("Next", True), ("next: commit", True), ("\nNextest", False), ("the next: one", False), ("\nNext", True)],
)
def test_what_announces_it(text: str, found: bool) -> None:
    assert bool(NEXT.search(text)) is found


NOT_TOLD = {"post/github.py"}
"""A link of an answer of GitHub is called so."""
