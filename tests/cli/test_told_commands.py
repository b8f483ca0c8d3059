"""Every command of this project that a message, a template or a document names is there, with the options it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.conftest import ROOT

from mlplatform.cli.app import cli
from mlplatform.cli.commands.cost import REFRESH, refresh

SOURCES = ROOT / "platform" / "mlplatform"
QUOTED = re.compile(r"`(mlplatform [^`]+)`")
EXAMPLE = re.compile(r"^(?:\$ | {2,})(mlplatform [a-z].*)$", re.MULTILINE)
TYPED = re.compile(r"^(?:\$ )?(mlplatform [a-z].*)$", re.MULTILINE)
BLOCK = re.compile(r"^```(?:sh|console)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MEANT = {"mlplatform vaidate": "docs/troubleshooting.md"}
"""Commands that a document shows because they are misspelt, by its path."""
WORD = re.compile(r"^[a-z][a-z-]*$")


def _texts_of(source: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module; what is filled in stands as one word."""
    text = source.read_text(encoding="utf-8")
    if "mlplatform " not in text:
        return
    tree = ast.parse(text)
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (str(part.value) if isinstance(part, ast.Constant) else "VALUE" for part in node.values)
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.lineno, node.value


def _told() -> Iterator[tuple[str, str]]:
    """Each command as it is told, with its place."""
    for source in sorted(SOURCES.rglob("*.py")):
        if "args" not in source.parts:
            for line, text in _texts_of(source):
                for command in (*QUOTED.findall(text), *EXAMPLE.findall(text)):
                    yield f"{source.relative_to(ROOT)}:{line}", command
    documents = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "templates").rglob("*.j2"))
    for document in sorted(documents):
        text = re.sub(r"\\\n\s*", "", document.read_text(encoding="utf-8"))
        for command in (
            *QUOTED.findall(text),
            *(each for block in BLOCK.findall(text) for each in TYPED.findall(block)),
        ):
            yield f"{document.relative_to(ROOT)}", command


def _problem(command: str) -> str:
    """What is wrong with a command; empty if nothing is."""
    # what follows a pipe, a redirection or a remark is not the command's own
    words = re.split(r"\s+(?:\||>|#|&&|;|--\s)", command)[0].split()[1:]
    here: click.Command = cli
    if words[:2] == ["cost", REFRESH]:
        here, words = refresh, words[2:]
    while words and isinstance(here, click.Group) and WORD.match(words[0]):
        found = here.get_command(click.Context(here), words[0])
        if found is None:
            return f"no command '{words[0]}'"
        here, words = found, words[1:]
    known = {option for param in here.params for option in (*param.opts, *param.secondary_opts)} | {"--help", "-h"}
    used = {re.split(r"[=.,:;)…\]]", word.strip("[(\"'"))[0] for word in words if word.lstrip("[(").startswith("-")}
    used = {option for option in used if re.match(r"--?[a-z]", option)}
    return f"no option {', '.join(sorted(used - known))}" if used - known else ""


def test_they_are_there() -> None:
    told = list(_told())
    assert len(told) > 150
    wrong = [
        f"{place}: {command}: {problem}"
        for place, command in told
        if MEANT.get(command) != place and (problem := _problem(command))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("mlplatform plan prod --target aws | less --chop", ""),
        ("mlplatform cost refresh --cloud aws", ""),
        ("mlplatform plot prod", "no command 'plot'"),
        ("mlplatform render pipelines x", "no command 'pipelines'"),
        ("mlplatform plan prod --targets=aws", "no option --targets"),
    ],
)
def test_one_that_is_not_there_is_found(command: str, problem: str) -> None:
    assert _problem(command) == problem
