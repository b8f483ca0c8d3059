"""A rehearsal for tools: JSON, and JUnit's XML for CI systems."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from mlplatform.rehearse.model import Rehearsal, RehearsalFailure
from mlplatform.views.plan import json

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def json_document(rehearsals: Sequence[Rehearsal]) -> str:
    """All rehearsals as one JSON document."""
    return json.text({"ok": all(r.ok for r in rehearsals), "rehearsals": [_body(r) for r in rehearsals]})


def junit_document(rehearsals: Sequence[Rehearsal]) -> str:
    """All rehearsals as JUnit writes test suites: a suite each, a case for every phase and fault.

    https://github.com/testmoapp/junitxml
    """
    root = Xml.Element("testsuites", name="mlplatform rehearse")
    for rehearsal in rehearsals:
        cases = [(phase.name, phase.ok, phase.seconds, phase.failures) for phase in rehearsal.phases]
        cases += [(f"fault: {fault.fault}", fault.ok, fault.seconds, fault.failures) for fault in rehearsal.faults]
        suite = Xml.SubElement(
            root,
            "testsuite",
            name=rehearsal.stack,
            tests=str(len(cases)),
            failures=str(sum(not ok for _, ok, _, _ in cases)),
            time=f"{rehearsal.seconds:.3f}",
        )
        for name, ok, seconds, failures in cases:
            case = Xml.SubElement(
                suite, "testcase", name=name, classname=f"rehearse.{rehearsal.stack}", time=f"{seconds:.3f}"
            )
            if not ok:
                first = failures[0].subject if failures else "did not show what it must"
                element = Xml.SubElement(case, "failure", message=_clean(first))
                element.text = _clean("\n\n".join(_words(failure) for failure in failures))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _body(rehearsal: Rehearsal) -> dict[str, object]:
    return {"ok": rehearsal.ok, "seconds": round(rehearsal.seconds, 3), **dataclasses.asdict(rehearsal)}


def _words(failure: RehearsalFailure) -> str:
    parts = (failure.subject, failure.answer, failure.cause and f"likely cause: {failure.cause}", failure.source)
    return "\n".join(part for part in parts if part)


def _clean(text: str) -> str:
    """Control characters have no place in XML."""
    return _NOT_XML.sub("?", text)
