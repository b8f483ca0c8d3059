"""A command's process ends as Python would end it: what was registered runs, and what was written arrives."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import atexit, sys, threading, time
from mlplatform import cli

{before}
sys.argv = ["mlplatform"]
def main():
    {body}
cli.main = main
cli.program()
"""


def run(body: str, before: str = "", **streams: int) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(body=body, before=before)
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run([sys.executable, "-c", program], text=True, check=False, env=environment, **piped)  # pyright: ignore


@pytest.mark.parametrize(("end", "code"), [("0", 0), ("", 0), ("None", 0), ("2", 2), ("141", 141)])
def test_the_code_is_the_one_of_the_command(end: str, code: int) -> None:
    done = run(f"sys.stdout.write('out'); sys.stderr.write('err'); sys.exit({end})")
    assert (done.returncode, done.stdout, done.stderr) == (code, "out", "err")


def test_a_text_is_told_and_an_error_is_shown_as_by_python() -> None:
    done = run("sys.exit('a text')")
    assert (done.returncode, done.stderr) == (1, "a text\n")
    done = run("raise RuntimeError('a bug')")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "RuntimeError: a bug")


def test_what_was_registered_runs_last_first_after_the_threads() -> None:
    before = "atexit.register(print, 'first')\natexit.register(print, 'second')"
    body = "threading.Thread(target=lambda: (time.sleep(0.2), print('thread'))).start(); print('command'); sys.exit(3)"
    done = run(body, before)
    assert (done.returncode, done.stdout.split()) == (3, ["command", "thread", "second", "first"])


def test_memory_is_not_taken_apart() -> None:
    before = "class Kept:\n    def __del__(self):\n        print('taken apart')\nkept = Kept()"
    assert run("sys.exit(0)", before).stdout == ""


@pytest.mark.skipif(sys.platform != "linux", reason="the device is Linux's")
def test_an_output_that_takes_nothing_is_left_to_python() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = run("print('lost'); sys.exit(0)", stdout=full.fileno())
    assert done.returncode == 120
    assert "No space left on device" in done.stderr
