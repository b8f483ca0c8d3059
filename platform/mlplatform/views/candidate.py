"""A candidate's numbers beside those of the model whose place it takes, as text."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.decision.releases import released_value
from mlplatform.promote.promotion import Promotion
from mlplatform.spec.releases import FormerRelease, GateResult, Release


def numbers(promotion: Promotion) -> str:
    """The results of the gates; targets on which the same release is replaced share a table."""
    blocks: dict[str, list[str]] = {}
    for made in promotion.releases:
        blocks.setdefault("\n".join(_table(made.release)), []).append(made.target)
    return "\n".join(f"{', '.join(targets)}: {text}" for text, targets in blocks.items())


def _table(release: Release) -> Iterator[str]:
    former = release.previous
    was = f"beside {former.path or 'the image'}" if former else "the first release"
    yield f"{release.path or 'the image'}, {was}"
    rows = [("", "value", "bound", "released", "p"), *(_row(gate, former) for gate in release.gates)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        cells = [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join(["", row[0].ljust(widths[0]), *cells]).rstrip()


def _row(gate: GateResult, former: FormerRelease | None) -> tuple[str, ...]:
    name = gate.name if gate.passed else f"{gate.name}: not passed, overruled by {gate.by}"
    return (name, *(_number(each) for each in (gate.value, gate.threshold, released_value(gate, former), gate.p_value)))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
