"""docs/commands.md says what the commands say, and its examples are accepted by them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from mlplatform.cli.app import cli

from .command_page import page


def test_the_page_of_commands_is_what_they_say(root: Path, request: pytest.FixtureRequest) -> None:
    file, text = root / "docs" / "commands.md", page()
    if request.config.getoption("--update-goldens"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, "a command changed: run `make goldens`"


def test_options_and_arguments_of_examples_are_those_of_the_command() -> None:
    examples = re.findall(r"^\$ (?:.*\| )?mlplatform (.*)$", page(), re.M)
    assert len(examples) > 60
    for example in examples:
        words = shlex.split(re.split(r" (?:[|>]|&&) ", example)[0], comments=True)
        try:
            command: click.Command = cli
            while isinstance(command, click.Group) and words and not words[0].startswith("-"):
                inner = command.get_command(click.Context(command), words[0])
                assert inner, f"no command {words[0]}: {example}"
                command, words = inner, words[1:]
            command.make_context(command.name or "", words)
        except click.exceptions.Exit:
            pass
        except click.ClickException as refused:
            if not re.search(r"does not exist|No such file", refused.format_message()):
                pytest.fail(f"{example}: {refused.format_message()}")
