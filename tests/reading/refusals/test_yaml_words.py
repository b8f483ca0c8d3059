"""Mistakes in YAML are told in the words of who made them, with the line to change, by both of the parsers."""

from __future__ import annotations

import pytest
import yaml

from mlplatform.reading.document import read_yaml
from mlplatform.reading.yaml_tree import NotReadable

MISTAKES = {
    "name: acme\ntargets:\n\t- cloud: aws\n": (3, "a tab", "spaces for each tab"),
    'name: acme\nowner: team: a\ntags: {a: "1"}\n': (2, "a second ': ' in the value of owner", 'owner: "…"'),
    "name: acme's: x\n": (1, "a second ': '", 'name: "…"'),
    "name: acme\n  owner: team\n": (2, "has its value already", "indent it as the line above"),
    "targets:\n  - cloud: aws\n    region: x\n     zones: [a]\n": (4, "indented by 5", "as the line above"),
    "name: acme\ntargets:\n  - cloud: aws\n region: x\n": (4, "indented by 1", "as the entries beside it"),
    "name: acme\ntargets: [{cloud: aws, region: x\n": (2, "a { that is never closed", "write }"),
    "targets: [\n  {cloud: aws},\nname: x\n": (1, "a [ that is never closed", "write ]"),
    'name: acme\ntags: {a: "1" b: "2"}\n': (2, "two entries without a comma", "write the comma"),
    'name: "acme\nowner: team\n': (1, 'a " that is never closed', 'close it with "'),
    'name: acme\nowner: "a\ncost: b\nid: "12"\n': (2, 'a " that is never closed', 'close it with "'),
    "name: acme\nendpoints: [\n": (2, "a [ that is never closed", "write ]"),
    "name: acme\nowner: 'it's'\ntags: {}\n": (2, "more text behind the closing '", 'write " around a text'),
    'name: acme\nowner: "C:\\dir"\n': (2, "a backslash in double quotes", "single quotes"),
    'name: acme\nowner:team\ncost_center: "1"\n': (2, "no space behind 'owner:'", "write `owner: …`"),
    "name: acme\ntargets:\n  -cloud: aws\n   region: x\n": (3, "no space behind the dash", "write `- cloud: …`"),
    "name: acme\nowner: @team\n": (2, "begins with @", "quotes around it"),
    "name: acme\nowner: `team`\n": (2, "begins with `", "quotes around it"),
    "name: acme\ntags:\n  a: *.example.com\n": (3, "begins with *", "quotes around it"),
    "name: acme\njust text\nowner: x\n": (2, "a line without ': '", "write `key: value`"),
    "x-pool: &pool {a: 1}\nb: *pol\n": (2, "an alias without an anchor: *pol", "did you mean *pool?"),
    "b: *nothing\n": (1, "an alias without an anchor", "write the value out"),
}


@pytest.mark.parametrize("native", [True, False], ids=["libyaml", "python"])
@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_told_where_it_is(text: str, native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if native and not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml")
    if not native:
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    line, got, fix = MISTAKES[text]
    with pytest.raises(NotReadable) as refused:
        read_yaml(text)
    assert refused.value.line == line
    assert got in refused.value.got
    assert fix in refused.value.fix
    for parser_s in ("token", "scalar", "mapping values", "block", "flow", "%"):
        assert parser_s not in f"{refused.value.got} {refused.value.fix}"


def test_every_broken_text_is_refused_and_none_is_a_failure() -> None:
    whole = 'name: "acme"\ntags: {a: "1", b: [x, y]}\ntargets:\n  - cloud: aws\n    region: us-east-1\n'
    for cut in range(len(whole)):
        for text in (whole[:cut], whole[:cut] + "\t" + whole[cut:], whole[:cut] + ": " + whole[cut:]):
            refused: NotReadable | None = None
            try:
                read_yaml(text)
            except NotReadable as error:
                refused = error
            if refused and refused.line is not None:
                assert 1 <= refused.line <= text.count("\n") + 1
