"""`mlplatform rehearse` with broken engines, damaged projects, full disks and signals: one sentence, and nothing left.

The engines are small scripts, so that no test needs Pulumi.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import VALID, Result

from mlplatform.rehearse import engine as engine_module
from mlplatform.rehearse.trials import BaselineFailed

Command = Callable[..., Result]
Engine = Callable[[str], None]

HEAD = "#!/usr/bin/env bash\nshift 2\n"
EVENTS = """log=""; file=""
while [ $# -gt 0 ]; do case "$1" in --event-log) log="$2";; --file) file="$2";; esac; shift; done
"""
SUMMARY = """if [ -n "$log" ]; then echo '{"summaryEvent": {"resourceChanges": {}}}' >"$log"; fi\n"""
EXPORT = """if [ -n "$file" ]; then echo '{"version": 3, "deployment": {}}' >"$file"; fi\n"""
SOUND = HEAD + 'if [ "$1" = version ]; then echo v3.272.0; exit; fi\n' + EVENTS + SUMMARY + EXPORT
"""Does nothing, and says so as the engine does: a whole life passes, without a resource."""


@pytest.fixture
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What a rehearsal left in the folder for temporary files, and beside the project."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    before: list[str] = []

    def names() -> list[str]:
        return sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "tmp").iterdir())

    before += names()
    return names


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Puts a script on PATH as `pulumi`."""

    def put(script: str) -> None:
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin/pulumi").write_text(script, encoding="utf-8")
        (tmp_path / "bin/pulumi").chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    return put


@pytest.fixture
def rehearse(command: Command, tmp_path: Path) -> Callable[..., Result]:
    """Rehearses a small spec without changes."""
    (tmp_path / "spec.yaml").write_text(VALID, encoding="utf-8")
    return lambda *more: command("rehearse", "spec.yaml", "--change", "none", *more)


def test_a_sound_engine_passes(rehearse: Command, engine: Engine, left: Callable[[], list[str]]) -> None:
    engine(SOUND)
    result = rehearse()
    assert result.code == 0, result.flat
    assert "1 of 1 rehearsals passed" in result.flat
    assert left() == []


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("\x7fELF\x02\x01\x01 of another machine", "cannot be started"),
        ("#!/nowhere/sh\n", "cannot be started"),
        ("#!/usr/bin/env bash\necho not a version\n", "said 'not a version', expected a version such as v3.272.0"),
        ("#!/usr/bin/env bash\nexit 139\n", "`pulumi version` ended with 139"),
        ("#!/usr/bin/env bash\necho v3.40.1\n", "got Pulumi v3.40.1, expected 3.125.0 or later"),
        (
            HEAD + '[ "$1" = version ] && exit\necho no passphrase >&2; exit 255\n',
            "made no stack in the throwaway project (exit code 255): no passphrase",
        ),
        ("#!/usr/bin/env bash\nexit 0\n", "`pulumi up` ended with 0 and wrote no summary"),
        (SOUND.replace(EXPORT, ""), "`pulumi stack export` gave no state"),
        (SOUND.replace("deployment", '": ['), "`pulumi stack export` wrote no valid JSON"),
        (HEAD + '[ "$1" = version ] && exit\necho asking for your name; sleep 60\n', "did nothing for 1 s"),
    ],
    ids=["another machine", "no shell", "no version", "dies", "old", "no stack", "silent", "no state", "torn", "hangs"],
)
def test_a_broken_engine_is_named(
    script: str,
    words: str,
    rehearse: Command,
    engine: Engine,
    left: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_module, "PATIENCE", 1.0)
    engine(script)
    result = rehearse()
    assert result.code == 2, result.flat
    assert words in result.flat
    assert "bin/pulumi" in result.flat or "stack export" in result.flat
    assert left() == []


def test_strange_events_and_states_are_read(rehearse: Command, engine: Engine, left: Callable[[], list[str]]) -> None:
    strange = (
        "7",
        "[]",
        '{"summaryEvent": 3}',
        '{"summaryEvent": {"resourceChanges": [1]}}',
        '{"resourcePreEvent": null}',
        '{"diagnosticEvent": {"severity": "error", "message": {}}}',
    )
    events = "\n".join(strange)
    summary = SUMMARY.replace("then echo", f"then echo '{events}' >\"$log\"; echo").replace(
        '\' >"$log"; fi', '\' >>"$log"; fi'
    )
    engine(SOUND.replace(SUMMARY, summary).replace('"deployment": {}', '"deployment": {"resources": {"a": 1}}'))
    assert "resources" in rehearse().flat
    assert left() == []


