"""Problems of a spec, for people and for tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

if TYPE_CHECKING:
    from mlplatform.views.style import Hue, Style

MAX_SHOWN = 100
"""Problems shown as text; JSON has them all."""


def problems_text(problems: Sequence[Problem], style: Style, rest: PlatformSpec | None = None) -> str:
    """The problems, one paragraph each, and how many there are.

    Args:
        problems: at least one.
        style: of the terminal.
        rest: what is accepted of the spec. Omitted: nothing that may not be meant is told beside the problems.
    """
    lines: list[str] = []
    for problem in problems[:MAX_SHOWN]:
        position = f"{problem.file}:{problem.line}" if problem.line else problem.file or ""
        head = [style.paint(position, "bold"), style.paint(problem.path, "cyan")]
        cloud = style.paint(f" ({where})", "dim") if (where := problem.target or problem.cloud) else ""
        lines.append(": ".join(part for part in head if part) + cloud)
        lines += _line("got", problem.got, "red", style)
        lines += _line("expected", problem.expected, None, style)
        lines += _line("fix", problem.fix, "green", style)
        lines.append("")
    hidden = len(problems) - MAX_SHOWN
    if hidden > 0:
        lines += [f"… and {hidden} more", ""]
    notes = [f"note: {path}: {text}" for path, text in _beside(rest, problems)]
    lines += [*notes, ""] if notes else []
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines.append(style.paint(f"{count}; nothing was created or written.", "bold"))
    return style.plain("\n".join(lines))


def _line(label: str, value: str, hue: Hue | None, style: Style) -> list[str]:
    wrapped = style.wrap(value, f"  {label:<10}", " " * 12)
    return [style.paint(line, hue) if hue else line for line in wrapped]


def valid(file: str, spec: PlatformSpec) -> str:
    """One line about a valid spec, and one about each thing that may not be meant or waits for a release."""
    targets = ", ".join(target.name for target in spec.targets)
    pools = len(spec.training.pools) if spec.training else 0
    cpu_pools = len(spec.training.cpu_pools) if spec.training else 0
    more = f"{_count(cpu_pools, 'CPU pool')}, " if cpu_pools else ""
    parts = f"{_count(pools, 'GPU pool')}, {more}{_count(len(spec.endpoints), 'endpoint')}"
    line = f"{file} is valid on {targets}: platform {spec.name} ({spec.environment}), {parts}"
    remarks = (f"note: {path}: {text}" for path, text in _remarks(spec))
    waiting = (f"{endpoint} on {', '.join(on)}: {words}" for (endpoint, words), on in _waiting(spec))
    return "\n".join((line, *remarks, *waiting))


def _remarks(spec: PlatformSpec) -> tuple[tuple[str, str], ...]:
    from mlplatform.components.remarks import spec_remarks

    return tuple(spec_remarks(spec))


def _beside(rest: PlatformSpec | None, problems: Sequence[Problem]) -> list[tuple[str, str]]:
    """What may not be meant in the accepted part, without what is about a refused one."""
    refused = {problem.path.partition(".")[0].partition("[")[0] for problem in problems}
    return [each for each in (_remarks(rest) if rest else ()) if each[0].partition(".")[0] not in refused]


def _waiting(spec: PlatformSpec) -> list[tuple[tuple[str, str], list[str]]]:
    """What waits for a release, each with the targets on which it does."""
    from mlplatform import discovery
    from mlplatform.components.releases import awaiting_releases

    found: dict[tuple[str, str], list[str]] = {}
    for target in spec.targets:
        for each in awaiting_releases(spec.on(target.name), discovery.backend(target.cloud)):
            found.setdefault((each.endpoint, str(each)), []).append(target.name)
    return list(found.items())


def document(problems: Sequence[Problem], spec: PlatformSpec | None, rest: PlatformSpec | None = None) -> str:
    """The problems as JSON.

    Args:
        problems: none where the spec is accepted.
        spec: the spec; None where there are problems.
        rest: as of `problems_text`.
    """
    import json

    targets = spec.targets if spec else ()
    body = {
        "valid": spec is not None,
        "clouds": list(dict.fromkeys(target.cloud for target in targets)),
        "targets": [target.name for target in targets],
        "problems": [_as_data(p) for p in problems],
        "notes": [{"path": path, "text": text} for path, text in (_remarks(spec) if spec else _beside(rest, problems))],
        "awaiting": [
            {"endpoint": endpoint, "targets": on, "waits": words}
            for (endpoint, words), on in (_waiting(spec) if spec else ())
        ],
    }
    return json.dumps(body, indent=2)


def _as_data(problem: Problem) -> dict[str, object]:
    # what to write stands in the fix already
    return {name: value for name, value in asdict(problem).items() if name != "write"}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
