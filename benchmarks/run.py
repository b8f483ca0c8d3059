"""Speed as ratios against floors of the same run: `make bench`.

Every figure is the median over alternating runs of whole processes; processor time is user + system of the process
and its children, memory its peak resident size. The machine's own speed cancels out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# users' Python keeps compiled modules; the warm-up of each pair makes them
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = sys.executable
IMPORTS = (
    "from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError, model_validator\n"
    "import click"
)


@dataclass(frozen=True)
class Run:
    """One finished process."""

    wall: float
    cpu: float
    mib: float


def once(command: Sequence[str], env: dict[str, str] | None = None, cwd: Path = ROOT) -> Run:
    """Run a command to its end; it must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)} failed:\n{error.decode()[-2000:]}")
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def against(ours: Sequence[str], floor: Sequence[str], runs: int) -> tuple[float, float, float]:
    """Medians of wall, processor and memory ratios, pair by pair, after one warm-up of each."""
    once(ours), once(floor)
    pairs = [(once(ours), once(floor)) for _ in range(runs)]
    return (
        statistics.median(a.wall / b.wall for a, b in pairs),
        statistics.median(a.cpu / b.cpu for a, b in pairs),
        statistics.median(a.mib / b.mib for a, b in pairs),
    )


def report(name: str, ratios: tuple[float, float, float], most: float, most_memory: float | None = None) -> bool:
    """Print one line; true where the bounds hold."""
    wall, cpu, memory = ratios
    good = wall <= most and (most_memory is None or memory <= most_memory)
    bound = f"at most {most:g}" + (f", memory {most_memory:g}" if most_memory else "")
    verdict = "ok" if good else "MISSED"
    print(f"{name:<44} wall {wall:5.2f}  cpu {cpu:5.2f}  memory {memory:5.2f}   ({bound}) {verdict}", flush=True)
    return good


def command(*arguments: str) -> list[str]:
    """A call of the command."""
    return [PYTHON, "-m", "mlplatform", *arguments]


SHARES = 6
"""Processes that share the work of filling a cache."""
MOST_MIB = 150
"""Memory of a plan."""


def plan_against_floor(folder: Path, runs: int) -> bool:
    """(a) The whole plan process against a process that registers the same resources with the plain SDK.

    Cold is the first process with an empty cache, warm one of those that find it filled; Python's own cache of compiled
    modules is there for all of them, the floor too.
    """
    good = True
    for cloud in ("aws", "gcp", "azure"):
        rows = folder / f"{cloud}.json"
        once([PYTHON, str(HERE / "rows.py"), "stacks/prod.py", cloud, str(rows)])
        count = len(json.loads(rows.read_text(encoding="utf-8")))
        ours = command("plan", "stacks/prod.py", "--target", cloud, "--format", "json")
        floor = [PYTHON, str(HERE / "floor.py"), str(rows)]
        warm, empty = {"MLPLATFORM_CACHE": str(folder / "warm")}, {"MLPLATFORM_CACHE": str(folder / "cold")}
        for _ in range(SHARES):
            once(ours, warm)
        once(floor)
        cold_runs: list[tuple[Run, Run]] = []
        warm_runs: list[tuple[Run, Run]] = []
        for _ in range(runs):
            least = once(floor)
            shutil.rmtree(folder / "cold", ignore_errors=True)
            cold_runs.append((once(ours, empty), least))
            warm_runs.append((once(ours, warm), least))
        name = f"plan prod on {cloud} / floor ({count} resources)"
        good &= report_least(f"{name}, warm", warm_runs, 0.25, MOST_MIB)
        good &= report_least(f"{name}, cold", cold_runs, 0.4, MOST_MIB)
    return good


def report_least(name: str, pairs: Sequence[tuple[Run, Run]], most: float, most_mib: float) -> bool:
    """Print the ratio of the least processor times, which other work on the machine can only raise, and the memory."""
    ratio = min(ours.cpu for ours, _ in pairs) / min(floor.cpu for _, floor in pairs)
    mib = max(ours.mib for ours, _ in pairs)
    good = ratio <= most and mib <= most_mib
    figures = f"cpu {ratio:5.2f}  memory {mib:4.0f} MiB   (at most {most:g}, {most_mib:g} MiB)"
    print(f"{name:<52} {figures} {'ok' if good else 'MISSED'}", flush=True)
    return good


