"""Runs Pulumi's commands on the throwaway stack and reads their results."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlplatform.rehearse.events import EngineEvents, read_events
from mlplatform.rehearse.project import ThrowawayProject
from mlplatform.rehearse.state import StackState, read_state

_POLL = 0.05
_AT_THE_END = {"PULUMI_SKIP_CHECKPOINTS": "true"}


@dataclass(frozen=True, slots=True)
class CommandRun:
    """One command and its result."""

    code: int
    """Exit code; negative where a signal ended it."""

    seconds: float
    """Wall time."""

    output: str
    """Its output on both streams."""

    events: EngineEvents
    """The engine's events."""


class StateUnreadable(Exception):
    """The stack's state cannot be read; the text is the engine's."""


class PulumiEngine:
    """The `pulumi` of a rehearsal, on its one stack.

    Args:
        program: path of the executable.
        project: the throwaway project.
        environment: its whole environment.
        stack: the stack's name.
    """

    def __init__(self, program: str, project: ThrowawayProject, environment: Mapping[str, str], stack: str) -> None:
        self._program = program
        self._project = project
        self._environment = dict(environment)
        self._stack = stack
        self._count = 0

    def prepare(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> CommandRun:
        """Create the stack and set its configuration.

        Args:
            settings: plain values by key.
            secrets: values that are encrypted, by key.
        """
        created = self.run("stack", "init", self._stack)
        if created.code:
            return created
        plain = [f"--plaintext={key}={value}" for key, value in settings.items()]
        hidden = [f"--secret={key}={value}" for key, value in secrets.items()]
        return self.run("config", "set-all", "--stack", self._stack, *plain, *hidden)

    def configure(self, key: str, value: str) -> CommandRun:
        """Change one plain value of the configuration."""
        return self.run("config", "set", "--stack", self._stack, key, value)

    def stack(
        self,
        *arguments: str,
        watch: Callable[[subprocess.Popen[bytes]], bool] | None = None,
        checkpoints: bool = False,
    ) -> CommandRun:
        """Run a command on the stack, with a log of its events.

        Args:
            arguments: the command and its arguments.
            watch: as for `run`.
            checkpoints: as for `run`.
        """
        log = self._project.log(f"{self._count + 1:03}-{arguments[0]}.events")
        verbose = ("--event-log", str(log)) if arguments[0] in ("up", "preview", "refresh", "destroy") else ()
        return self.run(*arguments, "--stack", self._stack, *verbose, events=log, watch=watch, checkpoints=checkpoints)

    def run(
        self,
        *arguments: str,
        events: Path | None = None,
        watch: Callable[[subprocess.Popen[bytes]], bool] | None = None,
        checkpoints: bool = False,
    ) -> CommandRun:
        """Run any command.

        Args:
            arguments: without the program's name.
            events: the command's log of events.
            watch: called repeatedly with the process while it runs, until it returns True.
            checkpoints: write the state after every step, for an engine that may be killed. Omitted: only at the end,
                since this takes most of a run's time: five times as long at 300 resources.
        """
        self._count += 1
        log = self._project.log(f"{self._count:03}-{arguments[0]}.log")
        begin = time.monotonic()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [self._program, "--non-interactive", "--color=never", *arguments],
                cwd=self._project.folder,
                env=self._environment if checkpoints else {**self._environment, **_AT_THE_END},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # a group of its own: Ctrl-C does not reach it directly, and a killed engine takes its program with it
                start_new_session=True,
            )
            code = _wait(process, watch)
        seconds = time.monotonic() - begin
        text = log.read_text(encoding="utf-8", errors="replace")
        return CommandRun(code, seconds, text, read_events(events))

    def state(self) -> StackState:
        """The stack's state; its secrets stay encrypted.

        Raises:
            StateUnreadable: the engine cannot read it itself.
        """
        file = self._project.folder / "export.json"
        file.unlink(missing_ok=True)
        export = self.run("stack", "export", "--stack", self._stack, "--file", str(file))
        if export.code or not file.is_file():
            raise StateUnreadable(export.output.strip())
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
        # whatever ends this process ends the engine too: the group is its own
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    finally:
        if process.returncode is not None and process.returncode < 0:
            _end_group(process.pid)


def _end_group(group: int) -> None:
    """End the program of a killed engine, which would wait for it for ever."""
    import os
    import signal

    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
