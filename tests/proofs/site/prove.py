"""Builds the site, and small ones with a fault each: a fault that the builder does not see would reach readers."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
sys.path.insert(0, str(ROOT / "docs" / "site"))

from build import build  # noqa: E402

PAGE = "# A\n\n## Part one\n\nText.\n"
FAULTS = {
    "a link to no page": ("[b](b.md)", "no file b.md"),
    "a link to no file of the repository": ("[b](../b.py)", "no file ../b.py"),
    "a link to no heading": ("[b](#part-two)", "anchor does not exist"),
    "a link to no heading of another page": ("[b](../README.md#part-two)", "anchor does not exist"),
    "no such picture": ("![b](b.png)", "no file b.png"),
    "a picture of another host": ("![b](https://example.org/b.png)", "from another host"),
    "a table that is read as text": ("Text\n| a | b |\n|---|---|\n| 1 | 2 |", "Markdown is left"),
    "a link in HTML": ('<a href="b.html">b</a>', "b.html leads nowhere"),
    "a link in HTML to no heading": ('<a href="a.html#part-two">b</a>', "no such heading"),
}
"""What a page ends with, and what the build must say."""


def _small(
    folder: Path, ending: str, listed: str = '"index.md", "a.md", "contributing.md", "changelog.md"'
) -> list[str]:
    """Build a site of four pages."""
    site = folder / "docs" / "site"
    site.mkdir(parents=True)
    head, _, rest = (ROOT / "docs" / "site" / "zensical.toml").read_text(encoding="utf-8").partition("nav = [")
    tail = rest.partition("\n]\n")[2]
    (site / "zensical.toml").write_text(f"{head}nav = [{listed}]\n{tail}", encoding="utf-8")
    shutil.copy(ROOT / "docs" / "site" / "site.css", site)
    (folder / "docs" / "a.md").write_text(f"{PAGE}\n{ending}\n", encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        (folder / name).write_text(f"{PAGE}\n[a](docs/a.md#part-one), [this](docs/site/zensical.toml)\n", "utf-8")
    return build(folder, folder / "out")


def main() -> int:
    """Prove it; 1 if the site has a fault, or if a fault is not seen."""
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        failures += build(ROOT, folder / "all")
        pages = sum(1 for _ in (folder / "all" / "site").rglob("*.html"))
        failures += [f"the small site, without a fault: {said}" for said in _small(folder / "good", "Text.")]
        for number, (fault, (ending, wanted)) in enumerate(FAULTS.items()):
            said = _small(folder / str(number), ending)
            if not any(wanted in line for line in said):
                failures.append(f"{fault} is not told: {said}")
        named = "[README.md](../README.md), [README.md](../README.md#part-one), "
        named += "[its words](../README.md), `[README.md](x.md)`"
        failures += [f"links that name a file: {said}" for said in _small(folder / "named", named)]
        page = (folder / "named" / "out" / "site" / "a.html").read_text(encoding="utf-8")
        shown = (">A</a>, <a", ">Part one</a>, <a", ">its words</a>, <code>[README.md](x.md)</code>")
        failures += [f"a link does not say its page's title: {words}" for words in shown if words not in page]
        if not any("nav lacks a.md" in line for line in _small(folder / "unlisted", "Text.", '"index.md"')):
            failures.append("a page that the navigation lacks is not told")
    print("\n".join(failures))
    print(f"{pages} pages, {len(FAULTS) + 1} kinds of faults")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
