"""Runs a task in a process of its own, which must hand back a result: a spec is a program, and may do anything.

It may end the process, write to any descriptor, fork, change the interpreter or never return; none of that reaches the
command. On Linux the process is a fork, which takes milliseconds; elsewhere a new interpreter.
"""

from __future__ import annotations

import gc
import os
import select
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

SECONDS = 60
"""How long it may take. The variable MLPLATFORM_SPEC_SECONDS has another number."""
VARIABLE = "MLPLATFORM_SPEC_SECONDS"
MAX_BYTES = 100_000_000
"""Size of the largest result."""
_HEADER = 8
_KILL = 9
"""SIGKILL of every Linux; the module `signal` makes its enumerations while it is loaded."""
_TICK = 0.2


class NoResult(Exception):
    """The process handed back nothing; the text says how it ended."""


def seconds_allowed() -> float:
    """How long a task may take."""
    text = os.environ.get(VARIABLE, "")
    return float(text) if text.isdecimal() and 0 < len(text) < 7 else SECONDS


def run_apart(
    task: Callable[[], bytes],
    command: Callable[[Path], list[str]],
    given: bytes,
    take: Callable[[bytes], T],
    meanwhile: Callable[[], object] | None = None,
) -> T:
    """Run a task in a process of its own.

    Args:
        task: returns the result; runs in a fork of this process.
        command: where there is no fork: the command that writes the same result to a file.
        given: standard input of that command.
        take: what becomes of the result, while the process ends.
        meanwhile: what this process does while a fork runs the task; it must not need the result. Omitted: it waits.

    Returns:
        What `take` made of the result.

    Raises:
        NoResult: it ended, or took too long, without a result.
    """
    return _forked(task, take, meanwhile) if _can_fork() else take(_started(command, given))


def _can_fork() -> bool:
    # other systems' own libraries do not survive a fork
    return sys.platform == "linux"


def _started(command: Callable[[Path], list[str]], given: bytes) -> bytes:
    # a fork needs neither, and they take longer to load than it does
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(prefix="mlplatform-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "result"
        try:
            done = subprocess.run(
                command(file), input=given, stdout=sys.__stderr__, timeout=seconds_allowed(), check=False
            )
        except subprocess.TimeoutExpired:
            raise NoResult(_too_long()) from None
        if not file.is_file():
            raise NoResult(_how(done.returncode))
        return file.read_bytes()


def _forked(task: Callable[[], bytes], take: Callable[[bytes], T], meanwhile: Callable[[], object] | None) -> T:
    reading, writing = os.pipe()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    with warnings.catch_warnings():
        # other threads of this process are not needed by the task
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _in_child(task, reading, writing)
    os.close(writing)
    try:
        until = time.monotonic() + seconds_allowed()
        if meanwhile:
            meanwhile()
        answer = _answer(child, reading, until)
        # to give back its memory takes it a millisecond
        _kill(child)
        return take(answer)
    finally:
        os.close(reading)
        _kill(child)
        with suppress(OSError):
            os.waitpid(child, 0)


def _in_child(task: Callable[[], bytes], reading: int, writing: int) -> None:
    """Run the task and write its result; never returns."""
    own = os.getpid()
    # garbage of the former process may have finalizers that wait for its threads, as gRPC's do; none of them is here
    gc.freeze()
    try:
        os.setpgid(0, 0)
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        try:
            os.dup2(2, 1)
        except OSError:  # standard error is closed
            os.dup2(0, 1)
            os.dup2(0, 2)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        sys.stdout = sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115
        result = task()
        if os.getpid() == own:  # a fork of the spec's own ends here too
            with suppress(Exception):
                sys.stderr.flush()
            data = len(result).to_bytes(_HEADER, "big") + result
            while data:
                data = data[os.write(writing, data) :]
    finally:
        os._exit(0)


def _answer(child: int, reading: int, until: float) -> bytes:
    received, needed = b"", _HEADER
    ended: int | None = None
    while len(received) < needed:
        if not select.select([reading], [], [], 0 if ended is not None else _TICK)[0]:
            # somebody else may hold the other end of the pipe: the end of the process itself counts
            if ended is not None:
                raise NoResult(_how(ended))
            if time.monotonic() > until:
                raise NoResult(_too_long())
            ended = _exit_code(child)
            continue
        part = os.read(reading, 1 << 20)
        if not part:
            raise NoResult(_how(_exit_code(child, wait=True)))
        received += part
        if needed == _HEADER and len(received) >= _HEADER:
            needed += int.from_bytes(received[:_HEADER], "big")
            if needed > MAX_BYTES:
                raise NoResult("it handed back no platform")
    return received[_HEADER:needed]


def _exit_code(child: int, *, wait: bool = False) -> int | None:
    """The exit code of a process; None while it runs. It stays a zombie, so that its id is not given away."""
    flags = os.WEXITED | os.WNOWAIT | (0 if wait else os.WNOHANG)
    try:
        state = os.waitid(os.P_PID, child, flags)
    except ChildProcessError:
        return 0
    if state is None:
        return None
    return state.si_status if state.si_code == os.CLD_EXITED else -state.si_status


def _kill(child: int) -> None:
    """End the process, and what it started. Its number is nobody else's before it is waited for."""
    for end in (lambda: os.killpg(child, _KILL), lambda: os.kill(child, _KILL)):
        with suppress(OSError):
            end()


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"its process was ended by {_signal(-code)}"
    return f"its process ended with exit code {code or 0}, before its last line"


def _signal(number: int) -> str:
    from signal import Signals

    try:
        return Signals(number).name
    except ValueError:
        return f"signal {number}"


def _too_long() -> str:
    return f"it had not ended after {seconds_allowed():g} seconds"
