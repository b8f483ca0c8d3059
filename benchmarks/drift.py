"""The detection table: false alarms without a change, and how often each planted change is found and named.

    .venv/bin/python benchmarks/drift.py [SEEDS]                     all of it
    .venv/bin/python benchmarks/drift.py --libraries [SEEDS [ROWS]]  the libraries of the field beside it

Sizes of the changes are in tests/monitor/worlds.py, the expected power in tests/monitor/test_detection.py: both stand
there before the run. Exit code 1 where they do not hold.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from scipy.special import bdtrc  # noqa: E402
from tests.monitor.test_detection import NAMED, POWER  # noqa: E402
from tests.monitor.worlds import SETTINGS, Known, known, world  # noqa: E402

from mlplatform.monitor.compare import adjusted  # noqa: E402
from mlplatform.monitor.profile import profile_of  # noqa: E402
from mlplatform.monitor.rows import RowBatch  # noqa: E402
from mlplatform.monitor.summary import RowCounter  # noqa: E402
from mlplatform.spec.monitor_job import MonitorSettings  # noqa: E402


def most_alarms(seeds: int, chance: float) -> int:
    """So many alarms or fewer happen with a chance of 99 %."""
    return next(most for most in range(seeds + 1) if bdtrc(most, seeds, chance) <= 0.01)


def detection(seeds: int) -> bool:
    """Print the table."""
    tiny = SETTINGS.model_copy(update={"least_shift": 1e-9, "least_concept": 1e-9, "least_loss": 1e-9})
    alarms: Counter[str] = Counter()
    named: Counter[str] = Counter()
    start = time.process_time()
    for seed in range(seeds):
        there = known(world(4000, seed))
        day = there.count(world(2000, seed + 10**6))
        alarms["with sizes"] += judged(there, day).conclusion == "changed"
        alarms["significance alone"] += judged(Known(tiny, there.profile, there.summary), day).conclusion == "changed"
        for change in POWER:
            report = there.judge(world(2000, seed + 10**6, change))
            kinds = [each.kind for each in report.findings if each.kind != "performance"]
            named[change] += kinds == [NAMED[change][0]]
    bound = most_alarms(seeds, SETTINGS.alpha)
    good = True
    for name in ("with sizes", "significance alone"):
        good &= alarms[name] <= bound
        held = told(alarms[name] <= bound)
        print(f"no change, {name:<20} {alarms[name]:5} alarms of {seeds}   (at most {bound}) {held}")
    for change, least in POWER.items():
        share = named[change] / seeds
        good &= share >= least
        held = told(share >= least)
        print(f"{change:<31} {named[change]:5} found and named of {seeds}   (at least {least:.0%}) {held}")
    print(f"{time.process_time() - start:.0f} s of processor time")
    return good


LIBRARY_SEEDS, LIBRARY_COLUMNS, LIBRARY_ROWS = 20, 50, 100_000
"""Seeds that the libraries see, each with five days: one of each change, and one without. They are few: a report of
Evidently costs seconds, and a test that corrects for nothing rings without a change within a few days."""

MOST_SHARE = {LIBRARY_ROWS: 0.1, 20_000: 0.05}
"""So much of Evidently's processor time the monitor takes at most, for one look at so many rows by 50 inputs: a tenth.
Evidently's report costs seconds whatever it holds. They weigh more where there are fewer rows, so less is allowed."""


