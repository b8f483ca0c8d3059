"""Commands of the documents are accepted, and run in the order of their page; what cannot run here says why."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import cast

import click
import pytest

from mlplatform.cli.app import cli

from ..blocks import Block, blocks_of, calls, every_block
from ..conftest import CLOUDS, ROOT, STACKS
from .marks import ELSEWHERE, FOREIGN, NEEDS, PLAYED, STAND_INS
from .stage import VARIABLES, make_project, stage_of

LANGUAGES = ("sh", "console")
HELD = ("python", "yaml", "toml", "json", "diff", "text", "typescript")
"""Languages that other tests hold, or that are no code."""

COMMANDS = [block for block in every_block() if block.language in LANGUAGES]
DOCUMENT = ROOT / "docs" / "verification.md"
START, END = "<!-- blocks: made by make goldens -->", "<!-- blocks: end -->"


def is_played(block: Block) -> bool:
    """Whether another test runs it."""
    return block.document in ELSEWHERE or any(block.text.lstrip("$ ").startswith(begin) for begin in PLAYED)


def runs(block: Block) -> bool:
    """Whether it runs here."""
    return block.language in LANGUAGES and not block.value("needs") and not is_played(block)


def programs(block: Block) -> list[list[str]]:
    """The programs that a block calls, with their arguments."""
    return [
        [re.sub(r"\$\{?(\w+)[^}]*\}?", lambda name: VARIABLES.get(name[1], "value"), word) for word in call]
        for command, _ in block.commands()
        for call in calls(command)
    ]


def test_words_behind_a_fence_are_known() -> None:
    for block in every_block():
        assert block.language in (*LANGUAGES, *HELD), f"{block.at}: say the language; what is no code is `text`"
        for word in block.words:
            name, _, value = word.partition("=")
            known = word in ("form", "sample", *CLOUDS, *STACKS) or name in ("of", "file", "exit")
            assert known or (name == "needs" and value in NEEDS), f"{block.at}: nobody knows {word}"


def test_a_block_that_cannot_run_says_why() -> None:
    for block in COMMANDS:
        if is_played(block):
            continue
        need = block.value("needs")
        foreign = [call for call in programs(block) if call[0] in FOREIGN and not _is_answered(call)]
        if foreign and not need:
            pytest.fail(f"{block.at}: {foreign[0][0]} cannot run here; write needs=… behind the fence")
        covered = [call for call in foreign if need in FOREIGN[call[0]]]
        assert covered or not foreign, f"{block.at}: {foreign[0][0]} needs one of {FOREIGN[foreign[0][0]]}"


def _is_answered(call: list[str]) -> bool:
    return any(" ".join(call[1:]).startswith(words) for words in STAND_INS.get(call[0], ()))


def test_commands_of_mlplatform_are_accepted() -> None:
    for block in COMMANDS:
        for program, *words in programs(block):
            # some show what is refused
            if program == "mlplatform" and not block.value("exit"):
                _accept(block, words[: words.index(">")] if ">" in words else words)


def _accept(block: Block, words: list[str]) -> None:
    """Parse a command line as the command itself does; files that it names need not be there."""
    typed, command = " ".join(words), cast("click.Command", cli)
    try:
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            inner = command.get_command(click.Context(command), words[0])
            assert inner, f"{block.at}: no command {words[0]}"
            command, words = inner, words[1:]
        command.make_context(command.name or "", words)
    except click.exceptions.Exit:
        pass
    except click.ClickException as refused:
        if not re.search(r"does not exist|No such file", refused.format_message()):
            pytest.fail(f"{block.at}: mlplatform {typed}: {refused.format_message()}")


@pytest.mark.parametrize(("document", "test"), [*ELSEWHERE.items(), *(("", test) for test in PLAYED.values())])
def test_what_is_held_elsewhere_is_held_there(document: str, test: str) -> None:
    text = (ROOT / test).read_text(encoding="utf-8")
    assert Path(document).name in text


def counted() -> str:
    """How the blocks of the documents are held, as a table."""
    held: Counter[str] = Counter()
    for block in every_block():
        if need := block.value("needs"):
            held[f"not run here, `needs={need}`: {NEEDS[need]}"] += 1
        elif block.language in LANGUAGES or is_played(block) or block.value("file"):
            held["run" if runs(block) else "run, in a test of their page"] += 1
        elif block.language == "text":
            held["no code: drawings, layouts, what was printed"] += 1
        elif "form" in block.words:
            held["shortened: read, and the fields that it names exist"] += 1
        else:
            held["run" if block.language == "python" else "read by what reads such data"] += 1
    rows = [f"| {how} | {count} |" for how, count in sorted(held.items(), key=lambda row: (-row[1], row[0]))]
    return "\n".join(["| Blocks | How many |", "|---|---|", *rows])


def test_the_table_of_blocks_is_what_the_documents_have(request: pytest.FixtureRequest) -> None:
    head, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(START)
    shown, _, tail = rest.partition(END)
    if request.config.getoption("--update-goldens"):
        DOCUMENT.write_text(f"{head}{START}\n{counted()}\n{END}{tail}", encoding="utf-8")
    else:
        assert shown.strip() == counted(), "blocks changed: run `make goldens`"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, made once."""
    folder = tmp_path_factory.mktemp("made")
    make_project(folder)
    return folder


@pytest.mark.thorough
@pytest.mark.parametrize("document", sorted({block.document for block in COMMANDS if runs(block)}))
def test_commands_of_a_document_run(
    document: str, made: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    # the folder of this run, which its workers share
    heard = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "heard"
    heard.mkdir(exist_ok=True)
    stage = stage_of(document, made, tmp_path)
    for block in blocks_of(document):
        if file := block.value("file"):
            (stage.folder / file).write_text(block.text, encoding="utf-8")
        if runs(block):
            stage.follow(block, heard)
