"""Runs Pulumi's commands on the throwaway stack and reads their results."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlplatform.plan.sources.fields import mapping
from mlplatform.rehearse.events import EngineEvents, read_events
from mlplatform.rehearse.processes import end_session
from mlplatform.rehearse.project import ThrowawayProject
from mlplatform.rehearse.signals import signals_held
from mlplatform.rehearse.state import StackState, read_state
from mlplatform.rehearse.stopped import EngineBroken, StateUnreadable
from mlplatform.rehearse.surroundings import INSTALL

OLDEST = (3, 125, 0)
"""First version that is known to take every option of a rehearsal; the last one was `toolchain`, for Python:
https://github.com/pulumi/pulumi/blob/master/CHANGELOG.md, read 2026-11-29."""
PATIENCE = 600.0
"""Seconds in which an engine must write a line, an event or a call to the mock cloud, which answers at once."""
_POLL = 0.05
_EVENTS = frozenset({"up", "preview", "refresh", "destroy"})
"""Commands with a log of events."""
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
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


class PulumiEngine:
    """The `pulumi` of a rehearsal, on its one stack.

    Args:
        program: path of the executable.
        project: the throwaway project.
        environment: its whole environment.
        stack: the stack's name.
        calls: the number of calls that the mock cloud had so far: while it grows, the engine works.
        first_log: number before that of its first log, where several engines share a project.
    """

    def __init__(
        self,
        program: str,
        project: ThrowawayProject,
        environment: Mapping[str, str],
        stack: str,
        calls: Callable[[], int] = lambda: 0,
        *,
        first_log: int = 0,
    ) -> None:
        self._calls = calls
        self._program = program
        self._project = project
        self._environment = dict(environment)
        self._stack = stack
        self._count = first_log

    def require_version(self) -> None:
        """Require an engine that runs and is not too old; builds of the engine's developers have no version.

        Raises:
            EngineBroken: it is not.
        """
        answer = self.run("version")
        text = " ".join(answer.output.split())
        found = _VERSION.search(text)
        if answer.code or (text and not found):
            raise EngineBroken(
                f"{self._program}: `pulumi version` ended with {answer.code} and said '{text[:80]}', expected a "
                f"version such as v3.272.0; install Pulumi again: {INSTALL}"
            )
        if found and tuple(int(part[:9]) for part in found.groups()) < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            raise EngineBroken(
                f"{self._program}: got Pulumi {found[0]}, expected {oldest} or later; install a current one: {INSTALL}"
            )

    @property
    def stack_name(self) -> str:
        """Name of the stack."""
        return self._stack

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
        verbose = ("--event-log", str(log)) if arguments[0] in _EVENTS else ()
        done = self.run(*arguments, "--stack", self._stack, *verbose, events=log, watch=watch, checkpoints=checkpoints)
        # an interrupted destroy ends with 0 too
        if verbose and watch is None and not done.code and not done.events.ended:
            raise EngineBroken(
                f"{self._program}: `pulumi {arguments[0]}` ended with 0 and wrote no summary into its log of events, "
                f"so nothing tells what it did; it said '{' '.join(done.output.split())[-200:]}'. Install Pulumi "
                f"again: {INSTALL}"
            )
        return done

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

        Raises:
            EngineBroken: it does not start, or does nothing for `PATIENCE` seconds.
        """
        self._count += 1
        log = self._project.log(f"{self._count:03}-{arguments[0]}.log")
        begin = time.monotonic()
        with log.open("wb") as output:
            process: subprocess.Popen[bytes] | None = None
            try:
                with signals_held():
                    process = self._start(arguments, output.fileno(), checkpoints=checkpoints)
                code = self._wait(process, watch, (log, events))
            except BaseException:
                # whatever ends this process ends the engine too, with its plugins
                if process is not None:
                    with signals_held():
                        _kill(process)
                raise
        if code < 0:
            # the program of a killed engine would wait for it for ever
            end_session(process.pid)
        seconds = time.monotonic() - begin
        text = log.read_text(encoding="utf-8", errors="replace")
        return CommandRun(code, seconds, text, read_events(events))

    def _start(self, arguments: tuple[str, ...], output: int, *, checkpoints: bool) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                [self._program, "--non-interactive", "--color=never", *arguments],
                cwd=self._project.root,
                env=self._environment if checkpoints else {**self._environment, **_AT_THE_END},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # a session of its own: Ctrl-C does not reach it directly, and all that it starts can be found
                start_new_session=True,
            )
        except OSError as error:
            raise EngineBroken(
                f"{self._program}: cannot be started: {error.strerror}; it must be Pulumi's program for this machine: "
                f"{INSTALL}"
            ) from None

    def _wait(
        self,
        process: subprocess.Popen[bytes],
        watch: Callable[[subprocess.Popen[bytes]], bool] | None,
        written: tuple[Path | None, ...],
    ) -> int:
        """The exit code. What an engine that works does is seen in the sizes of its files and in the cloud's calls."""
        seen: tuple[int, ...] = ()
        since = time.monotonic()
        while True:
            watching = watch is not None and process.poll() is None
            if watching and watch is not None and watch(process):
                watch = None
            try:
                return process.wait(_POLL if watch is not None else 1.0)
            except subprocess.TimeoutExpired:
                pass
            now = (self._calls(), *(_size(file) for file in written))
            if now != seen:
                seen, since = now, time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                said = " ".join(written[0].read_text(encoding="utf-8", errors="replace").split()) if written[0] else ""
                raise EngineBroken(
                    f"{self._program}: did nothing for {PATIENCE:.0f} s and was ended; its last words are "
                    f"'{said[-200:]}'. Try `pulumi version` and `pulumi about` by hand"
                )

    def state(self) -> StackState:
        """The stack's state; its secrets stay encrypted.

        Raises:
            StateUnreadable: the engine cannot read it itself.
        """
        file = self._project.folder / "export.json"
        file.unlink(missing_ok=True)
        export = self.run("stack", "export", "--stack", self._stack, "--file", str(file))
        said = " ".join(export.output.split())[-200:]
        if export.code or not file.is_file():
            raise StateUnreadable(f"`pulumi stack export` gave no state; it said '{said}'")
        try:
            return read_state(mapping(json.loads(file.read_text(encoding="utf-8"))))
        except (ValueError, RecursionError):
            raise StateUnreadable(f"`pulumi stack export` wrote no valid JSON; it said '{said}'") from None


def _size(file: Path | None) -> int:
    try:
        return file.stat().st_size if file else 0
    except OSError:
        return 0


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    end_session(process.pid)
