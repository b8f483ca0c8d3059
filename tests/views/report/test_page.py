"""The report's page: what is in it, and that nothing from outside becomes markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mlplatform.views.report.report import breakable, csp_hash

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"' & {{ 7 * 7 }} \u2028"
VOID = {"meta", "link", "input", "br", "img", "wbr"}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.inside:
            self.inside[self.open[-1]][-1] += data
        else:
            self.text += data


@pytest.fixture(scope="module")
def parsed(page: str) -> _Page:
    """The page, read."""
    found = _Page(page)
    assert found.open == []
    return found


def test_names_from_outside_stay_text(parsed: _Page) -> None:
    assert HOSTILE in parsed.text
    assert "49" not in re.findall(r"\b49\b", parsed.text.split("What each cloud supports")[0].split("Resources")[0])
    assert [attributes.get("type") for tag, attributes in parsed.tags if tag == "script"] == [
        "application/json",
        "application/json",
        None,
    ]
    assert not [tag for tag, _ in parsed.tags if tag in ("img", "iframe", "object", "embed", "base", "form")]
    for tag, attributes in parsed.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)


def test_it_asks_nothing_of_the_network(parsed: _Page, page: str) -> None:
    for tag, attributes in parsed.tags:
        for name in ("src", "href", "xlink:href", "srcset", "action", "data", "poster"):
            value = attributes.get(name)
            if value is not None and not (tag == "a" and value.startswith("https://")):
                assert value.startswith(("#", "data:")), (tag, name, value)
    assert "@import" not in page
    assert "url(" not in parsed.inside["style"][0]
    assert not re.search(
        r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|innerHTML|eval)\b", parsed.inside["script"][-1]
    )


def test_only_its_own_style_and_script_may_run(parsed: _Page) -> None:
    policy = next(
        a["content"] for t, a in parsed.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'{csp_hash(parsed.inside['script'][-1])}'"
    assert rules["style-src"] == f"'{csp_hash(parsed.inside['style'][0])}'"


def test_the_same_input_gives_the_same_bytes(page: str, again: Callable[[], str]) -> None:
    assert again() == page


def test_resources_are_whole_and_secrets_are_not_in_them(parsed: _Page, page: str) -> None:
    rows = json.loads(parsed.inside["script"][0])
    assert len(rows) == 2_000
    odd = next(row for row in rows if row["name"] == HOSTILE)
    assert odd["inputs"] == {HOSTILE: HOSTILE, "password": "[secret]", "script": "export KEY=[secret]"}
    assert odd["data"] is True
    assert "the-secret-itself" not in page
    assert "AKIA" not in page
    assert next(row for row in rows if row["name"] == "acme-thing-0040")["needs"] == ["acme-thing-0020"]


def test_a_change_shows_its_risks(parsed: _Page) -> None:
    assert "1 deleted, 1 updated" in parsed.text
    assert "stateful-deleted" in parsed.text
    assert ("li", {"class": "critical"}) in parsed.tags


def test_the_diagram_shows_the_change_and_the_list_has_the_same_facts(parsed: _Page) -> None:
    tiles = [
        a.get("class") or "" for tag, a in parsed.tags if tag == "rect" and (a.get("class") or "").startswith("tile")
    ]
    assert "tile data update" in tiles, "the small stack is one component, of which something is deleted"
    assert [tile for tile in tiles if tile.split()[-1] in ("tile", "data")], "nothing is compared in the large one"
    assert parsed.text.count("1 deleted, 1 updated") >= 3, "in the card, in the tile and in the list"


def test_navigation_is_in_the_order_of_the_page(parsed: _Page, page: str) -> None:
    for stack in ("s0", "s1"):
        nav = page.split(f'<section class="panel" id="{stack}"')[1].split("</nav>")[0]
        links = re.findall(r'href="#([\w-]+)"', nav)
        places = [page.index(f'id="{link}"') for link in links]
        assert places == sorted(places)
        headings = re.findall(rf'<section id="({stack}-[\w]+)"', page)
        assert [link for link in links if link.startswith(stack)] == headings


def test_lines_break_between_words() -> None:
    assert breakable("aws:s3/bucketVersioning:Bucket-a_b.c") == (
        "aws:<wbr>s3/<wbr>bucket<wbr>Versioning:<wbr>Bucket-<wbr>a_<wbr>b.<wbr>c"
    )
    assert breakable("<b>-x") == "&lt;b&gt;-<wbr>x"


def test_ids_are_unique_and_links_and_labels_lead_somewhere(parsed: _Page) -> None:
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in parsed.tags:
        for name in ("href", "aria-labelledby"):
            value = attributes.get(name) or ""
            if name == "aria-labelledby" or value.startswith("#"):
                assert all(one in ids for one in value.removeprefix("#").split()), (name, value)


def test_tables_and_pictures_have_names(parsed: _Page) -> None:
    tables = [a for t, a in parsed.tags if t == "th"]
    assert tables
    assert all(attributes.get("scope") in ("col", "row") for attributes in tables)
    for _, attributes in (found for found in parsed.tags if found[0] == "svg"):
        assert attributes.get("aria-label") or attributes.get("aria-labelledby")


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_can_be_read_in_light_and_dark(root: Path) -> None:
    """WCAG 2.2 AA: https://www.w3.org/TR/WCAG22/#contrast-minimum."""
    style = (root / "templates" / "report" / "report.css").read_text(encoding="utf-8")
    themes = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root[^{]*\{([^}]*)\}", style)
    ]
    assert len(themes) == 3
    assert themes[1] == themes[2]
    grounds = ("ground", "card", "raise", "code", "tile", "cap", "net", "sub")
    pairs = [(ink, ground) for ink in ("ink", "soft") for ground in grounds]
    pairs += [(level, f"{level}-ground") for level in ("critical", "high", "medium", "low", "info", "good")]
    pairs += [(ink, "card") for ink in ("accent", "good", "critical", "medium")]
    for colours in themes:
        for ink, ground in pairs:
            one, other = sorted((_luminance(colours[ink]), _luminance(colours[ground])))
            assert (other + 0.05) / (one + 0.05) >= 4.5, (ink, ground)


def test_stacks_are_side_by_side(parsed: _Page) -> None:
    shown = parsed.text.split("Stacks side by side")[1].split("Fields without")[0]
    assert "2,000" in shown, "resources of the large stack"
    assert "US dollars a month, as expected" in shown
    heads = [word for word in re.split(r"\s{2,}|\n", shown) if word == "small"]
    assert heads, "each stack is the head of a column"
    assert ("section", {"class": "wide-section", "id": "targets", "aria-labelledby": "targets-title"}) in parsed.tags