def start_up(runs: int) -> bool:
    """(b) What starts often starts fast, against a process that only imports pydantic and click."""
    floor = [PYTHON, "-c", IMPORTS]
    good = report("--help / imports of pydantic and click", against(command("--help"), floor, runs), 1.5)
    good &= report(
        "validate prod / imports of pydantic and click",
        against(command("validate", "stacks/prod.py"), floor, runs),
        1.3,
    )
    for arguments in (("--help",), ("validate", "stacks/prod.py")):
        code = (
            "import sys, contextlib\nfrom mlplatform.cli import main\n"
            f"sys.argv = ['mlplatform', *{arguments!r}]\n"
            "with contextlib.suppress(SystemExit):\n    main()\n"
            "found = [m for m in sys.modules if m.split('.')[0] in ('pulumi', 'pulumi_aws', 'pulumi_gcp', "
            "'pulumi_azure_native')]\nassert not found, found"
        )
        once([PYTHON, "-c", code])
    print(f"{'neither imports Pulumi or a cloud SDK':<44} ok")
    return good


RECORD = """
import json, sys, time
from pathlib import Path
file, many = Path(sys.argv[1]), 1000
digest = 'sha256:' + 'a' * 64
releases = {
    f'e{i}': {'main': {'model': f'm{i}', 'version': '2', 'artifact': f's3://b/m{i}/2/', 'digests': {'m.bin': digest},
        'data_version': '2026-11-01', 'commit': 'd' * 40, 'run': f'run-{i}', 'approver': 'ana',
        'gates': [{'name': 'auc', 'passed': True, 'value': 0.91, 'threshold': 0.9}]}}
    for i in range(many)
}
body = {'platform': 'acme-ml', 'environment': 'prod', 'targets': {'aws': releases}}
file.write_text(json.dumps(body, indent=2), encoding='utf-8')
from mlplatform.reading.record_file import read_record
took = []
for _ in range(5):
    start = time.process_time()
    record, problems = read_record(file, None)
    took.append(time.process_time() - start)
    assert record and not problems and len(record.targets['aws']) == many
print(sorted(took)[2])
"""


def records(folder: Path, runs: int) -> bool:
    """(f) A record of 1,000 models, against the whole process of `validate`; processor time."""
    file = folder / "record.json"
    done = subprocess.run([PYTHON, "-c", RECORD, str(file)], cwd=ROOT, check=True, capture_output=True, text=True)
    read = float(done.stdout)
    whole = statistics.median(once(command("validate", "stacks/prod.py")).cpu for _ in range(runs))
    good = read <= whole / 10
    verdict = "ok" if good else "MISSED"
    print(
        f"{'a record of 1,000 models / validate prod':<44} cpu {read / whole:5.3f}   (at most 0.1) {verdict}",
        flush=True,
    )
    return good


GROWTH = """
import cProfile, statistics, sys, time
from pathlib import Path
from mlplatform.plan.record import record
from mlplatform.reading.load import load
cloud, most, what = sys.argv[1], int(sys.argv[2]), sys.argv[3]
spec = load(Path('stacks/dev.py')).spec.on(cloud)
template = spec.endpoints[0].overlay(shadow=None)
def plan(count):
    big = spec.overlay(endpoints=tuple(template.overlay(name=f'e{i}') for i in range(count)))
    if what == 'calls':
        profile = cProfile.Profile()
        made = len(profile.runcall(record, big, cloud).steps)
        return sum(entry.callcount for entry in profile.getstats()), made
    start = time.process_time()
    made = len(record(big, cloud).steps)
    return time.process_time() - start, made
def per_resource(count):
    (used, made), (base, none) = plan(count), plan(0)
    return (used - base) / (made - none)
plan(1)
again = 5 if what == 'time' else 1
few = [per_resource(10) for _ in range(again)]
many = per_resource(most)
few += [per_resource(10) for _ in range(again)]
print(many / statistics.median(few))
"""


def growth(folder: Path, runs: int, most: int) -> bool:
    """(c) Cost per resource with many endpoints against the cost per resource with ten.

    Function calls say whether the program itself is linear, whatever the machine does. Processor time is taken in one
    process, ten endpoints before and after the many: a machine that is slow for a while is slow for both. Of several
    processes the least counts, since other work on the machine only ever adds.
    """
    path = folder / "growth.py"
    path.write_text(GROWTH, encoding="utf-8")

    def held(cloud: str, what: str, count: int, runs: int, bound: float) -> bool:
        ask = [PYTHON, str(path), cloud, str(count), what]
        ratio = min(
            float(subprocess.run(ask, cwd=ROOT, check=True, capture_output=True, text=True).stdout) for _ in range(runs)
        )
        verdict = "ok" if ratio <= bound else "MISSED"
        name = f"{what} per resource on {cloud}, {count} endpoints / 10"
        print(f"{name:<48} {ratio:5.2f}   (at most {bound}) {verdict}", flush=True)
        return ratio <= bound

    good = True
    for cloud in ("aws", "gcp", "azure"):
        good &= held(cloud, "calls", min(200, most), 1, 1.05)
        good &= held(cloud, "time", most, min(runs, 2), 1.2)
    return good