def test_no_pip_is_asked_for_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlplatform.rehearse import pip_list

    def missing(name: str) -> None:
        del name

    assert pip_list.stand_in(tmp_path) == {}
    monkeypatch.setattr(pip_list, "find_spec", missing)
    variables = {**os.environ, **pip_list.stand_in(tmp_path)}
    run = [sys.executable, "-m", "pip", "list", "-v", "--format", "json"]
    listed = subprocess.run(run, env=variables, capture_output=True, text=True, check=True).stdout
    assert '"name": "pulumi", "version": "3.' in listed
    refused = subprocess.run([*run[:3], "install", "x"], env=variables, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "has no pip" in refused.stderr


PYTHON = "name: acme\nruntime: python\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [", "Pulumi.yaml: no valid YAML"),
        ("- a", "got a value of type list, expected a mapping"),
        ("", "got nothing, expected a mapping"),
        ("runtime: python", "name: got nothing, expected the project's name"),
        ("name: 7\nruntime: python", "name: got a value of type int"),
        ("name: acme", "runtime: got nothing, expected python"),
        ("name: acme\nruntime: nodejs", "runtime: got 'nodejs', expected python"),
        ("name: acme\nruntime: {name: go}", "runtime: got 'go', expected python"),
        (PYTHON + "main: [a]", "main: got a value of type list"),
        (PYTHON + "main: nowhere", "main 'nowhere': got nothing there"),
        (PYTHON + "main: empty", "main 'empty': got a folder without __main__.py"),
        (PYTHON + "main: ..", "which holds the project itself"),
        (PYTHON + "options: yes", "options: got a value of type bool"),
        ("[" * 1200, "Pulumi.yaml: "),
        ("when: 2026-13-45", "Pulumi.yaml: no valid YAML"),
    ],
)
def test_a_damaged_project_is_refused(
    text: str, words: str, rehearse: Command, engine: Engine, left: Callable[[], list[str]], tmp_path: Path
) -> None:
    engine(SOUND)
    (tmp_path / "empty").mkdir()
    (tmp_path.parent / "__main__.py").write_text("", encoding="utf-8")
    (tmp_path / "Pulumi.yaml").write_text(text, encoding="utf-8")
    result = rehearse()
    assert result.code == 2, result.flat
    assert words in result.flat
    assert left() == []


