"""Rehearsals as a JUnit report: one suite per rehearsal, one test per phase and fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.rehearse import model
from mlplatform.views import junit
from mlplatform.views.junit import JunitCase, JunitFailure, JunitSuite


def document(rehearsals: Sequence[model.Rehearsal]) -> str:
    """The report of all rehearsals."""
    suites = [
        JunitSuite(rehearsal.stack, list(_cases(rehearsal)), seconds=rehearsal.seconds) for rehearsal in rehearsals
    ]
    return junit.document("mlplatform rehearse", suites)


def _cases(rehearsal: model.Rehearsal) -> Iterator[JunitCase]:
    outcomes = [(phase.name, phase.ok, phase.seconds, phase.failures) for phase in rehearsal.phases]
    outcomes += [(f"fault: {fault.fault}", fault.ok, fault.seconds, fault.failures) for fault in rehearsal.faults]
    for name, ok, seconds, failures in outcomes:
        failure = None
        if not ok:
            first = failures[0].subject if failures else "failed its expectation"
            failure = JunitFailure(first, "\n\n".join(_describe(each) for each in failures))
        yield JunitCase(f"rehearse.{rehearsal.stack}", name, failure, seconds=seconds)


def _describe(failure: model.RehearsalFailure) -> str:
    parts = (failure.subject, failure.answer, failure.cause and f"likely cause: {failure.cause}", failure.source)
    return "\n".join(part for part in parts if part)
