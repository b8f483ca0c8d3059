"""Kinds of personal data that have a form of their own in any text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address

from mlplatform.spec.capture_redaction import PersonalData

_DIGITS = re.compile(r"\D")

_FORMS: Mapping[PersonalData, re.Pattern[str]] = {
    "email": re.compile(r"[\w.+%'-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    # with + or 00, in the groups of North America, or from 0 on in groups
    "phone": re.compile(
        r"(?<![\w.+])(?:(?:\+|00)[\s(]?\d[\d\s()./-]{5,19}\d"
        r"|\(?\d{3}\)?[\s./-]\d{3}[\s./-]\d{4}"
        r"|\(?0\d{1,5}\)?[\s/-]\d[\d\s/-]{4,12}\d)(?!\w)"
    ),
    "card": re.compile(r"(?<!\d)(?<!\d\.)\d(?:[ -]?\d){12,18}(?!\d)"),
    "iban": re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}\b"),
    "ip": re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?![\w:])"),
}


def _is_phone(text: str) -> bool:
    # at most fifteen digits, https://www.itu.int/rec/T-REC-E.164
    return 7 <= len(_DIGITS.sub("", text)) <= 17


def _is_card(text: str) -> bool:
    """Whether its last digit is right, ISO/IEC 7812-1."""
    digits = [int(digit) for digit in reversed(_DIGITS.sub("", text))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return any(digits) and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """Whether its check digits are right, ISO 13616."""
    plain = re.sub("[ -]", "", text).upper()
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _is_ip(text: str) -> bool:
    try:
        ip_address(text.rstrip("."))
    except ValueError:
        return False
    return True


_CHECKS: Mapping[PersonalData, Callable[[str], bool]] = {
    "phone": _is_phone,
    "card": _is_card,
    "ip": _is_ip,
}

_LOOKED_FOR: Mapping[PersonalData, tuple[str, ...]] = {"email": ("@", "%40"), "ip": (".", ":")}
"""What a text must have of which a kind is sought: most texts have none."""

ORDER: tuple[PersonalData, ...] = ("email", "iban", "card", "ip", "phone")
"""Kinds whose end can be checked come first: a part of an IBAN can look like a telephone number."""


def without(kind: PersonalData, text: str) -> str:
    """A text with a mark in the place of all that is of one kind."""
    needed = _LOOKED_FOR.get(kind)
    if needed and not any(each in text for each in needed):
        return text
    check = _CHECKS.get(kind)
    if kind == "iban":
        return _FORMS[kind].sub(lambda found: _shortened_iban(found.group()), text)
    return _FORMS[kind].sub(lambda found: f"[{kind}]" if check is None or check(found.group()) else found.group(), text)


def _shortened_iban(text: str) -> str:
    """The words after an IBAN look like more of it: its end is where its check digits are right."""
    for end in range(len(text), 14, -1):
        if text[end - 1].isalnum() and (end == len(text) or not text[end].isalnum()) and _is_iban(text[:end]):
            return f"[iban]{text[end:]}"
    return text
