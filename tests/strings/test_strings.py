"""A string that looks like a program stands in the table, and its language has a reader."""

from __future__ import annotations

import pytest

from .collect import looks_like_a_program, planned
from .specs import plans


@pytest.mark.parametrize("name", ["prod", "wide"])
def test_every_program_in_a_plan_has_a_language(name: str) -> None:
    unknown = sorted(
        {
            f"{item.type} {item.path}: {item.text[:80]!r}"
            for spec, cloud, plan in plans(name)
            for item in planned(plan, spec, cloud)
            if item.language is None
        }
    )
    assert not unknown, "add them to PATHS in tests/strings/languages.py:\n" + "\n".join(unknown)


@pytest.mark.parametrize(
    "text",
    [
        "sum(rate(up[5m])) > 0",
        "SecurityEvent | where true",
        "a\nb",
        '{"a": 1}',
        "PT15M",
        "P455D",
        "0 3 * * 0",
        "cron(0 3 * * ? *)",
        "FREQ=WEEKLY;BYDAY=SA,SU",
        "[resourceId('a', 'b')]",
        "@utcNow()",
        "https://example.com/@{parameters('a')}",
        "assertion.sub == 'x'",
        'ALARM("a") AND ALARM("b")',
        "az login && az storage blob list",
        "W3NldHRpbmdzLmJvb3RzdHJhcC1jb21tYW5kcy5rOHMtZXBoZW1lcmFsLXN0b3JhZ2VdCmNvbW1hbmRzID0gWwogIFsiYXBpY2xpZW50IiwgI",
    ],
)
def test_a_program_is_recognised(text: str) -> None:
    assert looks_like_a_program(text)


@pytest.mark.parametrize(
    "text",
    ["oncall@acme.example", "arn:aws:s3:::bucket/key", "A container ran out of memory", "us-east-1a", "5m", "/a/b"],
)
def test_plain_text_is_not_taken_for_a_program(text: str) -> None:
    assert not looks_like_a_program(text)
