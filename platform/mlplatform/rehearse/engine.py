"""Runs Pulumi's commands on the throwaway stack and reads what they say."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlplatform.rehearse.events import Events, read_events
from mlplatform.rehearse.state import State, read_state
from mlplatform.rehearse.workshop import Workshop

_POLL = 0.05
_AT_THE_END = {"PULUMI_SKIP_CHECKPOINTS": "true"}


@dataclass(frozen=True, slots=True)
class Run:
    """One command and what came of it."""

    code: int
    """Exit code; negative where a signal ended it."""

    seconds: float
    """Wall time."""

    output: str
    """What it printed, both streams."""

    events: Events
    """What the engine did."""


class StateUnreadable(Exception):
    """The stack's state cannot be read; the text is the engine's."""


class Engine:
    """The `pulumi` of a rehearsal, on its one stack.

    program: path of the executable. workshop: its project. environment: all that it sees. stack: the stack's name.
    """

    def __init__(self, program: str, workshop: Workshop, environment: Mapping[str, str], stack: str) -> None:
        self._program = program
        self._workshop = workshop
        self._environment = dict(environment)
        self._stack = stack
        self._count = 0

    def prepare(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Run:
        """Make the stack and set its configuration.

        Args:
            settings: plain values by key.
            secrets: values that are encrypted, by key.
        """
        made = self.run("stack", "init", self._stack)
        if made.code:
            return made
        plain = [f"--plaintext={key}={value}" for key, value in settings.items()]
        hidden = [f"--secret={key}={value}" for key, value in secrets.items()]
        return self.run("config", "set-all", "--stack", self._stack, *plain, *hidden)

    def configure(self, key: str, value: str) -> Run:
        """Change one plain value of the configuration."""
        return self.run("config", "set", "--stack", self._stack, key, value)

    def stack(
        self,
        *arguments: str,
        watch: Callable[[subprocess.Popen[bytes]], bool] | None = None,
        checkpoints: bool = False,
    ) -> Run:
        """Run a command that works on the stack, with its events logged.

        Args:
            arguments: of the command.
            watch: as for `run`.
            checkpoints: as for `run`.
        """
        log = self._workshop.log(f"{self._count + 1:03}-{arguments[0]}.events")
        verbose = ("--event-log", str(log)) if arguments[0] in ("up", "preview", "refresh", "destroy") else ()
        return self.run(*arguments, "--stack", self._stack, *verbose, events=log, watch=watch, checkpoints=checkpoints)

    def run(
        self,
        *arguments: str,
        events: Path | None = None,
        watch: Callable[[subprocess.Popen[bytes]], bool] | None = None,
        checkpoints: bool = False,
    ) -> Run:
        """Run any command.

        Args:
            arguments: without the program's name.
            events: file that the command logs its events to.
            watch: called now and then with the process while it runs, until it returns True.
            checkpoints: write the state after every step, as an engine must that may be killed. Omitted: only at the
                end, since writing it takes most of a run's time: five times as long at 300 resources.
        """
        self._count += 1
        log = self._workshop.log(f"{self._count:03}-{arguments[0]}.log")
        begin = time.monotonic()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [self._program, "--non-interactive", "--color=never", *arguments],
                cwd=self._workshop.folder,
                env=self._environment if checkpoints else {**self._environment, **_AT_THE_END},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # a group of its own: Ctrl-C here is ours to pass on, and a killed engine takes its program with it
                start_new_session=True,
            )
            code = _wait(process, watch)
        seconds = time.monotonic() - begin
        text = log.read_text(encoding="utf-8", errors="replace")
        return Run(code, seconds, text, read_events(events))

    def state(self) -> State:
        """The stack's state; its secrets stay encrypted.

        Raises:
            StateUnreadable: the engine cannot read it itself.
        """
        file = self._workshop.folder / "export.json"
        file.unlink(missing_ok=True)
        done = self.run("stack", "export", "--stack", self._stack, "--file", str(file))
        if done.code or not file.is_file():
            raise StateUnreadable(done.output.strip())
        return read_state(json.loads(file.read_text(encoding="utf-8")))


def _wait(process: subprocess.Popen[bytes], watch: Callable[[subprocess.Popen[bytes]], bool] | None) -> int:
    import os
    import signal

    try:
        while watch is not None and process.poll() is None:
            if watch(process):
                break
            time.sleep(_POLL)
        return process.wait()
    except BaseException:
        # whatever ended us ends the engine too, and only it: the group is the one made for it
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    finally:
        if process.returncode is not None and process.returncode < 0:
            _end_group(process.pid)


def _end_group(group: int) -> None:
    """A killed engine's program would wait for it for ever."""
    import os
    import signal

    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
