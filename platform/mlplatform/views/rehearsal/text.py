"""A rehearsal for people: a table of phases and faults, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mlplatform.rehearse.model import FaultOutcome, Rehearsal, RehearsalFailure, RehearsalPhase
from mlplatform.views.style import Style

_OPS = {"create": "+", "update": "~", "replace": "±", "delete": "-", "same": "="}


def document(rehearsals: Sequence[Rehearsal], style: Style) -> str:
    """All rehearsals, one below the other, and a verdict."""
    lines: list[str] = []
    for rehearsal in rehearsals:
        lines += [*_one(rehearsal, style), ""]
    good = sum(rehearsal.ok for rehearsal in rehearsals)
    lines.append(f"{good} of {len(rehearsals)} rehearsals showed what they must")
    return "\n".join(lines) + "\n"


def line(phase: RehearsalPhase, style: Style) -> str:
    """One phase as it ends, for progress."""
    return f"{_mark(phase.ok, style)} {phase.name}: {_counts(phase) or phase.expects} ({phase.seconds:.1f} s)"


def survival(found: FaultOutcome, style: Style) -> str:
    """One fault and what became of it."""
    return f"{_mark(found.ok, style)} {found.fault}: {found.recovery} ({found.seconds:.1f} s)"


def _one(rehearsal: Rehearsal, style: Style) -> Iterator[str]:
    count = f"{rehearsal.resources} resources, {len(rehearsal.phases)} phases, {rehearsal.seconds:.0f} s"
    yield style.paint(rehearsal.stack, "bold") + f"  {count}"
    yield ""
    yield from _table(rehearsal)
    for phase in rehearsal.phases:
        for note in phase.notes:
            yield f"  {phase.name}: {note}"
        yield from _stays(phase, style)
    for phase in rehearsal.phases:
        yield from _failures(phase.name, phase.failures, style)
    yield from _faults(rehearsal.faults, style)
    if rehearsal.folder:
        yield f"  kept in {rehearsal.folder}"


def _table(rehearsal: Rehearsal) -> Iterator[str]:
    rows = [("phase", "must show", "", "changes", "seconds", "in the cloud")]
    rows += [
        (
            phase.name,
            phase.expects,
            "ok" if phase.ok else "FAILED",
            _counts(phase),
            f"{phase.seconds:.1f}",
            _minutes(phase.simulated),
        )
        for phase in rehearsal.phases
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(width) if column in (4, 5) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield ("  " + "  ".join(cells)).rstrip()


def _stays(phase: RehearsalPhase, style: Style) -> Iterator[str]:
    """What is left, a line per reason; names alone, since a type rarely tells more and JSON has it."""
    reasons: dict[str, Counter[str]] = {}
    for stay in phase.stays:
        reasons.setdefault(stay.reason, Counter())[stay.subject.partition(" (")[0]] += 1
    for reason, names in reasons.items():
        listed = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in names.items())
        yield from style.wrap(f"{reason} ({names.total()}): {listed}", f"  {phase.name}: ", "      ")


def _faults(faults: Sequence[FaultOutcome], style: Style) -> Iterator[str]:
    if not faults:
        return
    survived = sum(fault.ok for fault in faults)
    yield f"  {survived} of {len(faults)} faults survived"
    for fault in faults:
        yield f"  {survival(fault, style)}"
    for fault in faults:
        yield from _failures(fault.fault, fault.failures, style)


def _failures(title: str, failures: Sequence[RehearsalFailure], style: Style) -> Iterator[str]:
    for failure in failures:
        yield f"  {_mark(False, style)} {title}: {failure.subject}"
        for text in failure.answer.splitlines():
            yield f"      {text}"
        if failure.cause:
            yield f"      likely cause: {failure.cause}"
        if failure.source:
            yield f"      {failure.source}"


def _counts(phase: RehearsalPhase) -> str:
    known = [f"{sign}{phase.changes[op]}" for op, sign in _OPS.items() if phase.changes.get(op)]
    return " ".join(known)


def _minutes(seconds: float) -> str:
    return "" if not seconds else f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"


def _mark(ok: bool, style: Style) -> str:
    good, bad = ("✓", "✗") if style.unicode else ("ok", "FAILED")
    return style.paint(good, "green") if ok else style.paint(bad, "red")
