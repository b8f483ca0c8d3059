"""docs/commands.md: every command with its arguments, options and examples, as the commands themselves have them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import click

from mlplatform.cli.app import cli

GROUPS = {
    "Begin": (
        "init",
        "validate",
        "explain",
        "accelerators",
        "machines",
        "schema",
        "matrix",
        "migrate",
        "new",
        "completion",
    ),
    "Before an update": ("plan", "diff", "risk", "check", "cost", "comment", "report", "graph", "rehearse", "digest"),
    "An account": ("doctor", "bootstrap", "access", "import", "adopt", "export", "provenance"),
    "Files for other tools": ("render", "dashboards"),
    "Models": (
        "promote",
        "releases",
        "copy-record",
        "name-images",
        "retrain",
        "import-model",
        "lineage",
        "reproduce",
        "inventory",
        "audit",
    ),
}
"""The commands by what they are for; those without a place here come last."""

HEAD = """\
# Commands

Made from the commands themselves. `mlplatform COMMAND --help` prints the same.

A SPEC is a Python, YAML or JSON file, or the name of a stack in the project's `stacks/` folder. Every command exits
with 2 where its input is refused, with all problems at once, and with 70 where mlplatform itself has a fault.
[review.md](review.md#exit-codes) has the codes of those that judge.
"""


@cache
def page() -> str:
    """The page."""
    lines = [HEAD.rstrip("\n")]
    placed = {name for names in GROUPS.values() for name in names}
    others = tuple(name for name in cli.list_commands(click.Context(cli)) if name not in placed)
    for title, names in {**GROUPS, **({"More": others} if others else {})}.items():
        lines += ["", f"## {title}"]
        for name in names:
            command = cli.get_command(click.Context(cli), name)
            assert command
            for called, each in _with_own([name], command):
                lines += ["", *_section(called, each)]
    return "\n".join(lines) + "\n"


def _with_own(called: list[str], command: click.Command) -> Iterator[tuple[list[str], click.Command]]:
    """A command, and those that it has itself."""
    yield called, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner
            yield from _with_own([*called, name], inner)


def _section(called: list[str], command: click.Command) -> Iterator[str]:
    told, _, examples = (command.help or "").partition("\b")
    yield f"### {' '.join(called)}"
    yield ""
    yield from (f"{_words(part)}\n" for part in told.strip().split("\n\n") if part)
    context = click.Context(command, info_name=f"mlplatform {' '.join(called)}")
    if shown := [line.strip() for line in examples.replace("Examples:", "").splitlines() if line.strip()]:
        yield from ("```console", *(line if line.startswith("#") else f"$ {line}" for line in shown), "```", "")
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"Usage: `{context.info_name} {usage}`"
    options = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
    if options:
        yield from ("", "| Option | Meaning | Omitted |", "|---|---|---|")
        for option in options:
            told, _, omitted = (option.help or "").partition("Omitted: ")
            yield f"| {_code(_form(option))} | {_cell(told)} | {_cell(omitted) or _default(option)} |"


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().replace("<", "&lt;")


def _cell(text: str) -> str:
    return _words(text).replace("|", "\\|")


def _code(text: str) -> str:
    """As code in a cell of a table, where a bar would end the cell."""
    return "<code>" + text.replace("<", "&lt;").replace("|", "&#124;") + "</code>" if "|" in text else f"`{text}`"


def _form(option: click.Option) -> str:
    names = ", ".join(sorted((*option.opts, *option.secondary_opts), key=len))
    if option.is_flag or option.count:
        return names
    if isinstance(option.type, click.Choice):
        return f"{names} " + " | ".join(map(str, option.type.choices))
    return f"{names} {option.metavar or option.type.name.upper()}" + (" …" if option.multiple else "")


def _default(option: click.Option) -> str:
    if option.required:
        return "must be given"
    value = option.default
    if option.multiple or value in (None, "") or callable(value) or option.is_flag or "unset" in str(value).lower():
        return ""
    return f"`{value}`"
