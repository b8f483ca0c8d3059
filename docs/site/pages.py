"""The pages of the site, made of what the repository holds: documents, and each file that a document links to."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NAMED = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Documents outside of docs/, with the names of their pages."""

SOURCE = "source"
"""The folder of pages that show a file of the repository."""

NEEDS = {
    "needs=account": "needs an account",
    "needs=cluster": "needs a cluster that runs",
    "needs=minutes": "takes minutes",
    "needs=network": "fetches packages or images",
    "needs=pulumi": "needs Pulumi's engine",
    "needs=record": "needs a record of releases",
    "needs=tools": "needs tools of your own",
}
"""What is told of a block that runs only where something else is; tests/pages/marks.py has the reasons."""

LANGUAGES = {
    ".py": "python",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".json": "json",
    ".ts": "typescript",
    ".sh": "sh",
    ".md": "markdown",
}
_FENCE = re.compile(r"^(\s*)(```+)([^\n]*)$")
_LINK = re.compile(
    r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|(?<=\]\()(?P<link>[^)\s]+)(?=\))"
    r"|(?<=\[)(?:[\w./-]+/)?[\w-]+\.md(?=\]\((?P<named>[^)\s]+\.md)(?P<anchor>#[^)\s]*)?\))"
)
"""Code between backquotes, the target of a link, or a link's text that is the name of a document."""
_HEADING = re.compile(r"^#+ (.*)$", re.M)
_OUTER = re.compile(r"^(?:[a-z]+:|#|//)")
_LARGEST = 200_000


class BadDocument(ValueError):
    """What is wrong with a document, one problem a line."""


@dataclass(slots=True)
class Pages:
    """Puts the pages together.

    Args:
        root: the repository.
        out: a folder for the pages, empty.
    """

    root: Path
    out: Path
    problems: list[str] = field(default_factory=list[str])
    _shown: set[str] = field(default_factory=set[str])

    def write(self) -> None:
        """Write every page.

        Raises:
            BadDocument: a document links to what is not there.
        """
        for file in sorted((self.root / "docs").iterdir()):
            if file.suffix == ".md":
                self._document(f"docs/{file.name}", file.name)
            elif file.suffix in (".png", ".svg"):
                self.out.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, self.out / file.name)
        for name, page in NAMED.items():
            self._document(name, page)
        if self.problems:
            raise BadDocument("\n".join(self.problems))

    def _document(self, path: str, page: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        self._put(page, "\n".join(self._lines(path, page, text)) + "\n")

    def _lines(self, path: str, page: str, text: str) -> Iterator[str]:
        fence = ""
        for number, line in enumerate(text.splitlines(), 1):
            if found := _FENCE.match(line):
                indent, marks, words = found.groups()
                fence, line = ("", line) if fence else (marks, f"{indent}{marks}{_told(words)}")
            elif not fence:
                at = f"{path}:{number}"
                line = _LINK.sub(lambda found, at=at: self._linked(at, path, page, found), line)
            yield line
            if not fence and line.startswith("<!--"):
                yield ""  # a table is none right below a comment

    def _linked(self, at: str, path: str, page: str, found: re.Match[str]) -> str:
        """A part of a line, as the page has it: readers of a site know pages by their titles, not by files."""
        if found["link"]:
            return self._link(at, path, page, found["link"])
        return self._title(path, found["named"], found["anchor"] or "", found[0]) if found["named"] else found[0]

    def _title(self, path: str, name: str, anchor: str, words: str) -> str:
        """The heading that a link leads to; the link's own words where there is none."""
        there = self.root / posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        if not there.is_file():
            return words
        headings = _HEADING.findall(there.read_text(encoding="utf-8"))
        wanted = [heading for heading in headings if not anchor or slugify(heading) == anchor[1:]]
        return re.sub(r"^\d+\. |`", "", wanted[0]) if wanted else words

    def _link(self, at: str, path: str, page: str, link: str) -> str:
        """A link of a document, as its page has it."""
        if _OUTER.match(link):
            return link
        name, hash_, anchor = link.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        there = self.root / target
        if target.startswith("..") or not there.exists():
            self.problems.append(f"{at}: no file {name}")
            return link
        shown = self._page_of(target, there)
        return posixpath.relpath(shown, posixpath.dirname(page) or ".") + hash_ + anchor

    def _page_of(self, target: str, there: Path) -> str:
        if target in NAMED:
            return NAMED[target]
        folder, _, name = target.rpartition("/")
        if folder == "docs":
            return name
        page = f"{SOURCE}/{target}/index.md" if there.is_dir() else f"{SOURCE}/{target}.md"
        if target not in self._shown:
            self._shown.add(target)
            self._put(page, self._folder(target, there, page) if there.is_dir() else self._file(target, there, page))
        return page

    def _file(self, target: str, there: Path, page: str) -> str:
        text = there.read_text(encoding="utf-8")
        if there.suffix == ".md":
            return "\n".join(self._lines(target, page, text)) + "\n"
        marks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
        return f"# {target}\n\n{marks}{LANGUAGES.get(there.suffix, 'text')}\n{text.rstrip()}\n{marks}\n"

    def _folder(self, target: str, there: Path, page: str) -> str:
        """A page with the files of a folder; its README first."""
        rows: list[str] = []
        for file in sorted(there.rglob("*")):
            inner = file.relative_to(there)
            hidden = any(part.startswith((".", "__pycache__")) for part in inner.parts)
            if file.is_file() and not hidden and file.stat().st_size <= _LARGEST and _is_text(file):
                shown = self._page_of(f"{target}/{inner.as_posix()}", file)
                rows.append(f"- [{inner.as_posix()}]({posixpath.relpath(shown, posixpath.dirname(page))})")
        return f"# {target}\n\nThe files of this folder:\n\n" + "\n".join(rows) + "\n"

    def _put(self, page: str, text: str) -> None:
        file = self.out / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def slugify(heading: str) -> str:
    """The anchor of a heading, as Git hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-")


def _told(words: str) -> str:
    """The words behind a fence: the language, and the others as the title of the block."""
    language, *rest = words.split() or [""]
    told = [NEEDS.get(word, word) for word in rest if word != "form" and not word.startswith(("of=", "exit="))]
    title = ", ".join(word.removeprefix("file=") for word in told)
    return f'{language} title="{title}"' if title else language


def _is_text(file: Path) -> bool:
    try:
        file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True
