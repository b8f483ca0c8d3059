"""The section of a release in CHANGELOG.md and docs/upgrades.md, from the fragments in changelog.d.

python -m tests.release.changelog 0.2.0            writes the section, and removes the fragments: `make changelog`
python -m tests.release.changelog 0.2.0 --notes    prints it, whether it is written already or not: the workflow
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "changelog.d"
NOT_FRAGMENTS = {"README.md", "template.md.j2"}
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z]+\.md")
VERSION = re.compile(r"\d+\.\d+\.\d+((a|b|rc)\d+)?")
NEXT = "## To the next release"
NOTHING = "Nothing to do."
MOST = 140
"""Characters of a line."""


def types(root: Path = ROOT) -> tuple[str, ...]:
    """The types of fragments, in the order of their sections."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["towncrier"]
    return tuple(each["directory"] for each in settings["type"])


def fragments(root: Path = ROOT) -> tuple[Path, ...]:
    """Every file of the folder that is, or should be, a fragment."""
    return tuple(sorted(file for file in (root / FOLDER).iterdir() if file.name not in NOT_FRAGMENTS))


def faults(root: Path = ROOT) -> Iterator[str]:
    """What is wrong with the fragments: towncrier itself passes over a name or a type that it does not know."""
    known = types(root)
    for file in fragments(root):
        if not NAME.fullmatch(file.name):
            yield f"{FOLDER}/{file.name}: expected <words>.<type>.md, lower-case words joined by hyphens"
            continue
        if (kind := file.name.split(".")[1]) not in known:
            yield f"{FOLDER}/{file.name}: got the type '{kind}', expected one of {', '.join(known)}"
        text = file.read_text(encoding="utf-8")
        if not re.fullmatch(r"(?!- |#)\S.*[.:|)`]\n", text, re.DOTALL):
            yield f"{FOLDER}/{file.name}: expected whole sentences without a leading `-`, and one line break at the end"
        if long := [line for line in text.splitlines() if len(line) > MOST]:
            yield f"{FOLDER}/{file.name}: expected lines of at most {MOST} characters, got {len(long[0])}"


def to_do(root: Path = ROOT) -> str:
    """What a user must do for the next release, as docs/upgrades.md says it."""
    texts = [file.read_text(encoding="utf-8").strip() for file in fragments(root) if ".upgrade." in file.name]
    return "\n".join("- " + text.replace("\n", "\n  ") for text in texts) or NOTHING


def with_to_do(page: str, what: str, heading: str = NEXT) -> str:
    """docs/upgrades.md with what the next release asks for, below its heading."""
    head, found, rest = page.partition(f"{NEXT}\n")
    assert found, f"docs/upgrades.md: expected a section '{NEXT}'"
    _, mark, others = rest.partition("\n## ")
    return f"{head}{heading}\n\n{what}\n{mark}{others}"


def section(version: str, root: Path = ROOT) -> str:
    """The section of a release as it will be, or is, in the changelog.

    Raises:
        ValueError: it is no version, a fragment is wrong, or there is nothing to tell of it.
    """
    _checked(version, root)
    log = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if fragments(root):
        log = _with_section(log, version, root)
    found = re.search(rf"^## {re.escape(version)} \(.*?(?=^## |\Z)", log, re.MULTILINE | re.DOTALL)
    if not found:
        raise ValueError(f"CHANGELOG.md: no section of {version}, and no fragments in {FOLDER} to make it of")
    return found[0].rstrip() + "\n"


def release(version: str, root: Path = ROOT) -> None:
    """Write the section of a release, move what it asks users to do, and remove the fragments.

    Raises:
        ValueError: it is no version, or a fragment is wrong.
    """
    _checked(version, root)
    log, page = root / "CHANGELOG.md", root / "docs" / "upgrades.md"
    log.write_text(_with_section(log.read_text(encoding="utf-8"), version, root), encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    if (what := to_do(root)) != NOTHING:
        own = f"## To {version}\n\n"
        text = with_to_do(text, NOTHING)
        # of the first release, some of it was written by hand
        text = (
            text
            if own in text
            else text.replace(f"{NEXT}\n\n{NOTHING}\n", f"{NEXT}\n\n{NOTHING}\n\n{own.rstrip()}\n\n")
        )
        text = re.sub(r"\n{3,}", "\n\n", text.replace(own, f"{own}{what}\n\n", 1))
    page.write_text(text, encoding="utf-8")
    for file in fragments(root):
        file.unlink()


def _checked(version: str, root: Path) -> None:
    if not VERSION.fullmatch(version):
        raise ValueError(f"VERSION: got '{version}', expected for example 0.2.0")
    if wrong := list(faults(root)):
        raise ValueError("\n".join(wrong))


def _with_section(log: str, version: str, root: Path) -> str:
    """The changelog with the section that towncrier makes of the fragments."""
    command = ["build", "--draft", "--version", version, "--date", f"{datetime.now(UTC):%Y-%m-%d}"]
    done = subprocess.run(
        [sys.executable, "-m", "towncrier", *command], cwd=root, check=True, capture_output=True, text=True
    )
    made = re.sub(r"\n{3,}", "\n\n", done.stdout).strip()
    head, mark, rest = log.partition("<!-- releases, the latest first -->\n")
    assert mark, "CHANGELOG.md: expected the mark of the releases"
    # what was written before there were fragments belongs to the first release
    rest = rest.replace(f"\n## {version} (unreleased)\n", "\n", 1).lstrip("\n")
    return f"{head}{mark}\n{made}\n\n{rest}"


def main(words: list[str]) -> int:
    """Write or print; 0, or 2 where something is refused."""
    version = words[0] if words else ""
    try:
        if "--notes" in words:
            print(section(version), end="")
        else:
            release(version)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
