"""A validator's message is split into field, value, expectation and fix."""

from __future__ import annotations

import pytest

from mlplatform.reading.refusals.message import Statement, split_message

FIELDS = ("name", "replicas", "endpoints", "targets", "min_nodes", "max_nodes")


@pytest.mark.parametrize(
    ("message", "statements"),
    [
        (
            "replicas: the minimum must not be above the maximum; write (2, 5)",
            [Statement(("replicas",), "", "the minimum must not be above the maximum", "write (2, 5)")],
        ),
        (
            "min_nodes 5 must not be above max_nodes 2: lower min_nodes or raise max_nodes",
            [
                Statement(
                    ("min_nodes",),
                    "",
                    "min_nodes 5 must not be above max_nodes 2",
                    "lower min_nodes or raise max_nodes",
                )
            ],
        ),
        (
            "targets: names must be unique, got aws, aws; give each its own `name`; "
            "targets[0].pools: got 'x', expected one of a; use one of these names",
            [
                Statement(("targets",), "aws, aws", "names must be unique", "give each its own `name`"),
                Statement(("targets", 0, "pools"), "'x'", "one of a", "use one of these names"),
            ],
        ),
        (
            "endpoints must be few",
            [Statement(("endpoints",), "", "endpoints must be few", "change 'endpoints' accordingly")],
        ),
        ("all is wrong", [Statement((), "", "all is wrong", "change it accordingly")]),
    ],
)
def test_the_parts_of_a_message(message: str, statements: list[Statement]) -> None:
    assert split_message(message, FIELDS) == statements