def preview(folder: Path, runs: int) -> bool:
    """(d) `pulumi preview` of production with the program as it is, against the same program on the plain SDK."""
    if not shutil.which("pulumi"):
        print("pulumi preview: skipped, no `pulumi` on PATH (https://www.pulumi.com/docs/install/)")
        return True
    sys.path.insert(0, str(HERE))
    from engine import preview_commands

    good = True
    for cloud in ("aws", "gcp", "azure"):
        with preview_commands(ROOT, folder, cloud) as (ours, floor):
            good &= report(
                f"pulumi preview prod on {cloud} / raw program", against(ours, floor, max(2, runs // 2)), 0.8
            )
    return good


def review(folder: Path, runs: int) -> bool:
    """(e) The review of a plan file of 2,000 resources against reading it: at most 1.2 times, and a second."""
    file, script = folder / "big.json", str(HERE / "review.py")
    once([PYTHON, script, "make", str(file)])
    ours, floor = [PYTHON, script, "review", str(file)], [PYTHON, script, "read", str(file)]
    once(ours), once(floor)
    pairs = [(once(ours), once(floor)) for _ in range(runs)]
    # a second of a quiet machine is processor time; on a busy one, waiting for others is no part of it
    beyond = statistics.median(a.cpu - 1.2 * b.cpu for a, b in pairs)
    memory = statistics.median(a.mib / b.mib for a, b in pairs)
    good = beyond <= 1
    figures = f"cpu 1.2 x {pairs[0][1].cpu:.2f} s {beyond:+.2f} s  memory {memory:5.2f}"
    print(f"{'review of 2,000 resources / reading them':<44} {figures}   (at most + 1 s) {'ok' if good else 'MISSED'}")
    return good


def compiling(runs: int) -> bool:
    """(g) The example pipeline to all five forms against one import of kfp, which a compiler of its own starts with."""
    found = sorted(ROOT.glob(".proofs/pipeline-*/bin/python"), key=lambda each: each.stat().st_mtime)
    if not found:
        print("compiling a pipeline: not measured, no kfp here (make prove ONE=pipeline installs it)")
        return True
    ours, floor = [PYTHON, str(HERE / "compile.py")], [str(found[-1]), "-c", "import kfp"]
    return report("the example pipeline to 5 forms / import kfp", against(ours, floor, runs), 1.0)


def peer(folder: Path, runs: int) -> bool:
    """(h) A plan with a filled cache against the bare program of a CDK application with as many resources."""
    program = HERE / "cdk" / "app.js"
    node = shutil.which("node")
    found = node and subprocess.run(
        [node, "-e", "require.resolve('aws-cdk-lib')"], cwd=program.parent, capture_output=True, check=False
    )
    if not node or not found or found.returncode:
        print("plan prod on aws / CDK application: not measured, no node with aws-cdk-lib here (see benchmarks/cdk)")
        return True
    rows = folder / "peer.json"
    once([PYTHON, str(HERE / "rows.py"), "stacks/prod.py", "aws", str(rows)])
    count = len(json.loads(rows.read_text(encoding="utf-8")))
    ours = command("plan", "stacks/prod.py", "--target", "aws", "--format", "json")
    theirs = [node, str(program), str(count), str(folder / "cdk.out")]
    warm = {"MLPLATFORM_CACHE": str(folder / "peer")}
    for _ in range(SHARES):
        once(ours, warm)
    once(theirs)
    pairs = [(once(ours, warm), once(theirs)) for _ in range(runs)]
    return report_least(f"plan prod on aws / CDK application ({count}), warm", pairs, 1.0, MOST_MIB)


PARTS = ["plan", "start", "growth", "preview", "review", "records", "compile", "cdk"]


def main() -> None:
    """Run what is asked for; exit 1 where a bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=5, help="counted pairs per figure")
    parser.add_argument("--endpoints", type=int, default=1000, help="endpoints of the growth figure")
    parser.add_argument("--only", choices=tuple(PARTS), action="append")
    wanted = parser.parse_args()
    parts = wanted.only or PARTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs = {
            "plan": lambda: plan_against_floor(folder, wanted.runs),
            "start": lambda: start_up(wanted.runs),
            "growth": lambda: growth(folder, wanted.runs, wanted.endpoints),
            "preview": lambda: preview(folder, wanted.runs),
            "review": lambda: review(folder, wanted.runs),
            "records": lambda: records(folder, wanted.runs),
            "compile": lambda: compiling(wanted.runs),
            "cdk": lambda: peer(folder, wanted.runs),
        }
        results = [jobs[part]() for part in parts]
    print(
        f"peak memory of the benchmark's children: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MiB"
    )
    raise SystemExit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
