"""Builds the documentation site below .docs/: `make docs`.

Zensical builds it. Its makers made Material for MkDocs before, whose support ended in November 2026; MkDocs itself has
had no release since August 2024. Zensical runs strictly: what it warns of ends the build. Then every link, picture and
anchor of the built pages is looked up in them, and nothing may be loaded from another host.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from links import broken_links

from pages import BadDocument, Pages

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def build(root: Path, out: Path) -> list[str]:
    """Build the site of a repository.

    Args:
        root: the repository.
        out: is emptied; `out/site` has the site then.

    Returns:
        What is wrong, a sentence each; nothing if all is well.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    try:
        Pages(root, out / "pages").write()
    except BadDocument as error:
        return str(error).splitlines()
    for name, folder in (("zensical.toml", out), ("site.css", out / "pages")):
        shutil.copy(root / "docs" / "site" / name, folder)
    zensical = Path(sys.executable).parent / "zensical"
    built = subprocess.run(
        [str(zensical), "build", "--strict"],
        cwd=out,
        env={**os.environ, "PYTHONPATH": str(HERE)},  # zensical.toml names an extension of this folder
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if built.returncode:
        # behind what it found it prints where in its own program it ended
        return _COLOUR.sub("", built.stdout).partition("Traceback")[0].splitlines()
    return [*_out_of_sight(out), *broken_links(out / "site")]


def _out_of_sight(out: Path) -> list[str]:
    """Pages that the navigation does not have."""
    listed = (out / "zensical.toml").read_text(encoding="utf-8")
    pages = sorted(page.name for page in (out / "pages").glob("*.md"))
    return [f"docs/site/zensical.toml: nav lacks {page}" for page in pages if f'"{page}"' not in listed]


def main() -> int:
    """Build, and say what was built; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / ".docs", help="the folder that is emptied for it")
    out: Path = parser.parse_args().out
    problems = build(ROOT, out.resolve())
    if problems:
        print("\n".join(problems))
        return 1
    pages = sum(1 for _ in (out / "site").rglob("*.html"))
    print(f"{pages} pages, every link leads somewhere: {out / 'site' / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
