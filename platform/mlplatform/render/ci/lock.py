"""The requirements file that CI installs the tool from: everything in it is pinned by hash."""

from __future__ import annotations

import re
from pathlib import Path

TOOL = "mlplatform"


class LockRefused(ValueError):
    """No lock, or one that pip would not install in its hash-checking mode; the text says what and how to fix it."""


_WRITE = (
    "build the wheel with `pip wheel --no-deps --wheel-dir wheels .` in a checkout of mlplatform and commit it, or put "
    "it on an index of your own; name it in requirements.in, as `./wheels/mlplatform-VERSION-py3-none-any.whl` or "
    "below `--index-url`, and run `uv pip compile --generate-hashes` or `pip-compile --generate-hashes`"
)


def require_lock(project: Path, lock: str) -> None:
    """Require a requirements file with a hash for every package, and the tool among them.

    Names of packages are first come, first served: before a release, whoever takes the tool's name on the public index
    would run in the pipeline, with its logins.
    https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode

    Args:
        project: the project's folder.
        lock: the file, relative to it; empty for none.

    Raises:
        LockRefused: it is missing, or not such a file.
    """
    if not lock:
        raise LockRefused(
            f"--lock: got nothing, expected a requirements file with hashes: {TOOL} is on no public index yet, so CI "
            f"would install whatever somebody publishes under its name; {_WRITE}. For a checkout of mlplatform itself: "
            "--tool checkout"
        )
    file = project / lock
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise LockRefused(f"--lock: {file}: cannot be read: {reason}; {_WRITE}") from None
    lines = _requirements(text)
    unpinned = [line for line in lines if "--hash=" not in line]
    if unpinned:
        more = f" and {len(unpinned) - 1} more" if len(unpinned) > 1 else ""
        raise LockRefused(
            f"--lock: {file}: got '{unpinned[0][:60]}'{more} without --hash, expected one for every package; {_WRITE}"
        )
    if not any(_names_tool(line) for line in lines):
        raise LockRefused(f"--lock: {file}: {TOOL} is not in it, expected the tool with its hash; {_WRITE}")


def _requirements(text: str) -> list[str]:
    """The packages, each with its hashes in one line; options and comments are left out."""
    joined = re.sub(r"\\\r?\n", " ", text)
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("-")]


def _names_tool(line: str) -> bool:
    """A requirement by name, or by the path or URL of a wheel or source archive."""
    what = line.split(" --hash", 1)[0].split("#", 1)[0]
    return bool(
        re.match(rf"{TOOL}\s*(\[|@|==|$)", what) or re.search(rf"(^|/){TOOL}-\d[^/]*\.(whl|tar\.gz|zip)\b", what)
    )
