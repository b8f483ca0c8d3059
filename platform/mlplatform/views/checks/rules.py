"""The rules themselves: requirement, clouds, reason and sources."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mlplatform.checks.rule import CheckRule
from mlplatform.views.style import LEVEL_HUES, Style

_TITLES: Mapping[str, str] = {
    "aws": "AWS",
    "gcp": "GCP",
    "azure-native": "Azure",
    "kubernetes": "any",
    "mlplatform": "any",
}


def _clouds(rule: CheckRule) -> str:
    order = [*_TITLES, *rule.packages]
    packages = [name for name in rule.packages if name != "mlplatform"] or list(rule.packages)
    return ", ".join(_TITLES.get(name, name) for name in sorted(packages, key=order.index))


def text(rules: Sequence[CheckRule], style: Style) -> str:
    """One paragraph each."""
    lines: list[str] = []
    for rule in rules:
        level = style.paint(rule.level, LEVEL_HUES[rule.level])
        lines.append(f"{style.paint(rule.id, 'bold')}  {level}  {_clouds(rule)}")
        lines += style.wrap(f"{rule.title}. {rule.why}", "  ", "  ")
    count = f"{len(rules)} rules; --format markdown shows their sources"
    return style.plain("\n".join([*lines, "", count, ""]))


def document(rules: Sequence[CheckRule]) -> str:
    """Everything as JSON."""
    body = [
        {
            "id": rule.id,
            "level": rule.level,
            "topic": rule.topic,
            "title": rule.title,
            "why": rule.why,
            "fix": rule.fix,
            "entries": [
                {
                    "types": list(entry.types),
                    "refs": list(entry.refs),
                    "link": entry.link,
                    **({"pages": dict(entry.pages)} if entry.pages else {}),
                }
                for entry in rule.entries
            ],
        }
        for rule in rules
    ]
    return json.dumps({"rules": body}, indent=2, ensure_ascii=False) + "\n"


def markdown(rules: Sequence[CheckRule]) -> str:
    """One table per topic."""
    lines: list[str] = []
    for topic in sorted({rule.topic for rule in rules}):
        lines += [f"### {topic[0].upper()}{topic[1:]}", ""]
        lines += ["| Rule | Level | What holds, and why | Clouds | Asked by |", "| --- | --- | --- | --- | --- |"]
        lines += [_row(rule) for rule in rules if rule.topic == topic]
        lines.append("")
    return "\n".join(lines)


def _row(rule: CheckRule) -> str:
    refs = ", ".join(sorted({ref for entry in rule.entries for ref in entry.refs})) or "-"
    links = list(dict.fromkeys(link for entry in rule.entries for link in entry.links))
    shown = " ".join(f"[{number}]({link})" for number, link in enumerate(links, 1))
    what = f"{rule.title}. {rule.why} {shown}".strip().replace("|", "\\|")
    return f"| `{rule.id}` | {rule.level} | {what} | {_clouds(rule)} | {refs} |"
