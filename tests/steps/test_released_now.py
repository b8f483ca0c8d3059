"""What a gate says of the model that serves when it judges: the copy of the record wins over the definition."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlplatform.services.stored_text import StoredText
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.program import run
from mlplatform.steps.released_now import OPENERS, NoCopy, OpensFolder, ReleasedNow, released_now
from mlplatform.steps.verdict import GateVerdict

from .conftest import Rows, columns, finding

ADDRESS = "s3://acme-models/_released/record.json?region=eu-central-1"
COPY: dict[str, Any] = {
    "copy_version": 1,
    "platform": "acme-ml",
    "environment": "dev",
    "target": "aws",
    "commit": "0123456789abcdef0123456789abcdef01234567",
    "changed": "2026-11-30T09:00:00Z",
    "champions": {"retrain": {"model": "fraud", "version": "7"}},
    "releases": {},
}
GATE = {"champion": {"metric": "auc", "test": "delong"}}


@dataclass
class _Store:
    text: str | None = None
    error: Exception | None = None

    def read(self, name: str, /) -> StoredText:
        assert name == "record"
        if self.error:
            raise self.error
        return StoredText(self.text, "")


def _openers(store: _Store) -> dict[str, OpensFolder]:
    return dict.fromkeys(OPENERS, lambda *_: store)  # pyright: ignore[reportReturnType] - a double


def _now(store: _Store, address: str = ADDRESS) -> ReleasedNow | NoCopy | CannotJudge:
    return released_now(address, pipeline="retrain", model="fraud", openers=_openers(store))


def _said(**changes: Any) -> _Store:  # noqa: ANN401
    return _Store(json.dumps({**COPY, **changes}))


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        "gs://acme-models/_released/record.json",
        "https://acme.blob.core.windows.net/models/_released/record.json",
    ],
)
def test_a_copy_is_read_in_each_store(address: str) -> None:
    now = _now(_said(), address)
    assert now == ReleasedNow("7", "the record of commit 0123456789ab, of 2026-11-30 09:00 UTC")


def test_a_later_versions_fields_are_left_alone() -> None:
    assert isinstance(_now(_said(more={"a": 1})), ReleasedNow)


@pytest.mark.parametrize(
    ("store", "words"),
    [
        (_Store(error=PermissionError("403 denied")), "cannot be read: 403 denied"),
        (_Store(error=KeyError("AZURE_CLIENT_ID")), "the variable 'AZURE_CLIENT_ID' is not set"),
        (_Store("{"), "is no copy of a record"),
        (_said(copy_version=2), "copy_version"),
        (_said(changed="2026-11-30T09:00:00"), "changed"),
        (_said(champions={"other": {"model": "fraud", "version": "7"}}), "says nothing of pipeline retrain"),
        (_said(champions={"retrain": {"model": "vision", "version": "7"}}), "has model vision for it"),
    ],
)
def test_what_nobody_can_tell_is_not_judged(store: _Store, words: str, rows: Rows) -> None:
    now = _now(store)
    assert isinstance(now, CannotJudge)
    assert words in str(now)
    verdict = rows.judge(GATE, values=columns(candidate=4), record=now)
    assert verdict.outcome == "could not judge"
    assert verdict.released_by is None
    assert words in finding(verdict, "better").words


def test_what_the_copy_confirms_is_judged_and_said(rows: Rows) -> None:
    verdict = rows.judge(GATE, values=columns(candidate=4), record=_now(_said()))
    assert verdict.outcome == "passed"
    assert verdict.released_by == "record"
    assert finding(verdict, "better").words.endswith(
        "; the record of commit 0123456789ab, of 2026-11-30 09:00 UTC says so too"
    )


@pytest.mark.parametrize(
    ("compared", "now", "words"),
    [
        ("7", "8", "compared with version 7, and by the record of commit 0123456789ab"),
        ("7", None, "nothing is released"),
        (None, "1", "compared with nothing"),
    ],
)
def test_another_model_that_serves_by_now_is_not_compared_with(
    rows: Rows, compared: str | None, now: str | None, words: str
) -> None:
    champions = {"retrain": {"model": "fraud", **({"version": now} if now else {})}}
    values = columns(candidate=4, released=1.5 if compared else None)
    verdict = rows.judge(
        GATE, values=values, released=json.dumps({"version": compared}), record=_now(_said(champions=champions))
    )
    assert verdict.outcome == "could not judge"
    assert words in finding(verdict, "better").words
    assert "run the pipeline again" in finding(verdict, "better").words


def test_a_first_model_is_judged_where_the_record_says_so_too(rows: Rows) -> None:
    champions = {"retrain": {"model": "fraud"}}
    verdict = rows.judge(
        GATE,
        values=columns(released=None),
        released='{"version": null}',
        record=_now(_said(champions=champions)),
    )
    assert verdict.outcome == "passed"


def test_without_a_copy_the_definition_counts_and_the_card_says_so(rows: Rows) -> None:
    verdict = rows.judge(GATE, values=columns(candidate=4), record=_now(_Store()))
    assert verdict.outcome == "passed"
    assert verdict.released_by == "definition"
    assert f"there is no copy of the record at {ADDRESS}" in finding(verdict, "better").words


def test_the_store_as_a_folder_is_read_too(tmp_path: Path) -> None:
    """Pods see a place of the store as a mounted folder, and so does a run on this machine."""
    file = tmp_path / "models" / "record.json"
    file.parent.mkdir()
    assert released_now(str(file), pipeline="retrain", model="fraud") == NoCopy(str(file))
    file.write_text(_said().text or "", encoding="utf-8")
    assert isinstance(now := released_now(str(file), pipeline="retrain", model="fraud"), ReleasedNow)
    assert now.version == "7"
    file.unlink()
    file.mkdir()
    assert isinstance(released_now(str(file), pipeline="retrain", model="fraud"), CannotJudge)


@pytest.mark.parametrize(
    "address", ["", "record.json", "ftp://a/b/c.json", "s3://bucket/record.json", "gs:///a/b.json"]
)
def test_what_is_no_address_is_bad_input(tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = _program(tmp_path, ["--record", address or "x"])
    assert code == 2
    assert "--record: got" in capsys.readouterr().err


def _program(folder: Path, more: list[str]) -> int:
    inputs = Rows(folder).write(values=columns(candidate=4), metrics={"recall": 0.9})
    gate = {"thresholds": [{"metric": "recall", "at_least": 0.8}], **GATE}
    words = ["gate", "--pipeline", "retrain", "--model", "fraud", "--run", "r1", "--gate", json.dumps(gate)]
    words += [word for name, where in inputs.items() for word in ("--input", f"{name}={where}")]
    return run([*words, "--output", f"verdict={folder / 'verdict'}", *more])


def test_the_program_asks_at_the_moment_it_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = _said()
    for kind in OPENERS:
        monkeypatch.setitem(OPENERS, kind, lambda *_: store)  # pyright: ignore[reportArgumentType]
    assert _program(tmp_path, ["--record", ADDRESS]) == 0
    verdict = GateVerdict.model_validate_json((tmp_path / "verdict/verdict.json").read_bytes())
    assert verdict.released_by == "record"
    store.text = json.dumps({**COPY, "champions": {"retrain": {"model": "fraud", "version": "8"}}})
    assert _program(tmp_path, ["--record", ADDRESS]) == 4
    assert "run the pipeline again" in (tmp_path / "verdict/card.md").read_text("utf-8")
