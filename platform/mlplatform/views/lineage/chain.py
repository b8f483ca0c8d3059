"""The chain of a model for people, for a document, and for tools."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.lineage.chain import Chain, Link
from mlplatform.views.escape import code, escape, one_line
from mlplatform.views.lineage.facts import facts, lacking, served, since_words
from mlplatform.views.plan.json import document_text
from mlplatform.views.style import Style


def chain_text(chain: Chain, style: Style) -> str:
    """For people, on a terminal."""
    lines = [one_line(_heading(chain)), ""]
    for words in chain.contradictions:
        lines += style.wrap(one_line(words), style.paint("! ", "red"), "  ")
    lines += [""] if chain.contradictions else []
    for link in chain.links:
        lines.append(f"{one_line(link.entry.place)}")
        rows = [(_verb(link), served(link.release)), *_rows(link)]
        wide = max(len(name) for name, _ in rows)
        for name, words in rows:
            lines.append(f"  {name:<{wide}}  {one_line(words)}")
        lines.append("")
    return style.plain("\n".join(lines).rstrip()) + "\n"


def chain_markdown(chain: Chain) -> str:
    """For a document or a comment."""
    lines = [f"### Lineage of {code(chain.model)}", "", f"{escape(_heading(chain))}.", ""]
    lines += [f"- **{escape(words)}**" for words in chain.contradictions]
    lines += [""] if chain.contradictions else []
    for link in chain.links:
        lines += [f"#### {escape(link.entry.place)}", "", "| | |", "|---|---|"]
        lines.append(f"| {_verb(link)} | {code(served(link.release))} |")
        lines += [f"| {escape(name)} | {code(words)} |" for name, words in _rows(link)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def chain_json(chain: Chain) -> str:
    """For tools: each release as it stands in its record, with its place and its day."""
    body = {
        "model": chain.model,
        "contradictions": list(chain.contradictions),
        "releases": [
            {
                "platform": link.entry.platform,
                "environment": link.entry.environment,
                "target": link.entry.target,
                "endpoint": link.entry.endpoint,
                "variant": link.entry.variant,
                "serves": link.serves,
                "since": link.since.day or None,
                "since_commit": link.since.commit or None,
                "since_unknown": link.since.unknown or None,
                "lacking": lacking(link.release),
                "release": link.release.model_dump(mode="json", exclude_unset=True, exclude={"previous"}),
            }
            for link in chain.links
        ],
    }
    return document_text(body)


def _heading(chain: Chain) -> str:
    serving = [link for link in chain.links if link.serves]
    environments = ", ".join(dict.fromkeys(link.entry.environment for link in serving)) or "no environment"
    versions = ", ".join(dict.fromkeys(served(link.release) for link in serving)) or "no version"
    return f"{chain.model}: {versions} released in {environments}"


def _verb(link: Link) -> str:
    return "released" if link.serves else "before"


def _rows(link: Link) -> Iterator[tuple[str, str]]:
    if link.serves:
        yield "since", since_words(link.since)
    yield from facts(link.release)
    if holes := lacking(link.release):
        yield "not recorded", ", ".join(holes)
