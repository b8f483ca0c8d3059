"""A training program on two processes that is interrupted and goes on: it ends as a run without interruption does.

Each start gets other first weights, so that a run which begins again instead of going on ends elsewhere.
"""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STEPS, SAVED, KILLED = 120, 50, 70
"""Steps of a run, steps between checkpoints, and the step after which both processes die: twenty or more are lost."""

NEAR = 1e-6
"""Most that two weights may differ."""

INTERRUPTED = 143
"""Exit code of a process that was asked to end, and has saved."""

PATIENCE = 240.0
"""Seconds after which a run is held for stuck."""

Variables = Callable[[int, Sequence[int]], Mapping[str, str]]
"""Environment variables of a process, from its number and free ports."""


@dataclass(kw_only=True)
class Run:
    """One start of both processes."""

    processes: list[subprocess.Popen[str]]
    lines: queue.Queue[str] = field(default_factory=queue.Queue[str])
    seen: list[str] = field(default_factory=list[str])

    def read(self) -> None:
        """Collect what the processes print, while they run."""
        for process in self.processes:
            threading.Thread(target=self._pump, args=(process,), daemon=True).start()

    def _pump(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.put(line.rstrip())

    def until(self, pattern: str) -> str:
        """Wait for a line."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                line = self.lines.get(timeout=0.2)
            except queue.Empty:
                if all(process.poll() is not None for process in self.processes) and self.lines.empty():
                    break
                continue
            self.seen.append(line)
            if re.search(pattern, line):
                return line
        raise RuntimeError(f"no line {pattern!r}:\n" + "\n".join(self.seen[-30:]))

    def end(self) -> list[int]:
        """Wait for both processes; their exit codes."""
        codes = [process.wait(PATIENCE) for process in self.processes]
        time.sleep(0.3)
        while not self.lines.empty():
            self.seen.append(self.lines.get())
        return codes

    def began(self) -> list[int]:
        """After which step each process began."""
        return [int(found[1]) for line in self.seen if (found := re.search(r"begins after step (\d+)", line))]


class Program:
    """How a training program is started here.

    Args:
        command: its interpreter and script.
        variables: what tells each process about the other.
    """

    def __init__(self, command: Sequence[str], variables: Variables) -> None:
        self.command, self.variables = command, variables

    def start(self, folder: Path, first_weights: int, result: Path) -> Run:
        """Start both processes."""
        ports = _free_ports(2)
        options = ["--steps", str(STEPS), "--save-every", str(SAVED), "--seconds", "0.02"]
        options += ["--first-weights", str(first_weights), "--result", str(result)]
        processes = [
            subprocess.Popen(
                [*self.command, *options],
                env={**os.environ, **self.variables(number, ports), "CHECKPOINT_DIR": str(folder)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for number in range(2)
        ]
        run = Run(processes=processes)
        run.read()
        return run

    def to_the_end(self, folder: Path, first_weights: int, result: Path) -> tuple[list[float], list[int]]:
        """Run until all steps are done; the weights, and after which step the processes began."""
        run = self.start(folder, first_weights, result)
        if codes := [code for code in run.end() if code]:
            raise RuntimeError(f"exit codes {codes}:\n" + "\n".join(run.seen[-30:]))
        return [float(line) for line in result.read_text("utf-8").splitlines()], run.began()

    def killed(self, folder: Path, result: Path) -> None:
        """Both processes die at once, after steps that no checkpoint has, and leave half a file behind."""
        run = self.start(folder, 0, result)
        run.until(rf"^step {KILLED} ")
        for process in run.processes:
            process.send_signal(signal.SIGKILL)
        run.end()
        whole = (folder / _name(SAVED)).read_bytes()
        (folder / _name(2 * SAVED)).write_bytes(whole[: len(whole) // 2])

    def asked(self, folder: Path, result: Path) -> int:
        """One process is asked to end: both leave after the same step, and it is saved. That step."""
        run = self.start(folder, 0, result)
        run.until(rf"^step {KILLED} ")
        run.processes[1].send_signal(signal.SIGTERM)
        if (codes := run.end()) != [INTERRUPTED, INTERRUPTED]:
            raise RuntimeError(f"exit codes {codes}:\n" + "\n".join(run.seen[-30:]))
        return [int(line.split()[2]) for line in run.seen if line.startswith("saved step")][-1]


def prove(program: Program) -> int:
    """Interrupt the program in both ways; the exit code is not zero if a result differs, or nothing could be lost."""
    failures: list[str] = []
    base = Path(tempfile.mkdtemp())
    try:
        wanted, _ = program.to_the_end(base / "whole", 0, base / "whole.txt")
        began = _interrupted(program, base, wanted, failures)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    for failure in failures:
        print(failure)
    print(
        f"{len(wanted)} weights after {STEPS} steps are within {NEAR:g} of an uninterrupted run, after both processes "
        f"were killed at step {KILLED} and went on from {began[0]}, and after they were asked to end and went on from "
        f"{began[1]}; without the checkpoint they are not"
        if not failures
        else f"{len(failures)} failures"
    )
    return 1 if failures else 0


def _interrupted(program: Program, base: Path, wanted: list[float], failures: list[str]) -> tuple[int, int]:
    def resume(folder: Path, step: int) -> None:
        weights, began = program.to_the_end(folder, 2, base / f"{folder.name}.txt")
        if began != [step, step]:
            failures.append(f"{folder.name}: went on after steps {began}, expected {step}")
        if (far := _distance(wanted, weights)) > NEAR:
            failures.append(f"{folder.name}: a weight is {far:g} from that of the uninterrupted run")

    program.killed(base / "killed", base / "none.txt")
    # the control: the same interruption, and the checkpoint is gone
    shutil.copytree(base / "killed", base / "deleted")
    for file in (base / "deleted").iterdir():
        file.unlink()
    resume(base / "killed", SAVED)
    step = program.asked(base / "asked", base / "none.txt")
    resume(base / "asked", step)
    weights, _ = program.to_the_end(base / "deleted", 2, base / "deleted.txt")
    if _distance(wanted, weights) <= NEAR:
        failures.append("without the checkpoint the result is the same: the comparison proves nothing")
    return SAVED, step


def _distance(some: list[float], others: list[float]) -> float:
    if len(some) != len(others) or not some:
        return float("inf")
    return max(abs(one - other) for one, other in zip(some, others, strict=True))


def _name(step: int) -> str:
    return f"step-{step:012}"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
