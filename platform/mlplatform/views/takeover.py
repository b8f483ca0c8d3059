"""What is taken over and what is created, for people, for tools, and as a list of ids to fill in."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator

from mlplatform.catalog.import_ids import MADE
from mlplatform.takeover.model import Takeover, TakeoverEntry, TakeoverWord
from mlplatform.views.escape import one_line
from mlplatform.views.plan.json import document_text
from mlplatform.views.style import Style

_TITLES: dict[TakeoverWord, str] = {
    "managed": "already in the stack's state",
    "import": "taken over with `pulumi import`",
    "unknown": "nobody can say whether they are there",
    "create": "will be created",
    "same again": "need no import: `up` takes over what is there",
}
_TOLD: tuple[TakeoverWord, ...] = ("import", "unknown")
"""Words whose resources are listed one by one."""


def takeover_text(takeover: Takeover, style: Style, *, asked: bool) -> str:
    """For people: what is taken over and why, the rest by type.

    Args:
        takeover: what happens to each resource.
        style: of the terminal.
        asked: whether the account was asked, or cannot be.
    """
    lines: list[str] = [f"{takeover.stack}: {len(takeover.entries)} resources"]
    for word, title in _TITLES.items():
        entries = takeover.of(word)
        if not entries:
            continue
        lines += ["", style.paint(f"{len(entries)} {title}", "bold")]
        if word in _TOLD:
            lines += [line for entry in entries for line in _entry(entry, style)]
        else:
            lines += _by_type(entries, style)
    lines += ["", *style.wrap(_advice(takeover, asked=asked), "", "")]
    return style.plain("\n".join(lines)) + "\n"


def takeover_json(takeover: Takeover) -> str:
    """For tools."""
    return document_text(
        {
            "stack": takeover.stack,
            "resources": [
                {
                    "urn": entry.step.urn,
                    "type": entry.step.type,
                    "name": entry.step.name,
                    "standing": entry.word,
                    "id": entry.id or None,
                    "why": entry.why or None,
                    "source": entry.source or None,
                }
                for entry in takeover.entries
            ],
        }
    )


def takeover_ids(takeover: Takeover) -> str:
    """A list of every resource that can be taken over, with the ids that are known: YAML to edit."""
    head = (
        f"# Resources of {takeover.stack} that an account can have already: keep the lines of those that exist, and",
        f"# write the real text in place of {MADE}. `mlplatform import SPEC --ids FILE` reads it.",
    )
    return "\n".join((*head, *_id_lines(takeover))) + "\n"


def _id_lines(takeover: Takeover) -> Iterator[str]:
    names = Counter(entry.step.name for entry in takeover.entries)
    for entry in takeover.entries:
        if entry.id and entry.word in ("import", "create", "unknown"):
            key = entry.step.name if names[entry.step.name] == 1 else entry.step.urn
            yield f"{_quoted(key)}: {_quoted(entry.id)}  # {entry.step.type}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _entry(entry: TakeoverEntry, style: Style) -> list[str]:
    lines = style.wrap(one_line(f"{entry.step.name} ({entry.step.type})"), "  ", "    ")
    what = ": ".join(part for part in (entry.id, entry.why) if part)
    return [*lines, *style.wrap(one_line(what), "    ", "      ")]


def _by_type(entries: Iterable[TakeoverEntry], style: Style) -> Iterator[str]:
    counts = Counter(entry.step.type for entry in entries)
    text = ", ".join(f"{count} {kind}" if count > 1 else kind for kind, count in sorted(counts.items()))
    yield from style.wrap(text, "  ", "  ")
    for kind, why in sorted({(entry.step.type, entry.why) for entry in entries if entry.why and not entry.id}):
        yield from style.wrap(one_line(f"{kind}: {why}"), "  ", "    ")


def make_first(takeover: Takeover, urns: Iterable[str]) -> str:
    """What a stack must have before the file can be written, with the commands.

    Args:
        takeover: what happens to each resource.
        urns: what must be made first, components before what is in them.
    """
    targets = " ".join(f"--target {shlex.quote(urn)}" for urn in urns)
    return (
        f"{takeover.stack}: got a stack without the provider that reaches the cluster, expected a state that has it: "
        "Pulumi imports no provider into a component. Make both, which touches nothing in the cluster: "
        f"`pulumi up --stack {takeover.stack} {targets}`; keep the state: `pulumi stack export --stack "
        f"{takeover.stack} --file state.json`; and add --state state.json"
    )


def _advice(takeover: Takeover, *, asked: bool) -> str:
    if takeover.of("import"):
        run = f"pulumi import --stack {takeover.stack} --file import.json --protect=false --generate-code=false"
        return (
            f"Next: write the file with `--format pulumi -o import.json`, then run `{run}`, and look at "
            "`pulumi preview` before `pulumi up`: it must replace nothing that was taken over."
        )
    looked = "" if asked else "`--live` asks the account. "
    return f"{looked}`--format ids` lists the ids to fill in; `--id NAME=ID` and `--ids FILE` name what exists."
