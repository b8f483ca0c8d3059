"""Conditions of Azure's roles, answered as Azure would."""

from __future__ import annotations

import re


def azure_admits(
    condition: str, action: str, *, path: str = "", listed: str | None = None, container: str = ""
) -> bool:
    """What a condition of a role answers to an action on a blob, or to a listing with a prefix.

    https://learn.microsoft.com/azure/role-based-access-control/conditions-format
    """
    text = condition
    for attribute, name, value in (
        ("@Resource", "path", path),
        ("@Request", "prefix", listed or ""),
        ("@Resource", "name", container),
    ):
        text = re.sub(
            rf"{attribute}\[[\w./]+:{name}\] ForAnyOfAnyValues:StringLike \{{([^}}]*)\}}",
            lambda found, value=value: str(any(_like(value, each) for each in re.findall("'([^']*)'", found[1]))),
            text,
        )
        for operator, test in (("StringEquals", str.__eq__), ("StringStartsWith", str.startswith)):
            form = rf"{attribute}\[[\w./]+:{name}\] {operator} '([^']*)'"
            text = re.sub(form, lambda found, value=value, test=test: str(test(value, found[1])), text)
    text = re.sub(r"SubOperationMatches\{'Blob.List'\}", str(listed is not None), text)
    text = re.sub(r"ActionMatches\{'[\w./]+/blobs/([\w/]+)'\}", lambda found: str(found[1] == action), text)
    words = text.replace("!", " not ").replace("NOT", "not").replace("AND", "and").replace("OR", "or")
    assert re.fullmatch(r"(True|False|and|or|not|[() ])+", words), words
    return bool(eval(words))


def _like(value: str, pattern: str) -> bool:
    """As `StringLike`: a star is any characters, slashes too."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), value) is not None
