"""A spec is a program and may do anything: none of it reaches the command, which answers with the place and a fix."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlplatform.reading import child
from mlplatform.reading.load import load
from mlplatform.reading.transport import CannotReturn, Evaluated, pack, unpack
from mlplatform.spec.problem import Problem

PLATFORM = """
from mlplatform import AwsTarget, PlatformSpec
platform = PlatformSpec(name="acme", owner="a", cost_center="b",
                        targets=(AwsTarget(account_id="123456789012", region="us-east-1"),))
"""
ENDS = {
    "leaves with 0": ("import os\nos._exit(0)\n", "its process ended with exit code 0"),
    "leaves with 0 after its platform": (f"{PLATFORM}import os\nos._exit(0)\n", "its process ended with exit code 0"),
    "leaves": ("import sys\nsys.exit(0)\n", "the spec ends the process: exit(0)"),
    "is killed": ("import os\nos.kill(os.getpid(), 9)\n", "its process was ended by SIGKILL"),
    "aborts": ("import os\nos.abort()\n", "its process was ended by SIGABRT"),
    "becomes another program": ("import os\nos.execv('/bin/true', ['true'])\n", "its process ended with exit code 0"),
    "closes every descriptor": (f"{PLATFORM}import os\nos.closerange(3, 4096)\n", "its process ended"),
    "raises what nobody expects": ("raise GeneratorExit('x')\n", "GeneratorExit: x"),
    "interrupts itself": ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    "recurses": ("def f(): f()\nf()\n", "endless recursion"),
    "never returns": ("while True: pass\n", "it had not ended after 1 seconds"),
    "never returns and ignores signals": (
        "import signal, time\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\ntime.sleep(600)\n",
        "it had not ended after 1 seconds",
    ),
    "leaves somebody with its descriptors": (
        "import os, time\nif os.fork() == 0: time.sleep(600)\nos._exit(0)\n",
        "its process ended with exit code 0",
    ),
    "empties the modules": (f"{PLATFORM}import sys\nsys.modules.clear()\n", ""),
}


@pytest.mark.parametrize("case", ENDS)
def test_a_spec_that_ends_otherwise_is_refused(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(child.VARIABLE, "1" if "never" in case else "60")
    text, got = ENDS[case]
    file = tmp_path / "spec.py"
    file.write_text(text)
    start = time.monotonic()
    loaded = load(file)
    assert time.monotonic() - start < 20
    assert loaded.spec is None
    (problem,) = loaded.problems
    assert got in problem.got
    assert problem.file == str(file)
    assert problem.expected
    assert problem.fix


LIVES = {
    "writes to descriptors": "import os, sys\nos.write(1, b'NOISE')\nprint('NOISE')\nsys.__stdout__.write('NOISE')\n",
    "starts a program": "import subprocess\nsubprocess.run(['echo', 'NOISE'])\n",
    "forks": "import os\nif os.fork() == 0: print('NOISE')\n",
    "leaves a thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()\n",
    "changes the interpreter": "import json, sys\njson.dumps = None\nsys.stdout.close()\nsys.setrecursionlimit(60)\n",
    "replaces the handlers": "import signal, sys\nsignal.signal(2, signal.SIG_IGN)\nsys.excepthook = None\n",
    "reads standard input": "import sys\nassert sys.stdin.read() == ''\n",
}


@pytest.mark.parametrize("case", LIVES)
def test_what_a_spec_does_beside_stays_with_it(case: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import json
    import signal

    before = json.dumps, signal.getsignal(2), sys.getrecursionlimit(), sys.stdout
    file = tmp_path / "spec.py"
    file.write_text(f"{PLATFORM}{LIVES[case]}")
    start = time.monotonic()
    loaded = load(file)
    assert time.monotonic() - start < 20
    assert loaded.spec is not None, loaded.problems
    assert loaded.spec.name == "acme"
    assert (json.dumps, signal.getsignal(2), sys.getrecursionlimit(), sys.stdout) == before
    assert "NOISE" not in capfd.readouterr().out


def test_nothing_that_a_spec_started_is_left(tmp_path: Path) -> None:
    file = tmp_path / "spec.py"
    note = tmp_path / "pid"
    file.write_text(
        f"{PLATFORM}import os, time\n"
        f"if os.fork() == 0:\n    open({str(note)!r}, 'w').write(str(os.getpid()))\n    time.sleep(600)\n"
        f"while not os.path.exists({str(note)!r}): time.sleep(0.01)\ntime.sleep(0.05)\n"
    )
    assert load(file).spec is not None
    for _ in range(100):
        state = Path(f"/proc/{note.read_text()}/stat")
        if not state.exists() or ") Z " in state.read_text():
            return
        time.sleep(0.02)
    raise AssertionError("a process of the spec still runs")


def test_where_there_is_no_fork_a_new_interpreter_does_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_forked", None)
    monkeypatch.setattr("mlplatform.reading.child.sys.platform", "win32")
    file = tmp_path / "spec.py"
    file.write_text(f"print('NOISE')\n{PLATFORM}")
    loaded = load(file)
    assert loaded.spec is not None, loaded.problems
    assert loaded.spec.name == "acme"
    file.write_text(ENDS["leaves with 0"][0])
    (problem,) = load(file).problems
    assert "its process ended with exit code 0" in problem.got


def test_only_models_and_values_come_back() -> None:
    import pickle

    refused = Evaluated("", None, (Problem("a", "b", "c", "d"),))
    assert unpack(pack(refused)) == refused
    wrong: tuple[tuple[object, ...], ...] = (("", None), (1, None, refused.problems), ("", "x"), ("", None, ("x",)))
    for values in wrong:
        with pytest.raises(CannotReturn):
            unpack(pack(Evaluated(*values)))  # type: ignore[arg-type]  # pyright: ignore
    for value in (os._exit, subprocess.Popen, pickle.loads, {"a": open}):
        with pytest.raises(CannotReturn):
            unpack(pickle.dumps(value))
    with pytest.raises(CannotReturn):
        unpack(pickle.dumps({"a": 1}))


def test_a_result_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MAX_BYTES", 100)
    with pytest.raises(child.NoResult, match="no platform"):
        child.run_apart(lambda: b"x" * 101, lambda _: [], b"", bytes)


def test_the_command_answers_2_and_not_what_the_spec_wants(tmp_path: Path) -> None:
    file = tmp_path / "spec.py"
    file.write_text(f"{PLATFORM}import os\nos._exit(0)\n")
    done = subprocess.run(
        [sys.executable, "-m", "mlplatform", "risk", str(file), str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done
    assert "its process ended with exit code 0" in " ".join(done.stderr.split())
