"""The program beside the router: what it hands on, what it does not, and that it never says what it saw."""

from __future__ import annotations

import base64
import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from mlplatform.monitor.capture import CUT_BODY, WITHHELD, CaptureReader
from mlplatform.monitor.redaction import program
from mlplatform.monitor.redaction.bodies import Redactor
from mlplatform.monitor.redaction.program import RULES, FileMover, run
from mlplatform.spec.redaction_job import RedactionJob

SECRET = "ada@example.org"
RULES_TEXT = json.dumps({"fields": ["name"], "kinds": ["email", "ip"]})


def side(body: bytes, headers: dict[str, str], **more: object) -> dict[str, object]:
    return {
        "headers": [{"key": name, "value": value} for name, value in headers.items()],
        "body": {"truncated": False, "as_bytes": base64.b64encode(body).decode()},
        "trailers": [{"key": "x-user", "value": SECRET}],
        **more,
    }


def exchange(body: bytes = b'{"name": "Ada", "amount": 3}', headers: dict[str, str] | None = None) -> dict[str, Any]:
    asked = {
        ":path": f"/predict?user={SECRET}",
        "cookie": f"session={SECRET}",
        "x-forwarded-for": "203.0.113.9",
        "x-request-id": "r1",
        "x-inference-id": "claim-7",
        "content-type": "application/json",
        **(headers or {}),
    }
    answer = side(b'{"score": 0.5}', {":status": "200", "content-type": "application/json", "set-cookie": SECRET})
    return {
        "http_buffered_trace": {
            "request": side(body, asked, headers_received_time="2026-11-30T08:00:00Z"),
            "response": answer,
            "downstream_connection": {"remote_address": "203.0.113.9"},
        }
    }


class Folders:
    def __init__(self, root: Path) -> None:
        self.source, self.target = root / "taps", root / "clean"
        self.source.mkdir()
        self.target.mkdir()
        self.mover = FileMover(Redactor(RedactionJob.model_validate_json(RULES_TEXT)), self.source, self.target)

    def put(self, given: object, name: str = "request_1.json") -> None:
        # as Envoy writes it, over several lines
        text = given if isinstance(given, str) else json.dumps(given, indent=1)
        (self.source / name).write_text(text, "utf-8")

    def moved(self) -> dict[str, str]:
        self.mover.move(float("inf"))
        assert not list(self.source.iterdir()), "whatever it was, it is gone"
        return {each.name: each.read_text("utf-8") for each in self.target.iterdir()}


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def read(text: str) -> tuple[list[Any], list[str]]:
    problems: list[str] = []
    reader = CaptureReader(problems.append)
    return list(reader.read(text.splitlines(keepends=True))), problems


def test_the_monitor_reads_what_is_left_and_nothing_else_is(folders: Folders) -> None:
    folders.put(exchange())
    (text,) = folders.moved().values()
    for gone in (SECRET, "Ada", "203.0.113.9", "/predict", "cookie", "trailers"):
        assert gone not in text
        assert base64.b64encode(gone.encode()).decode().rstrip("=") not in text
    (found,), problems = read(text)
    assert (found.request, found.answer) == ({"name": None, "amount": 3}, {"score": 0.5})
    assert (found.key, found.row_id, found.time is None) == ("r1", "claim-7", False)
    assert not problems


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-encoding": "gzip"}, b"\x1f\x8b"),
        ({}, b"\xff\xfe"),
        ({"content-type": "multipart/form-data; boundary=x"}, SECRET.encode()),
        ({}, b"[" * 100_000),
    ],
)
def test_what_cannot_be_redacted_is_told_by_the_monitor_and_not_kept(
    folders: Folders, headers: dict[str, str], body: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    folders.put(exchange(body, headers))
    (text,) = folders.moved().values()
    assert read(text) == ([], [WITHHELD])
    folders.mover.tell()
    told = json.loads(capsys.readouterr().out)
    assert (told["redaction"], told["count"]) == ("withheld", 1)
    assert SECRET not in json.dumps(told)


def test_a_body_that_the_router_cut_is_not_kept(folders: Folders) -> None:
    given = exchange()
    given["http_buffered_trace"]["request"]["body"]["truncated"] = True
    folders.put(given)
    (text,) = folders.moved().values()
    assert read(text) == ([], [WITHHELD])
    assert "as_bytes" not in text.split("response")[0]
    assert CUT_BODY != WITHHELD


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"other": 1}', f'"{SECRET}"'])
def test_files_of_another_form_are_dropped_and_the_next_one_is_moved(folders: Folders, text: str) -> None:
    folders.put(text, "request_0.json")
    folders.put(exchange())
    assert list(folders.moved()) == ["request_1.json"]


def test_an_exception_hands_nothing_on(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise KeyError(SECRET)

    monkeypatch.setattr(Redactor, "body", fail)
    folders.put(exchange())
    assert folders.moved() == {}


def test_a_pattern_that_does_not_end_stops_no_captures(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "MOST_SECONDS", 0.05)
    folders.mover = FileMover(Redactor(RedactionJob(patterns=("(a+)+$",))), folders.source, folders.target)
    folders.put(exchange(json.dumps({"text": "a" * 60 + "b"}).encode()), "request_0.json")
    folders.put(exchange())
    found = folders.moved()
    assert read(found["request_0.json"]) == ([], [WITHHELD])
    assert len(read(found["request_1.json"])[0]) == 1


def test_a_file_that_is_still_written_waits(folders: Folders) -> None:
    folders.put(exchange())
    folders.mover.move(time.time() - 5)
    assert not list(folders.target.iterdir())


def test_a_full_target_keeps_the_file_where_it_is(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    (folders.source / "request_1.json").write_bytes(json.dumps(exchange()).encode())
    folders.mover.move(float("inf"))
    assert len(list(folders.source.iterdir())) == 1


def test_a_file_that_cannot_be_deleted_is_not_handed_on_again_and_again(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Path.unlink

    def kept(path: Path, missing_ok: bool = False) -> None:
        if path.parent == folders.source:
            raise PermissionError(1, "Operation not permitted")
        plain(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", kept)
    folders.put(exchange())
    folders.mover.move(float("inf"))
    assert not list(folders.target.iterdir())


@pytest.mark.parametrize(
    ("words", "rules", "expected"),
    [
        ([], RULES_TEXT, "expected two folders"),
        (["/nowhere", "/nowhere"], RULES_TEXT, "expected a folder"),
        (["/", "/"], "", "is not set"),
        (["/", "/"], "{", "the document"),
        (["/", "/"], '{"patterns": ["("]}', "regular expression"),
    ],
)
def test_what_is_wrong_is_named(
    words: list[str], rules: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words, {RULES: rules}) == 2
    assert expected in capsys.readouterr().err


def test_the_last_files_are_moved_when_it_is_told_to_end(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    def pause(_: float) -> None:
        folders.put(exchange())
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(program, "PAUSE", 0)
    monkeypatch.setattr(program.time, "sleep", pause)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert run([str(folders.source), str(folders.target)], {RULES: RULES_TEXT}) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
    assert len(list(folders.target.iterdir())) == 1
