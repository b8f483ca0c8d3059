"""What is wrong with the syntax of a YAML file, in the words of somebody who writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from mlplatform.reading.yaml_tree import NotReadable

_KEY = re.compile(r"^\s*(?:- )*\s*([\w.-]+):")


def told_yaml(text: str, error: yaml.MarkedYAMLError) -> NotReadable:
    """The refusal of a broken document, with the line to change.

    Args:
        text: the document.
        error: what the parser said of it.
    """
    broken = _Broken.of(text, error)
    return (
        broken.tab()
        or broken.open_quote()
        or broken.text_behind_quote()
        or broken.colon_in_text()
        or broken.no_space()
        or broken.special_character()
        or broken.open_bracket()
        or broken.no_colon()
        or broken.quote_over_lines()
        or broken.bracket_without_end()
        or broken.indentation()
        or NotReadable(
            error.problem or "broken syntax",
            "valid YAML",
            "indent with spaces, and quote text that contains ': ' or starts with a special character",
            broken.at + 1,
        )
    )


@dataclass(frozen=True, slots=True)
class _Broken:
    """A broken document: each method is one mistake, and answers None where it was another."""

    lines: list[str]
    """The document's lines."""

    at: int
    """The line that the parser stopped at, from 0."""

    column: int
    """The column there."""

    began: int
    """The line where what it was reading begins."""

    begin_column: int
    """The column there."""

    said: str
    """Its words."""

    reading: str
    """What it was reading, in its words."""

    @classmethod
    def of(cls, text: str, error: yaml.MarkedYAMLError) -> _Broken:
        """What a parser said of a document."""
        lines = text.splitlines() or [""]
        mark = error.problem_mark or error.context_mark
        first = error.context_mark or mark
        return cls(
            lines,
            min(mark.line, len(lines) - 1) if mark else 0,
            mark.column if mark else 0,
            min(first.line, len(lines) - 1) if first else 0,
            first.column if first else 0,
            error.problem or "",
            error.context or "",
        )

    def tab(self) -> NotReadable | None:
        """Lines that are indented by tabs."""
        for number in (self.at, self.at + 1, self.began):
            line = self.lines[number] if number < len(self.lines) else ""
            if "\t" in line[: len(line) - len(line.lstrip())]:
                fix = "write two spaces for each tab"
                return NotReadable("a tab at the beginning of the line", "spaces", fix, number + 1)
        return None

    def open_quote(self) -> NotReadable | None:
        """A quote without its second one, and escapes that nobody meant."""
        if "quoted scalar" not in self.reading:
            return None
        if "escape" in self.said:
            got = "a backslash in double quotes, which begins an escape"
            return NotReadable(got, "text as it stands", "write single quotes around it", self.at + 1)
        quote = self.lines[self.began][self.begin_column : self.begin_column + 1] or '"'
        expected = f"a second {quote} at the end of the text"
        return NotReadable(f"a {quote} that is never closed", expected, f"close it with {quote}", self.began + 1)

    def quote_over_lines(self) -> NotReadable | None:
        """A quote that a later line closes by chance, so that the lines between are one text."""
        for number in range(self.at - 1, -1, -1):
            found = re.search(r"""[:-]\s+(["'])(?:(?!\1).)*$""", self.lines[number])
            if found:
                quote = found[1]
                expected = f"a second {quote} at the end of the text"
                return NotReadable(f"a {quote} that is never closed", expected, f"close it with {quote}", number + 1)
        return None

    def bracket_without_end(self) -> NotReadable | None:
        """A list or mapping with brackets, of which the document has only the first."""
        for number in range(self.at, -1, -1):
            for begin, end in (("[", "]"), ("{", "}")):
                rest = "\n".join(self.lines[number:])
                if begin in self.lines[number] and rest.count(begin) > rest.count(end):
                    fix = f"write {end} behind its last entry"
                    return NotReadable(f"a {begin} that is never closed", f"a {end} at its end", fix, number + 1)
        return None

    def text_behind_quote(self) -> NotReadable | None:
        """A quote inside of the quotes around a text."""
        found = re.match(r"""^\s*(?:- )*\s*(?:[\w.-]+:\s+)?("[^"]*"|'[^']*')\s*[^\s#,:\]}]""", self.lines[self.at])
        if not found:
            return None
        quote, other = found[1][0], "'" if found[1][0] == '"' else '"'
        fix = f"write {other} around a text with {quote} in it"
        return NotReadable(f"more text behind the closing {quote}", "one text in quotes", fix, self.at + 1)

    def colon_in_text(self) -> NotReadable | None:
        """A text with a colon and a space, without quotes."""
        line = self.lines[self.at]
        key = _KEY.match(line)
        rest = line[key.end() :] if key else ""
        if not key or "mapping values are not allowed" not in self.said or not re.search(r":(\s|$)", rest):
            return None
        return NotReadable(
            f"a second ': ' in the value of {key[1]}",
            "a text with ': ' in quotes",
            f'write quotes around the value: {key[1]}: "…"',
            self.at + 1,
        )

    def no_space(self) -> NotReadable | None:
        """A key without a space behind its colon, and an entry without one behind its dash."""
        for number in (self.began, self.at, max(self.at - 1, 0)):
            line = self.lines[number]
            if found := re.match(r"^\s*(?:- )?([A-Za-z_][\w-]*):(?=[^\s/:])", line):
                expected = "a key, a colon and a space"
                return NotReadable(f"no space behind '{found[1]}:'", expected, f"write `{found[1]}: …`", number + 1)
            if found := re.match(r"^\s*-([A-Za-z_][\w-]*):\s", line):
                expected = "a dash and a space before each entry"
                return NotReadable("no space behind the dash", expected, f"write `- {found[1]}: …`", number + 1)
        return None

    def special_character(self) -> NotReadable | None:
        """A text that begins with a character which YAML has another use for."""
        if "cannot start any token" not in self.said and "alias" not in self.reading:
            return None
        line = self.lines[self.at]
        value = re.search(r"(?::|-|^)\s+([@`%*&!|>].*)$", line)
        begins = value[1][0] if value else line[self.column : self.column + 1]
        if not begins.strip():
            return None
        fix = 'write quotes around it: "…"'
        return NotReadable(f"a value that begins with {begins}", "a text in quotes", fix, self.at + 1)

    def open_bracket(self) -> NotReadable | None:
        """A list or mapping on one line that does not end, or lacks a comma."""
        kinds = {"flow mapping": ("{", "}"), "flow sequence": ("[", "]")}
        found = next((pair for words, pair in kinds.items() if words in self.reading), None)
        if found is None:
            return None
        begin, end = found
        rest = "\n".join(self.lines[self.began :])
        if rest.count(begin) > rest.count(end):
            fix = f"write {end} behind its last entry"
            return NotReadable(f"a {begin} that is never closed", f"a {end} at its end", fix, self.began + 1)
        expected = f"entries with commas, and {end} at the end"
        return NotReadable("two entries without a comma between them", expected, "write the comma", self.at + 1)

    def no_colon(self) -> NotReadable | None:
        """A line that is no key with a value."""
        if "could not find expected ':'" not in self.said:
            return None
        if "\u00a0" in self.lines[self.began]:
            got = "a space that no keyboard writes (U+00A0); the text was pasted from a page"
            return NotReadable(got, "plain spaces", "delete it and type a space", self.began + 1)
        fix = "write `key: value`, or indent what continues a text"
        return NotReadable("a line without ': '", "a key and its value", fix, self.began + 1)

    def indentation(self) -> NotReadable | None:
        """A line below one that has its value already, or one that fits none of the lines above."""
        line = self.lines[self.at]
        depth = len(line) - len(line.lstrip())
        above = [each for each in self.lines[: self.at] if each.strip() and not each.lstrip().startswith("#")]
        if not line.strip() or not above:
            return None
        beside = _depth(above[-1])
        if depth > beside and not above[-1].rstrip().endswith((":", "|", ">", "-")):
            return NotReadable(
                f"a line that is indented by {depth}, below one that has its value already",
                f"{beside or 'no'} spaces, as there, or no value there",
                "indent it as the line above",
                self.at + 1,
            )
        depths = sorted({_depth(each) for each in above} | {len(each) - len(each.lstrip()) for each in above})
        if depth in depths:
            return None
        expected = f"the spaces of a line above: {', '.join(map(str, depths))}"
        fix = "indent it as the entries beside it"
        return NotReadable(f"a line that is indented by {depth}", expected, fix, self.at + 1)


def _depth(line: str) -> int:
    """Where the key of a line begins, behind its dashes."""
    found = re.match(r"^(\s*(?:- +)*)", line)
    return len(found[1]) if found else 0
