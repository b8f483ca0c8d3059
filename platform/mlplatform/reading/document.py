"""Reads YAML and JSON with the line of every value, and within limits of size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import yaml

from mlplatform.json_text import NotJson, parse_json
from mlplatform.reading.describe.shape import Location
from mlplatform.reading.yaml_tree import MAX_DEPTH, NotReadable, YamlNode, parse_yaml, too_deep_error


@dataclass(frozen=True, slots=True)
class SpecDocument:
    """The values of a file and their lines."""

    data: object
    """Plain dicts, lists and scalars."""

    lines: dict[Location, int]
    """Line of every value (of its key, in a mapping), from 1."""


def read_yaml(text: str) -> SpecDocument:
    """Read one YAML document, or one JSON document.

    Raises:
        NotReadable: syntax, duplicate keys, several documents, tags, or more than the limits.
    """
    try:
        root = parse_yaml(text)
    except yaml.MarkedYAMLError as error:
        from mlplatform.reading.refusals.yaml_words import told_yaml

        raise told_yaml(text, error) from None
    except yaml.YAMLError:
        raise NotReadable(
            "a character that YAML forbids", "printable text", "remove control characters from the file"
        ) from None
    if root is None:
        return SpecDocument(None, {})
    lines: dict[Location, int] = {}
    return SpecDocument(_plain(root, (), lines), lines)


def read_json(text: str) -> SpecDocument:
    """Read one JSON document; the lines are those of the same text read as YAML.

    Raises:
        NotReadable: as for YAML.
    """
    try:
        data = parse_json(text)
    except NotJson as error:
        raise NotReadable(error.got, error.expected, error.fix, error.line) from None
    # the parser has shown that no string contains a raw tab, and YAML refuses tabs between tokens
    return SpecDocument(data, read_yaml(text.replace("\t", " ")).lines)


def _plain(node: YamlNode, at: Location, lines: dict[Location, int]) -> object:
    lines.setdefault(at, node.line)
    if len(at) > MAX_DEPTH:
        raise too_deep_error(node.line)
    if node.kind == "scalar":
        return node.value
    if node.kind == "list":
        return [_plain(item, (*at, index), lines) for index, (_, item) in enumerate(node.items)]
    mapping: dict[str, object] = {}
    merged: dict[str, object] = {}
    for key, item in node.items:
        assert key is not None  # a mapping's items always have one
        if key.kind != "scalar":
            raise NotReadable(
                "a list or mapping as key, as {{ }} of a template reads",
                "a field name",
                "write the name, or the value itself: a spec in YAML is no template",
                key.line,
            )
        name = key.value
        if name == "<<":
            sources = [item] if item.kind == "map" else [source for _, source in item.items]
            for source in sources:
                inner = _plain(source, at, lines)
                if not isinstance(inner, dict):
                    raise NotReadable(
                        "'<<' with a value that is no mapping",
                        "a mapping to merge",
                        "merge an alias of a mapping",
                        key.line,
                    )
                for inner_name, value in cast("dict[str, object]", inner).items():
                    merged.setdefault(inner_name, value)
            continue
        if not isinstance(name, str):
            name = "null" if name is None else str(name).lower() if isinstance(name, bool) else str(name)
        if name in mapping:
            raise _duplicate(name, key.line)
        lines[(*at, name)] = key.line
        mapping[name] = _plain(item, (*at, name), lines)
    return {**merged, **mapping}


def _duplicate(name: str, line: int | None) -> NotReadable:
    return NotReadable(f"the key '{name[:40]}' twice", "each key once", "keep one of the two", line)
