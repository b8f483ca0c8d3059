"""Rewrites YAML and JSON specs of earlier versions in place: comments, order and quotes stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.problem import Problem
from mlplatform.spec.versions import CURRENT, RENAMES, Rename, explain_version

_FIELD = "spec_version"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a text."""

    start: int
    """Position of its first character."""

    end: int
    """Position after its last one."""

    new: str
    """The new text."""

    line: int
    """Its line, from 1."""

    description: str
    """The change, for people."""


def migration_edits(text: str) -> tuple[Edit, ...]:
    """The changes that bring a document to the current version, in order; none if it has it.

    Raises:
        Unacceptable: it has a later version, or a field under both names.
        yaml.YAMLError: broken syntax.
    """
    # JSON allows tabs and YAML does not; a space of the same width keeps all positions
    root = yaml.compose(text.replace("\t", " "), Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return ()
    renames = list(_renames(root, "", set()))
    version = _version(text, root, changed=bool(renames))
    return tuple(sorted((*renames, *version), key=lambda edit: edit.start))


def apply_edits(text: str, changes: tuple[Edit, ...]) -> str:
    """The text after the changes."""
    for change in reversed(changes):
        text = text[: change.start] + change.new + text[change.end :]
    return text


def _renames(node: yaml.Node, path: str, seen: set[tuple[int, str]]) -> Iterator[Edit]:
    # an alias is the node of its anchor: once is enough, and a loop ends
    if (id(node), path) in seen:
        return
    seen.add((id(node), path))
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _renames(item, path, seen)
    elif isinstance(node, yaml.MappingNode):
        names = {key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            here = path if key.value == "<<" else f"{path}.{key.value}".lstrip(".")
            rename = next((rename for rename in RENAMES if rename.path == here), None)
            if rename and key.value != "<<":
                yield _renamed(key, rename, names)
            yield from _renames(value, here, seen)


def _renamed(key: yaml.ScalarNode, rename: Rename, names: set[str]) -> Edit:
    line = key.start_mark.line + 1
    if rename.to in names:
        got = f"'{rename.name}' beside '{rename.to}', which is its new name"
        raise Unacceptable(Problem(rename.path, got, "one of the two", f"remove '{rename.name}'", line=line))
    quote = key.style if key.style in ("'", '"') else ""
    description = f"{rename.path} is `{rename.to}` since version {rename.since}: {rename.reason}"
    return Edit(key.start_mark.index, key.end_mark.index, f"{quote}{rename.to}{quote}", line, description)


def _version(text: str, root: yaml.MappingNode, *, changed: bool) -> Iterator[Edit]:
    description = f"{_FIELD} is {CURRENT}"
    for key, value in root.value:
        if isinstance(key, yaml.ScalarNode) and key.value == _FIELD:
            line = value.start_mark.line + 1
            got = int(value.value) if isinstance(value, yaml.ScalarNode) and value.value.isdigit() else 0
            if got > CURRENT or got < 1:
                expected, fix = explain_version(got)
                raise Unacceptable(Problem(_FIELD, str(value.value)[:40], expected, fix, line=line))
            if got != CURRENT:
                yield Edit(value.start_mark.index, value.end_mark.index, str(CURRENT), line, description)
            return
    if changed and root.value:
        first = root.value[0][0].start_mark
        quoted = f'"{_FIELD}": {CURRENT},' if root.flow_style else f"{_FIELD}: {CURRENT}"
        before = text[text.rfind("\n", 0, first.index) + 1 : first.index]
        # on a line of its own if the first field is
        parted = ("\r\n" if "\r\n" in text else "\n") + before if not before.strip() else " "
        yield Edit(first.index, first.index, f"{quoted}{parted}", first.line + 1, description)
