"""Recognises plan documents and reads them; unknown fields are ignored."""

from __future__ import annotations

from typing import cast

from mlplatform.json_text import ManyDocuments, NotJson, parse_json
from mlplatform.plan.sources.events import is_event, read_events
from mlplatform.plan.sources.fields import items, mapping
from mlplatform.plan.sources.preview import read_preview
from mlplatform.plan.sources.source import NotAPlan, Source
from mlplatform.plan.sources.state import read_state
from mlplatform.plan.sources.step import StepReader

MAX_BYTES = 1_000_000_000
"""Largest document that is read; 10,000 resources take about 50 MB."""
_KNOWN = "a `pulumi preview --json`, a `pulumi stack export` or a `mlplatform plan --format json`"
_AGAIN = "export it again"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16."""
_MARKS = (b"steps", b"deployment", b"checkpoint", b"sequence", b"changeSummary", b"manifest", b"events")


def read_plan(raw: bytes) -> Source:
    """Read a plan document.

    Args:
        raw: its bytes, UTF-8.

    Raises:
        NotAPlan: it is no plan document, or is damaged.
    """
    content = _decoded(raw)
    reader = StepReader()
    document = _parsed(content)
    if isinstance(document, list):
        return read_events([mapping(event) for event in items(cast("object", document))], reader)
    fields = mapping(document)
    if "deployment" in fields or "checkpoint" in fields:
        return read_state(fields, reader)
    if isinstance(fields.get("steps"), list) or "changeSummary" in fields:
        return read_preview(fields, reader)
    if isinstance(fields.get("events"), list):
        return read_events([mapping(event) for event in items(fields["events"])], reader)
    if is_event(fields):
        return read_events([fields], reader)
    keys = ", ".join(f"'{key[:30]}'" for key in list(fields)[:4])
    raise NotAPlan(f"an object with {keys or 'nothing in it'}", _KNOWN, "give one of these files, or a spec")


def looks_like_plan(raw: bytes) -> bool:
    """Whether bytes look like a plan document rather than a spec: a cheap test, of which only a yes is certain."""
    if raw[:2] in _WIDE:  # written by a Windows shell: specs are UTF-8
        return True
    start = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    tail = raw[-4096:]
    return start.startswith(b"{") and any(b'"%s"' % mark in start or b'"%s"' % mark in tail for mark in _MARKS)


def _decoded(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise NotAPlan(f"more than {MAX_BYTES // 1_000_000:,} MB", _KNOWN, "check that this is the right file")
    try:
        content = raw.decode("utf-16" if raw[:2] in _WIDE else "utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"byte 0x{error.object[error.start]:02x} at offset {error.start:,}"
        raise NotAPlan(f"{place}, which is not UTF-8", "UTF-8 text", "save the file as UTF-8") from None
    if not content.strip():
        raise NotAPlan("an empty document", _KNOWN, "check the stderr output of the command that wrote it")
    return content


def _parsed(content: str) -> object:
    """One object, or the list of objects of a file with one per line."""
    try:
        return _only(parse_json(content))
    except ManyDocuments:
        return _lines(content)
    except NotJson as error:
        raise NotAPlan("a truncated document" if error.cut else _at(error), _KNOWN, _AGAIN) from None


def _only(document: object) -> object:
    if not isinstance(document, dict):
        raise NotAPlan("a list or a single value", _KNOWN, "give one of these files")
    return cast("object", document)


def _at(error: NotJson) -> str:
    return f"{error.got} in line {error.line}" if error.line else error.got


def _lines(content: str) -> list[object]:
    events: list[object] = []
    lines = content.splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event: object = parse_json(line)
        except NotJson as error:
            last = number == len(lines) and error.line is not None
            got = "events with a truncated last line" if last else f"invalid JSON in line {number}: {error.got}"
            raise NotAPlan(got, "one event per line", _AGAIN) from None
        if not is_event(mapping(event)):
            raise NotAPlan(f"no event in line {number}", "one event of Pulumi's engine per line", _AGAIN)
        events.append(event)
    return events