@pytest.mark.parametrize(
    ("main", "copied"),
    [
        ("program", "program"),
        ("../elsewhere", "program"),
        ("linked", "program"),
        ("program/run.py", "program/run.py"),
        ("", "."),
        (".", "."),
        ("stacks", "stacks"),
    ],
)
def test_a_program_is_copied_inside(main: str, copied: str, tmp_path: Path) -> None:
    import yaml

    from mlplatform.rehearse.project import ThrowawayProject

    project = tmp_path / "project"
    for folder in ("program", "../elsewhere", "stacks", "."):
        (project / folder).mkdir(parents=True, exist_ok=True)
        (project / folder / "__main__.py").write_text("# mine", encoding="utf-8")
    (project / "program/run.py").write_text("# mine", encoding="utf-8")
    (project / "linked").symlink_to(tmp_path / "elsewhere")
    (project / "stacks/Pulumi.dev-aws.yaml").write_text("config: {}", encoding="utf-8")
    (tmp_path / "elsewhere/loop").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "elsewhere/helper.py").symlink_to(project / "program/run.py")
    os.mkfifo(tmp_path / "elsewhere/pipe")
    text = (
        PYTHON + (f"main: {main}\n" if main else "") + "plugins: {providers: [{name: aws, path: ../x}]}\nbackend: {}\n"
    )
    (project / "Pulumi.yaml").write_text(text, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    made = ThrowawayProject(tmp_path / "throwaway", project)
    settings = yaml.safe_load((made.root / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert settings["main"] == copied
    assert "plugins" not in settings
    assert (made.root / copied).exists()
    assert not (made.root / "stacks/Pulumi.dev-aws.yaml").exists()
    # nothing is written beside the throwaway folder, and nothing in it leads out of it
    assert sorted(path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "throwaway")) == before
    assert not [path for path in made.folder.rglob("*") if path.is_symlink()]


def test_a_home_directory_is_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlplatform.rehearse import program
    from mlplatform.rehearse.stopped import ProjectRefused

    monkeypatch.setattr(program, "MOST_FILES", 1)
    for name in ("__main__.py", "b.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    with pytest.raises(ProjectRefused, match="with more than 1 files"):
        program.copy_program(tmp_path, "", tmp_path / "to")


def test_a_full_disk_at_every_write(
    rehearse: Command,
    engine: Engine,
    left: Callable[[], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine(SOUND)
    count = full = 0
    real_open, real_mkdir = io.open, os.mkdir

    def spend(path: object) -> None:
        nonlocal count
        if str(path).startswith(str(tmp_path / "tmp")):
            count += 1
            if count == full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def opened(file: object, mode: str = "r", *more: object, **named: object) -> object:
        if set(mode) & set("wax+"):
            spend(file)
        return real_open(file, mode, *more, **named)  # type: ignore[arg-type]

    def made(path: object, *more: object, **named: object) -> None:
        spend(path)
        real_mkdir(path, *more, **named)  # type: ignore[arg-type]

    for module, name, stand_in in ((io, "open", opened), (builtins, "open", opened), (os, "mkdir", made)):
        monkeypatch.setattr(module, name, stand_in)
    assert rehearse().code == 0
    writes = count
    assert writes > 20
    for full in (*range(1, 14), writes // 2, writes):
        count = 0
        result = rehearse()
        assert result.code == 2, f"write {full}: {result.flat}"
        assert "No space left on device" in result.flat
        assert "TMPDIR" in result.flat
        assert left() == []


def test_faults_need_sound_runs_without_them(
    rehearse: Command, engine: Engine, left: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # the first stack's `up` fails
    failing = SOUND.replace("shift 2\n", 'shift 2\nif [ "$1" = up ]; then echo out of order; exit 255; fi\n')
    engine(failing)
    result = rehearse("--faults", "2")
    assert result.code == 1, result.flat
    assert "out of order" in result.flat
    assert "faults: skipped: up failed without a fault" in result.flat

    def undisturbed(*arguments: object) -> object:
        raise BaselineFailed(())

    engine(SOUND)
    monkeypatch.setattr("mlplatform.rehearse.rehearse.run_trials", undisturbed)
    result = rehearse("--faults", "2")
    assert result.code == 1, result.flat
    assert "before faults" in result.flat
    assert left() == []


HANG = """#!/usr/bin/env bash
# a plugin in a process group of its own, as the engine starts them, and a folder that is read-only
python3 -c 'import os, time; os.setpgid(0, 0); open("plugin", "w").write(str(os.getpid())); time.sleep(60)' &
mkdir -p made && touch made/by-it && chmod 500 made
wait
"""
RUN = """
import sys
from pathlib import Path
from mlplatform.rehearse.engine import PulumiEngine
from mlplatform.rehearse.folder import throwaway_folder
from mlplatform.rehearse.project import ThrowawayProject
import os
with throwaway_folder("dev", keep=False) as folder:
    project = ThrowawayProject(folder, folder / "none")
    print(folder, flush=True)
    PulumiEngine(sys.argv[1], project, dict(os.environ), "dev").run("up")
"""


@pytest.mark.thorough
def test_signals_leave_nothing(engine: Engine, tmp_path: Path) -> None:
    engine(HANG)
    cases = (("SIGTERM",), ("SIGHUP",), ("SIGINT", "SIGINT"), ("SIGQUIT", "SIGTERM", "SIGINT"))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RUN, str(tmp_path / "bin/pulumi")],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        for _ in cases
    ]
    for process, signals in zip(processes, cases, strict=True):
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        plugin = folder / "project/plugin"
        until = time.monotonic() + 30
        while not ((folder / "project/made/by-it").exists() and plugin.exists() and plugin.read_text()):
            assert time.monotonic() < until
            time.sleep(0.02)
        pid = int(plugin.read_text())
        for name in signals:
            os.kill(process.pid, signal.Signals[name])
        assert process.wait(30) in {-signal.SIGINT, 1, *(128 + signal.Signals[name] for name in signals)}
        assert not folder.exists()
        with pytest.raises(ProcessLookupError):
            _require_gone(pid)


def _require_gone(pid: int) -> None:
    for _ in range(50):
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
            raise ProcessLookupError
        time.sleep(0.1)
