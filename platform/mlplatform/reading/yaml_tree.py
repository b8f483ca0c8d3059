"""A tree from YAML's events: without recursion or expanded aliases, and with the line of every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
)

from mlplatform.reading.scalar import UnknownTag, scalar_value

MAX_VALUES = 100_000
"""Maximum of values in a document with all aliases written out."""
MAX_DEPTH = 64
"""Maximum levels of nesting; the spec itself needs ten."""


class NotReadable(ValueError):
    """The text is not an acceptable document."""

    def __init__(self, got: str, expected: str, fix: str, line: int | None = None) -> None:
        super().__init__(f"{got}: expected {expected}")
        self.got, self.expected, self.fix, self.line = got, expected, fix, line


@dataclass(slots=True)
class YamlNode:
    """A value with its line and its items."""

    line: int
    value: object = None
    items: list[tuple[YamlNode | None, YamlNode]] = field(default_factory=list["tuple[YamlNode | None, YamlNode]"])
    kind: str = "scalar"
    size: int = 1
    key: YamlNode | None = None


def parse_yaml(text: str) -> YamlNode | None:
    """The tree of one YAML document; None if it is empty.

    Raises:
        NotReadable: several documents, tags, unknown aliases, or more than the limits.
        yaml.YAMLError: broken syntax.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    anchors: dict[str, YamlNode | None] = {}
    stack: list[YamlNode] = []
    root: YamlNode | None = None
    documents = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, DocumentStartEvent):
            documents += 1
            anchors = {}
            if documents > 1:
                raise NotReadable(
                    "two documents in one file",
                    "one platform per file",
                    "move what follows '---' to its own file",
                    line,
                )
        elif isinstance(event, AliasEvent):
            target = anchors.get(event.anchor or "")
            if target is None:
                raise _no_anchor(event.anchor or "", anchors, line)
            root = _add(stack, YamlNode(line, target.value, target.items, target.kind, target.size), root)
        elif isinstance(event, ScalarEvent):
            node = YamlNode(line, _scalar(event, line))
            if event.anchor:
                anchors[event.anchor] = node
            root = _add(stack, node, root)
        elif isinstance(event, CollectionStartEvent):
            if not event.implicit and event.tag != "!":
                raise _tagged(event.tag, line)
            if len(stack) >= MAX_DEPTH:
                raise too_deep_error(line)
            node = YamlNode(line, kind="map" if isinstance(event, MappingStartEvent) else "list")
            node.value = event.anchor
            if event.anchor:
                anchors[event.anchor] = None
            stack.append(node)
        elif isinstance(event, CollectionEndEvent):
            node = stack.pop()
            if isinstance(node.value, str):
                anchors[node.value] = node
            root = _add(stack, node, root)
    return root


def _no_anchor(name: str, anchors: Mapping[str, YamlNode | None], line: int) -> NotReadable:
    from mlplatform.similar import nearest_names  # on first use: most documents need none

    what = "an alias inside its own anchor" if name in anchors else "an alias without an anchor"
    close = nearest_names(name, [each for each, node in anchors.items() if node is not None])
    fix = f"did you mean *{close[0][:40]}?" if close else "write the value out, or in quotes if it is a text"
    return NotReadable(f"{what}: *{name[:40]}", f"an anchor defined before: &{name[:40]}", fix, line)


def _scalar(event: ScalarEvent, line: int) -> object:
    try:
        return scalar_value(event.value, plain=not event.style and bool(event.implicit[0]), tag=event.tag)
    except UnknownTag as error:
        raise _tagged(error.tag, line) from None


def _tagged(tag: str | None, line: int) -> NotReadable:
    got = f"the tag {(tag or '')[:60]}"
    return NotReadable(got, "plain values, lists and mappings", "remove the tag and write the value", line)


def _add(stack: list[YamlNode], node: YamlNode, root: YamlNode | None) -> YamlNode | None:
    if not stack:
        return node
    parent = stack[-1]
    parent.size += node.size
    if parent.size > MAX_VALUES:
        raise NotReadable(
            f"more than {MAX_VALUES:,} values once its aliases are written out",
            "a document of the size of a platform",
            "remove nested aliases (*name), or split the platform",
            node.line,
        )
    if parent.kind == "list":
        parent.items.append((None, node))
    elif parent.key is None:
        parent.key = node
    else:
        parent.items.append((parent.key, node))
        parent.key = None
    return root


def too_deep_error(line: int | None) -> NotReadable:
    """The error for too many levels."""
    return NotReadable(f"more than {MAX_DEPTH} levels", "a document as deep as a platform", "flatten it", line)
