"""Whatever a name or value holds, a comment shows it as text: read back by a parser of GitHub's markdown."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mlplatform.views.escape import block, code, escape, html_text, mermaid_label, one_line, sentence

PARSER = MarkdownIt("gfm-like", {"linkify": False, "html": True})
HOSTILE = [
    "</details><script>alert(1)</script>",
    "<!-- mlplatform:comment:review -->",
    "[click](https://evil.example)",
    "![x](https://evil.example/p.png)",
    "| a | b |",
    "```\n# heading",
    "@acme/everyone see #1 and !2",
    "**bold** _it_ ~~gone~~",
    "- item\n- item",
    "1. one",
    "https://evil.example www.evil.example",
    "&lt;b&gt; &#64;",
    "line\u2028break \u202e turned",
    "\\`\\",
    "'quoted' `ticked`",
]
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60), st.text("`|<>*_[]()#@!&\\-+~=\n 1.a'", max_size=30))


def _kinds(tokens: list[Token]) -> set[str]:
    found: set[str] = set()
    for token in tokens:
        found.add(token.type)
        found |= _kinds(token.children or [])
    return found


def _inline(markdown: str) -> list[Token]:
    return [child for token in PARSER.parse(markdown) for child in token.children or []]


@settings(max_examples=50, deadline=None)
@given(texts)
@example("- a")
@example("<!--")
def test_escaped_text_is_text(text: str) -> None:
    markdown = escape(text)
    assert _kinds(PARSER.parse(markdown)) <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
    shown = "".join(token.content for token in _inline(markdown)).replace("\u200b", "")
    assert shown == one_line(text).replace("\u200b", "")


@settings(max_examples=50, deadline=None)
@given(texts)
def test_code_is_one_span(text: str) -> None:
    spans = [token for token in _inline(f"a {code(text)} b") if token.type == "code_inline"]
    assert len(spans) == 1
    assert spans[0].content.strip() == one_line(text).replace("|", "\u2223").strip()


@settings(max_examples=50, deadline=None)
@given(texts, texts)
def test_a_table_keeps_its_cells(first: str, second: str) -> None:
    tokens = PARSER.parse(f"| h | i |\n|---|---|\n| {escape(first)} | {code(second)} |\n")
    assert [token.type for token in tokens].count("td_open") == 2
    assert "html_inline" not in _kinds(tokens)
    assert "link_open" not in _kinds(tokens)


@settings(max_examples=50, deadline=None)
@given(texts)
def test_nothing_ends_a_block(text: str) -> None:
    tokens = PARSER.parse("\n".join([*block(text, "diff"), "", "after"]))
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]


class _Html(HTMLParser):
    """What a browser makes of HTML: its tags, and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_data(self, data: str) -> None:
        self.text += data


@settings(max_examples=50, deadline=None)
@given(texts)
@example("fraud_scorer*_x_*")
def test_text_in_html_is_text(text: str) -> None:
    page = _Html()
    page.feed(PARSER.render(f"<details><summary>{html_text(text)}</summary>\n\nafter\n\n</details>\n"))
    page.close()
    assert page.tags == ["details", "summary", "p"]
    assert page.text.replace("\u200b", "").split("\n")[0] == one_line(text).replace("\u200b", "")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_a_label_has_no_syntax_of_mermaid(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_ .,/:+?-]{0,40}", mermaid_label(text))


@pytest.mark.parametrize("text", ["@acme/team", "#12", "!3", "https://a.example", "www.a.example", "a@b.example"])
def test_no_mention_reference_or_address(text: str) -> None:
    assert not re.search(r"@\w|#\d|!\d|://\w|www\.\w", escape(text))


def test_quoted_values_of_a_sentence_are_code() -> None:
    assert sentence("Kept for less: '365 days' becomes '<b>'.") == "Kept for less: `365 days` becomes `<b>`."
