"""The sections of a comment on new releases: the model's numbers beside those of the one that it replaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.decision.releases import ReleaseMove, moved_releases, released_value
from mlplatform.review import Review
from mlplatform.spec.releases import GateResult
from mlplatform.views.comment.fit import Section
from mlplatform.views.escape import code, escape


def releases(reviews: Sequence[Review]) -> Iterator[Section]:
    """One section for each release that a pipeline's gate or a person let pass."""
    for move in moved_releases(reviews):
        if move.after.gates:
            yield Section("\n".join([*_lines(move), "", ""]), 1, f"the numbers of {move.after.path or 'the image'}")


def _lines(move: ReleaseMove) -> Iterator[str]:
    new, old = move.after, move.before
    instead = f" instead of {code(_name(old.path, old.image_digest))}" if old else ", the first release"
    yield f"### Release of {code(_name(new.path, new.image_digest))}{instead}"
    yield ""
    origin = [
        f"{words} {code(value)}"
        for words, value in (("run", new.run), ("commit", new.commit), ("data", new.data_version))
        if value
    ]
    said = [f"released by {escape(new.approver)}", *origin]
    place = f"Endpoint {code(move.endpoint)}, {code(move.variant)}, in {escape(', '.join(move.stacks))}"
    yield f"{place}; {', '.join(said)}."
    yield ""
    yield "| Gate | Result | Value | Bound | Released model | p | Rows |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for gate in new.gates:
        numbers = (gate.value, gate.threshold, released_value(gate, old), gate.p_value)
        cells = [_number(each) for each in numbers]
        rows = "" if gate.rows is None else f"{gate.rows:,}"
        yield f"| {' | '.join([escape(gate.name), _result(gate), *cells, rows])} |"


def _name(path: str | None, digest: str | None) -> str:
    return path or (digest or "the image")[:19]


def _result(gate: GateResult) -> str:
    if gate.passed:
        return f"by {escape(gate.by)}" if gate.by else "passed"
    why = f": {escape(gate.reason)}" if gate.reason else ""
    return f"**not passed**, overruled by {escape(gate.by or '?')}{why}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
