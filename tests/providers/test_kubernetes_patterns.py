"""Patterns of definitions: Go's flags stand anywhere and hold until their group ends."""

import pytest

from mlplatform.providers.kubernetes.patterns import go_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^(?i)[a-z]([-a-z0-9]*[a-z0-9])?$", "ProvisioningRequestConfig", True),
        ("^(?i)[a-z]([-a-z0-9]*[a-z0-9])?$", "no_such", False),
        ("^x(?i)a$", "xA", True),
        ("^x(?i)a$", "XA", False),
        ("^(a(?i)b)c$", "aBc", True),
        ("^(a(?i)b)c$", "aBC", False),
        ("^(?:a(?i)b|c)d$", "Cd", True),
        ("^a(?i)b$|^c$", "C", True),
        ("^a(?i)b$|^c$", "AB", False),
        ("^(?i)a(?-i)b$", "Ab", True),
        ("^(?i)a(?-i)b$", "aB", False),
        (r"^\(?i\)$", "(i)", True),
        (r"^[(?i)]+$", "(i?)", True),
        (r"^[]()|]+$", "|)]", True),
        ("(?s)^a.b$", "a\nb", True),
    ],
)
def test_flags_hold_where_go_says(pattern: str, text: str, found: bool) -> None:
    assert bool(go_pattern(pattern).search(text)) is found
