"""Ends an engine with everything that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_TRIES = 50
_NAP = 0.05


def end_session(session: int) -> None:
    """Kill every process of a session.

    The engine puts each of its plugins into a process group of its own, so that its group alone would leave the
    language host and the program behind; they stay in its session.

    Args:
        session: id of the session, which is that of the process that began it.
    """
    for _ in range(_TRIES):
        left = [pid for pid in _processes() if _session_of(pid) == session and not _is_dead(pid)]
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(_NAP)


def _processes() -> Iterator[int]:
    folder = Path("/proc")
    if (folder / "self").exists():
        yield from (int(entry.name) for entry in folder.iterdir() if entry.name.isdigit())
        return
    listed = subprocess.run(("ps", "-A", "-o", "pid="), capture_output=True, text=True, check=False).stdout
    yield from (int(word) for word in listed.split() if word.isdigit())


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0


def _is_dead(pid: int) -> bool:
    """Whether only its parent has not yet asked for its exit code."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0] == "Z"
        )
    except (OSError, IndexError):
        return False
