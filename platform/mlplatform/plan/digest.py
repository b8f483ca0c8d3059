"""The digest of a preview: one line for all its changes, to compare what was approved with what would run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import cast

_STILL = ("same", "read", "refresh")
"""Operations without a change in the cloud."""

_OPTIONS = ("protect", "retainOnDelete")
"""Options whose change is no operation, but decides what later ones may do."""

Document = Mapping[str, object]


class NoPreview(ValueError):
    """The document is not a preview; the text has got and expected."""


def digest_preview(document: object) -> str:
    """The `sha256:…` digest of a preview's changes.

    Two previews with the same digest do the same to the same resources: the values that change, from
    what and to what, count, and the reasons for replacements. Everything else does not: times, outputs,
    the order of steps, and a count that an autoscaler moved and the update leaves alone. Secrets count as
    changed or unchanged, because their values are not in a preview.

    Args:
        document: output of `pulumi preview --json` or `mlplatform plan --format json`.

    Raises:
        NoPreview: it is another document.
    """
    if not isinstance(document, dict) or not isinstance(steps := cast("Document", document).get("steps", []), list):
        raise NoPreview("got no steps, expected the document of `pulumi preview --json`")
    if "steps" not in document and "changeSummary" not in document:
        raise NoPreview("got neither steps nor a change summary, expected the document of `pulumi preview --json`")
    lines = sorted(json.dumps(line, sort_keys=True) for line in _lines(cast("list[object]", steps)))
    text = "\n".join(lines)
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def join_digests(digests: Sequence[str]) -> str:
    """The digest of several previews together, in the order in which they are applied; of one, its own."""
    if len(digests) == 1:
        return digests[0]
    return f"sha256:{sha256(chr(10).join(digests).encode()).hexdigest()}"


def _lines(steps: list[object]) -> Iterator[list[object]]:
    for item in steps:
        if not isinstance(item, dict) or not isinstance((step := cast("Document", item)).get("urn"), str):
            raise NoPreview("got a step without a urn, expected the document of `pulumi preview --json`")
        before, after = _state(step.get("oldState")), _state(step.get("newState"))
        changed = [
            [option, bool(before.get(option)), bool(after.get(option))]
            for option in _OPTIONS
            if before and after and bool(before.get(option)) != bool(after.get(option))
        ]
        if step.get("op") in _STILL and not changed:
            continue
        reasons = step.get("replaceReasons")
        yield [
            step.get("op"),
            step["urn"],
            sorted(map(str, cast("list[object]", reasons))) if isinstance(reasons, list) else [],
            changed,
            list(_differences("", before.get("inputs"), after.get("inputs"))),
        ]


def _state(value: object) -> Document:
    return cast("Document", value) if isinstance(value, dict) else {}


def _differences(path: str, before: object, after: object) -> Iterator[list[object]]:
    if isinstance(before, dict) and isinstance(after, dict):
        old, new = cast("Document", before), cast("Document", after)
        for key in sorted({*old, *new}):
            yield from _differences(f"{path}/{key}", old.get(key), new.get(key))
    elif before != after:
        yield [path, before, after]