def libraries(seeds: int, rows: int = LIBRARY_ROWS) -> bool:
    """The same days as libraries of the field see them, in an environment of their own, and the time of a large one."""
    from tests.proofs.run import environment, proofs

    if rows not in MOST_SHARE:
        raise SystemExit(f"no share is set for a look at {rows:,} rows; there is one for {[*MOST_SHARE]}")
    (proof,) = [each for each in proofs() if each.name == "drift-libraries"]
    tools = environment(proof)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        changes = ["none", *POWER]
        (folder / "changes.json").write_text(json.dumps(changes), "utf-8")
        ours = dict.fromkeys(changes, 0)
        start = time.process_time()
        for seed in range(seeds):
            reference = world(4000, seed)
            there = known(reference)
            days = {change: world(2000, seed + 10**6, change) for change in changes}
            for change, day in days.items():
                ours[change] += there.judge(day).conclusion == "changed"
            write_days(folder / f"seed-{seed:04}.npz", {"reference": reference, **days})
        spent = time.process_time() - start
        draw = np.random.default_rng(50)
        shapes = {"reference": 0.0, "day": 0.05}
        large = {
            name: {f"x{n}": draw.normal(shift if n == 0 else 0, 1, rows) for n in range(LIBRARY_COLUMNS)}
            for name, shift in shapes.items()
        }
        np.savez(folder / "large.npz", **{f"{n}/{c}": v for n, each in large.items() for c, v in each.items()})
        said = [
            {
                "name": "mlplatform-monitor",
                "days": seeds,
                "found": ours,
                "seconds": spent,
                "large": look_at_large(large),
            }
        ]
        command = [str(Path(str(tools)) / "bin" / "python"), str(ROOT / "benchmarks/drift_libraries.py"), scratch]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        said += [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return tell_libraries(said, rows)


def tell_libraries(said: list[dict[str, Any]], rows: int) -> bool:
    """Print the table, and whether the monitor is as good as it says beside the others."""
    changes = list(said[0]["found"])
    large = f"{rows:,} rows by {LIBRARY_COLUMNS}"
    print(f"| Of {said[0]['days']} days | false alarms | {' | '.join(changes[1:])} | seconds for {large} |")
    print("|---|" + "---:|" * (len(changes) + 1))
    for row in said:
        found = " | ".join(str(row["found"][change]) for change in changes)
        print(f"| {row['name']} | {found} | {row['large']:.1f} |")
    ours, evidently = said[0], next(row for row in said if row["name"].startswith("Evidently"))
    share = ours["large"] / evidently["large"]
    alarms = ours["found"]["none"] <= most_alarms(ours["days"], SETTINGS.alpha)
    good = share <= MOST_SHARE[rows] and alarms
    print(f"{share:.1%} of Evidently's processor time for {large}   (at most {MOST_SHARE[rows]:.0%}) {told(good)}")
    return good


def write_days(file: Path, days: Mapping[str, RowBatch]) -> None:
    """Inputs, answers and labels of several days as columns that any program reads."""
    columns: dict[str, Any] = {}
    for name, day in days.items():
        for each, column in zip(SETTINGS.inputs, day.inputs, strict=True):
            columns[f"{name}/{each.name}"] = column.astype(str) if column.dtype == object else column
        columns[f"{name}/score"] = np.asarray(day.score)
        columns[f"{name}/label"] = np.asarray(day.label).astype(str)
    np.savez(file, **columns)


def look_at_large(days: Mapping[str, Mapping[str, Any]]) -> float:
    """Processor time of one whole look, with the profile of its reference."""
    inputs = [{"name": name} for name in days["day"]]
    settings = MonitorSettings.model_validate(
        {"endpoint": "e", "model": "m", "task": "classification", "inputs": inputs}
    )
    batches = {
        name: RowBatch(tuple(columns.values()), score=1 / (1 + np.exp(-next(iter(columns.values())))))
        for name, columns in days.items()
    }
    start = time.process_time()
    there = known(batches["reference"], settings)
    there.judge(batches["day"])
    return time.process_time() - start


def judged(there: Known, day):
    from mlplatform.monitor.judge import judge_window

    return judge_window(there.settings, there.profile, there.summary, day, name="day")


def plain_tests(seeds: int) -> None:
    """What a test per column says of the same kind of data without a change, uncorrected and corrected."""
    from scipy.stats import ks_2samp

    found: Counter[str] = Counter()
    for seed in range(seeds):
        draw = np.random.default_rng([seed, 77])
        then, now = draw.normal(size=(20, 5000)), draw.normal(size=(20, 2000))
        p_values = [float(ks_2samp(a, b).pvalue) for a, b in zip(then, now, strict=True)]
        found["uncorrected"] += min(p_values) < 0.05
        found["corrected"] += min(adjusted(p_values)) < 0.05
    for name, alarms in found.items():
        print(f"SciPy's Kolmogorov-Smirnov, 20 columns, {name:<12} {alarms:5} alarms of {seeds} without a change")


def large(rows: int, inputs: int) -> bool:
    """Ten million rows by sixty inputs: time, and the peak of memory of this process."""
    settings = MonitorSettings.model_validate(
        {"endpoint": "e", "model": "m", "task": "classification", "inputs": [{"name": f"x{n}"} for n in range(inputs)]}
    )

    def batch(size: int, seed: int) -> RowBatch:
        draw = np.random.default_rng([seed, 5])
        columns = draw.normal(size=(inputs, size))
        score = 1 / (1 + np.exp(-columns[0]))
        label = (draw.random(size) < score).astype(np.float64)
        return RowBatch(tuple(columns), score=score, label=label)

    profile = profile_of(settings, batch(100_000, 0))
    start, wall = time.process_time(), time.perf_counter()
    counter = RowCounter(settings, profile)
    for at in range(0, rows, 100_000):
        counter.add(batch(min(100_000, rows - at), at + 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    fits = peak <= 2048 and counter.summary.rows == rows
    print(
        f"{rows} rows by {inputs} inputs with labels: {time.process_time() - start:.0f} s of processor time, "
        f"{time.perf_counter() - wall:.0f} s, peak {peak:.0f} MiB   (at most 2048) {told(fits)}"
    )
    return fits


PER_REQUEST, HOURS, READ_INPUTS = 50, 24, 6
DAY = datetime(2026, 11, 29, tzinfo=UTC)


def reading(rows: int) -> bool:
    """Captured files of a day on the disk, read as a job reads them, by a process of its own: time and peak."""
    with tempfile.TemporaryDirectory() as folder:
        write_day(Path(folder), rows)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.jsonl")) / 2**20
        wall = time.perf_counter()
        command = [sys.executable, __file__, "--read", folder]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        words = child.stdout.read().split()
        # of this child alone; the program starts no other process
        _, code, used = os.wait4(child.pid, 0)
    peak = used.ru_maxrss / 1024
    fits = code == 0 and words == [str(rows)] and peak <= 2048
    print(
        f"{rows} captured rows by {READ_INPUTS} inputs, {size:.0f} MiB of JSON, read and counted: "
        f"{used.ru_utime + used.ru_stime:.0f} s of processor time, {time.perf_counter() - wall:.0f} s, "
        f"peak {peak:.0f} MiB   (at most 2048) {told(fits)}"
    )
    return fits


def read_settings() -> MonitorSettings:
    names = [{"name": f"x{n}"} for n in range(READ_INPUTS)]
    return MonitorSettings.model_validate({"endpoint": "e", "model": "m", "task": "classification", "inputs": names})


def read_batch(size: int, seed: int) -> RowBatch:
    draw = np.random.default_rng([seed, 6])
    columns = draw.normal(size=(READ_INPUTS, size)).round(6)
    score = (1 / (1 + np.exp(-columns[0]))).round(6)
    return RowBatch(tuple(columns), score=score, label=(draw.random(size) < score).astype(np.float64))


def write_day(folder: Path, rows: int) -> None:
    """Lines as SageMaker writes them, fifty rows a request."""
    each = rows // HOURS
    for hour in range(HOURS):
        count = each if hour else rows - each * (HOURS - 1)
        file = folder / f"AllTraffic/{DAY:%Y/%m/%d}/{hour:02}/part.jsonl"
        file.parent.mkdir(parents=True)
        with file.open("w", encoding="utf-8") as out:
            for start in range(0, count, 50_000):
                part = read_batch(min(50_000, count - start), hour * 1000 + start // 50_000)
                values = np.array(part.inputs).T.tolist()
                score = np.asarray(part.score).tolist()
                for at in range(0, len(values), PER_REQUEST):
                    asked, answered = values[at : at + PER_REQUEST], score[at : at + PER_REQUEST]
                    sides = {
                        "endpointInput": {"data": json.dumps({"instances": asked}), "encoding": "JSON"},
                        "endpointOutput": {"data": json.dumps(answered), "encoding": "JSON"},
                    }
                    moment = (DAY + timedelta(hours=hour)).isoformat()
                    about = {"eventId": f"{hour}-{start}-{at}", "inferenceTime": moment}
                    out.write(json.dumps({"captureData": sides, "eventMetadata": about}) + "\n")


def read(folder: str) -> None:
    """What the child does: count, and print the number of rows."""
    from mlplatform.monitor.collect import Labels
    from mlplatform.monitor.look import count_window
    from mlplatform.monitor.places import MonitorPlace

    settings = read_settings()
    profile = profile_of(settings, read_batch(100_000, 10**6))
    place = MonitorPlace(folder)
    print(count_window(settings, profile, [place], Labels(), DAY, DAY + timedelta(hours=HOURS)).rows)


def told(good: bool) -> str:
    """The last word of a line."""
    return "ok" if good else "MISSED"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(sys.argv[2])
        sys.exit(0)
    if sys.argv[1:2] == ["--libraries"]:
        asked = [int(each) for each in sys.argv[2:4]]
        sys.exit(0 if libraries(*(asked or [LIBRARY_SEEDS])) else 1)
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    good = detection(seeds)
    good &= libraries(min(seeds, LIBRARY_SEEDS))
    plain_tests(min(seeds, 200))
    good &= large(10_000_000 if seeds >= 1000 else 200_000, 60)
    good &= reading(10_000_000 if seeds >= 1000 else 200_000)
    sys.exit(0 if good else 1)
