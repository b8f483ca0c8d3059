"""Personal data in texts: what is found, and what only looks like it."""

from __future__ import annotations

import pytest

from mlplatform.monitor.redaction.kinds import without
from mlplatform.spec.capture_redaction import PersonalData

FOUND: list[tuple[PersonalData, str, str]] = [
    ("email", "Write to ada.lovelace+x@mail.example.org, please.", "Write to [email], please."),
    ("email", "größe@müller.example", "[email]"),
    ("email", "?to=ada%40example.org&x=1", "?to=[email]&x=1"),
    ("phone", "Call +49 (0)30 1234567 now", "Call [phone] now"),
    ("phone", "0049301234567", "[phone]"),
    ("phone", "(555) 123-4567 or 555.123.4567", "[phone] or [phone]"),
    ("phone", "030/1234567", "[phone]"),
    ("card", "4111 1111 1111 1111", "[card]"),
    ("card", "card=4111111111111111;", "card=[card];"),
    ("iban", "to DE89 3704 0044 0532 0130 00 today", "to [iban] today"),
    ("iban", "GB82WEST12345698765432", "[iban]"),
    ("iban", "NL91ABNA0417164300 and NL91ABNA0417164300.", "[iban] and [iban]."),
    ("ip", "from 192.168.1.20.", "from [ip]."),
    ("ip", "2001:db8::1 asked", "[ip] asked"),
]

NOT_FOUND: list[tuple[PersonalData, str]] = [
    ("email", "a @ b, 3@4, user@localhost"),
    ("phone", "12.5 of 1000000, 2026-11-30 08:15:00, v1.2.3-4567"),
    ("card", "4111 1111 1111 1112 is no card, 0000000000000000 neither"),
    ("card", "0.4111111111111111"),
    ("iban", "DE89 3704 0044 0532 0130 01 is none"),
    ("ip", "version 1.2.3, 300.1.1.1, 12:30, a::b::c"),
]


@pytest.mark.parametrize(("kind", "text", "expected"), FOUND)
def test_what_has_the_form_is_replaced_by_a_mark(kind: PersonalData, text: str, expected: str) -> None:
    assert without(kind, text) == expected


@pytest.mark.parametrize(("kind", "text"), NOT_FOUND)
def test_what_only_looks_like_it_stays(kind: PersonalData, text: str) -> None:
    assert without(kind, text) == text


@pytest.mark.parametrize("kind", ["email", "phone", "card", "iban", "ip"])
@pytest.mark.parametrize("text", ["a" * 200_000, "1" * 200_000, "1 " * 100_000, ": " * 100_000, "a@" * 100_000, "@"])
def test_no_text_takes_long(kind: PersonalData, text: str) -> None:
    """A caller must not be able to stop the captures by what it sends."""
    assert isinstance(without(kind, text), str)
