"""Served features against the tables: what training would see, with the hours that a fill may take."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlplatform.monitor.findings import MonitorReport
from mlplatform.monitor.served import MOST_ROWS, ServedRows, with_skew
from mlplatform.monitor.tell import event_of
from mlplatform.spec.monitor_job import ServedGroup

from .test_job import Watched

AT = datetime(2026, 11, 29, 5, 10, tzinfo=UTC)
Row = tuple[str, float, float, float | None]
"""Customer, hours before AT of its moment and of its writing, value."""


def group(folder: Path, rows: Sequence[Row], unit: str = "us", **changes: object) -> ServedGroup:
    (folder / "spend").mkdir(parents=True, exist_ok=True)
    moment = pa.timestamp(unit, tz="UTC")
    table = {
        "customer_id": [row[0] for row in rows],
        "event_timestamp": pa.array([AT - timedelta(hours=row[1]) for row in rows], type=moment),
        "written_at": pa.array([AT - timedelta(hours=row[2]) for row in rows], type=moment),
        "amount_7d": pa.array([row[3] for row in rows], type=pa.float64()),
    }
    pq.write_table(pa.table(table), folder / "spend" / "a.parquet")
    given: dict[str, object] = {
        "name": "spend", "table": str(folder / "spend"), "keys": ("customer_id",), "features": ("amount_7d",),
        "timestamp": "event_timestamp", "created": "written_at", "late_hours": 3,
    }  # fmt: skip
    return ServedGroup.model_validate({**given, **changes})


def wrong(groups: ServedGroup, served: Sequence[tuple[str, object]], times: int = 20) -> tuple[float, tuple[str, ...]]:
    """Share of rows that are told as wrong, and what was not judged."""
    rows = ServedRows([groups])
    for at in range(times):
        for place, (customer, value) in enumerate(served):
            rows.add({"customer_id": customer, "amount_7d": value}, AT.timestamp(), f"{at}/{place}")
    base = MonitorReport(
        endpoint="e", model="m", version="1", window="w", first=None, last=None, rows=1, labelled=0, reference_rows=1,
        alpha=0.05, conclusion="no change found", words="Nothing changed.",
    )  # fmt: skip
    report = with_skew(base, [groups], rows)
    found = [each for each in report.findings if each.kind == "skew"]
    return (found[0].shifts[0].size if found else 0.0), report.not_judged


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize(
    ("rows", "value", "share"),
    [
        ([("ada", 50, 50, 1.0), ("ada", 10, 10, 2.0)], 2.0, 0.0),
        ([("ada", 50, 50, 1.0), ("ada", 10, 10, 2.0)], 1.0, 1.0),  # ten hours old: a fill is late by three at most
        ([("ada", 50, 50, 1.0), ("ada", 1, 1, 2.0)], 1.0, 0.0),  # not filled yet
        ([("ada", 50, 50, 1.0), ("ada", 1, 1, 2.0)], 2.0, 0.0),
        ([("ada", 50, 50, 1.0), ("ada", 10, -1, 2.0)], 2.0, 1.0),  # was written after it was served
        ([("ada", 50, 50, 1.0), ("ada", -1, -1, 2.0)], 2.0, 1.0),  # of the future
        ([("ada", 50, 50, 1.0)], 1.0 + 1e-9, 0.0),  # 32 bits
        ([("ada", 50, 50, None)], None, 0.0),
        ([("ada", 50, 50, 1.0)], None, 1.0),  # served as missing
        ([("bob", 50, 50, 1.0)], None, 0.0),  # nobody knows her
        ([("bob", 50, 50, 1.0)], 3.0, 1.0),
    ],
)
def test_a_row_is_right_if_the_tables_had_its_value(
    tmp_path: Path, unit: str, rows: Sequence[Row], value: object, share: float
) -> None:
    assert wrong(group(tmp_path, rows, unit), [("ada", value)]) == (share, ())


def test_a_value_that_is_believed_no_more_must_be_missing(tmp_path: Path) -> None:
    rows: list[Row] = [("ada", 50, 50, 1.0)]
    assert wrong(group(tmp_path, rows, ttl_hours=24), [("ada", 1.0)])[0] == 1.0
    assert wrong(group(tmp_path, rows, ttl_hours=24), [("ada", None)])[0] == 0.0


def test_a_few_wrong_rows_are_no_finding_and_requests_without_keys_are_told(tmp_path: Path) -> None:
    known = group(tmp_path, [("ada", 50, 50, 1.0)])
    assert wrong(known, [("ada", 2.0)], times=4)[0] == 0.0
    share, told = wrong(known, [(None, 2.0)])  # type: ignore[list-item]
    assert share == 0.0
    assert "no row of a request has customer_id" in told[0]


def test_the_sample_is_bounded_and_the_same_in_any_order(tmp_path: Path) -> None:
    known = group(tmp_path, [("ada", 50, 50, 1.0)])
    one, other = ServedRows([known]), ServedRows([known])
    names = [str(at) for at in range(MOST_ROWS + 500)]
    for rows, order in ((one, names), (other, list(reversed(names)))):
        for name in order:
            rows.add({"customer_id": name, "amount_7d": 1.0}, 0.0, name)
    kept = [{each.values["customer_id"] for each in rows.rows} for rows in (one, other)]
    assert kept[0] == kept[1]
    assert len(kept[0]) == MOST_ROWS


@pytest.mark.parametrize("offset", [0.0, 1.0])
def test_the_job_tells_skew_as_broken_data_and_asks_for_no_training(
    watched: Watched,
    offset: float,
) -> None:
    watched.job.capture("none")
    name = watched.document.settings.inputs[0].name
    lines = (watched.folder / "capture/AllTraffic/2026/11/29/05/part.jsonl").read_text("utf-8").splitlines()
    ids: list[str] = []
    values: list[float] = []
    for line in lines:
        asked = json.loads(json.loads(line)["captureData"]["endpointInput"]["data"])["instances"]
        ids += [row["id"] for row in asked]
        values += [row[name] for row in asked]
    folder = watched.folder / "tables"
    folder.mkdir()
    moments = pa.array([AT - timedelta(hours=9)] * len(ids), type=pa.timestamp("us", tz="UTC"))
    pq.write_table(pa.table({"id": ids, "at": moments, name: [each + offset for each in values]}), folder / "a.parquet")
    compared = ServedGroup(name="spend", table=str(folder), keys=("id",), features=(name,), timestamp="at")
    watched.told(features=(compared,), labels=None)
    said = watched.look()
    skewed = [line for line in said if "skew" in line.get("kinds", ())]
    assert [line["monitor"] for line in skewed] == (["broken", "look"] if offset else [])
    if offset:
        assert "training again would not help" in skewed[0]["message"]
        (file,) = (watched.folder / "reports").rglob("monitor.json")
        assert event_of(MonitorReport.model_validate_json(file.read_text("utf-8")), "fraud-retrain") is None


def test_samples_of_workers_are_the_sample_of_one() -> None:
    """Each worker keeps the rows with the least hashes of its hours; of all of them those of the whole window stay."""
    spend = ServedGroup(name="spend", table="t", keys=("customer",), features=("amount",), timestamp="at")
    whole, first, second = ServedRows([spend]), ServedRows([spend]), ServedRows([spend])
    for number in range(2 * MOST_ROWS):
        row: dict[str, object] = {"customer": f"c{number}", "amount": float(number)}
        for rows in (whole, first if number % 3 else second):
            rows.add(row, float(number), f"e{number}")
    whole.add({}, None, "no keys")
    second.add({}, None, "no keys")
    first.merge(second.dump())
    assert sorted(first.rows) == sorted(whole.rows)
    assert [each.values for each in sorted(first.rows)] == [each.values for each in sorted(whole.rows)]
    assert first.without_keys == whole.without_keys == 1
    with pytest.raises(ValueError, match="not a sample"):
        first.merge("{}")
