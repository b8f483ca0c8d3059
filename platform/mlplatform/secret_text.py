"""Recognises secrets in plain text: by their own form, and by the name that they stand under.

The only place that says what a plain secret is: the spec refuses it, checks report it, and no view prints it. Hashes,
digests, commits, ids and ARNs are none: a form has a prefix or an assignment that only secrets have.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache

from mlplatform.fast.record import record

HIDDEN = "[secret]"
"""What stands in place of a secret, as in Pulumi's own documents for people."""


@record()
class SecretForm:
    """A kind of secret that shows by its form."""

    kind: str
    """For people."""

    hints: tuple[str, ...]
    """A text without any of these has no such secret; far faster than the pattern."""

    pattern: str
    """What it looks like."""


FORMS = (
    SecretForm("private key", ("PRIVATE KEY-----",), r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[A-Za-z0-9+/=\s\\]*"),
    SecretForm("AWS access key", ("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    SecretForm(
        "GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})",
    ),
    SecretForm(
        "GitLab token",
        tuple(f"gl{kind}-" for kind in ("pat", "dt", "rt", "ptt", "cbt", "ft", "imt", "agent", "soat")),
        r"\bgl(?:pat|dt|rt|ptt|cbt|ft|imt|agent|soat)-[\w-]{16,}",
    ),
    SecretForm("Slack token", ("xox",), r"\bxox[abeoprs]-[\w-]{8,}"),
    SecretForm(
        "webhook",
        ("hooks.slack.com/", "/api/webhooks/", "webhook.office.com/"),
        r"https?://(?:hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/"
        r"|[\w.-]*webhook\.office\.com/)[^\s'\"]+",
    ),
    SecretForm(
        "API key",
        ("sk-", "AIza", "SG.", "k_live_", "NRAK-"),
        r"\bsk-(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{20,}|\bAIza[\w-]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,}"
        r"|\b[rs]k_live_[A-Za-z0-9]{16,}|\bNRAK-[A-Z0-9]{20,}",
    ),
    SecretForm(
        "access token",
        ("hf_", "pul-", "npm_", "pypi-AgE", "dckr_pat_", "dapi", "_v1_", "ya29."),
        r"\bhf_[A-Za-z0-9]{30,}|\bpul-[0-9a-f]{20,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-AgE[\w-]{40,}"
        r"|\bdckr_pat_[\w-]{16,}|\bdapi[0-9a-f]{32}\b|\bdo[opr]_v1_[0-9a-f]{40,}|\bya29\.[\w-]{20,}",
    ),
    SecretForm("JSON web token", ("eyJ",), r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"),
    SecretForm("password in a URL", ("@",), r"://[^/\s:@'\"${}<>]*:(?![$<{*])[^/\s@'\"]+(?=@)"),
    SecretForm(
        "signature in a URL",
        ("sig=", "ignature=", "token=", "key=", "secret=", "password="),
        r"[?&](?:sig|signature|token|access_token|api_?key|key|secret|password|X-Amz-Signature)="
        r"(?![$<{])[^&\s'\"]{8,}",
    ),
    SecretForm(
        "key in a connection string",
        ("AccountKey=", "SharedAccess"),
        r"\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?![$<{])[^;\s'\"]{8,}",
    ),
    SecretForm(
        "password in a setting",
        ("assword=", "ASSWORD=", "asswd=", "wd=", "WD="),
        r"(?<![A-Za-z])(?:[Pp]assword|PASSWORD|[Pp]asswd|[Pp]wd|PWD)="
        r"(?![$<{%*/.\[]|\\[$\"'])[^;&\s'\",]{4,}",
    ),
    SecretForm(
        "variable of a script",
        ("TOKEN=", "SECRET=", "KEY=", "PHRASE=", "PASSWORD="),
        r"\b[A-Z0-9_]*(?:TOKEN|SECRET|API_?KEY|ACCESS_?KEY|PASSPHRASE|PASSWORD)=\\?[\"']?(?![$<{%*/.\[\"'\\])"
        r"(?=[^\s'\";&,]*\d)(?=[^\s'\";&,]*[A-Za-z])[^\s'\";&,]{8,}",
    ),
    SecretForm(
        "authorization header",
        ("earer ", "asic "),
        r"\b(?:[Bb]earer|[Bb]asic) (?=[^\s'\"]*\d)[A-Za-z0-9._~+/-]{16,}=*",
    ),
)
"""Kinds of secrets that show by their form."""

_TELLING = (
    r"(^|_)(password|passwd|pwd|passphrase|secret|token|api_?key|access_?key|account_?key|shared_?key|private_?key"
    r"|signing_?key|credentials?|connection_?string)$"
)
"""Names with these endings contain the secret itself; `…_SECRET_NAME`, `…_TOKEN_FILE` only its location."""
_TELLING_PARTS = ("pass", "pwd", "secret", "token", "key", "credential", "connection")
"""A name without any of these tells nothing; most names have none."""
_OF_TEXT = r"(^|_)(pad|eos|bos|unk|sep|cls|mask|stop|start|end|special)_token$"
"""Tokens of a tokeniser, which are parts of text."""
_HARMLESS = (
    r"(?i)^(|true|false|yes|no|on|off|enabled|disabled|null|none|\d+|<[^>]*>|\[secret\]|\*+|\$\{.*\}|\$\(.*\)|\{\{.*\}\}|@Microsoft\.KeyVault\(.*\)"
    r"|arn:[\w-]+:(secretsmanager|ssm|kms|iam):\S*|projects/[\w-]+/secrets/\S*|/subscriptions/\S*"
    r"|https://[\w-]+\.vault\.azure\.net/\S*)$"
)
"""Values that hold no secret under any name: nothing, switches, numbers, and places of secrets."""
_BASE64 = r"[A-Za-z0-9+/\s]{40,}={0,2}\s*"
_ENCODED, _MOST_ENCODED = 40, 200_000
"""Characters of a text that may be encoded in base64."""
_SHORT = 120
"""Characters up to which the answer for a text is kept."""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)  # on first use: most texts have no hint of one


def secrets_in(text: str) -> Iterator[str]:
    """The parts of a text that are secrets by their form."""
    for form in FORMS:
        for hint in form.hints:  # no `any`: every text of every spec and plan comes by here
            if hint in text:
                for found in _pattern(form.pattern).finditer(text):
                    yield found[0]
                break


def has_secret_form(text: str) -> bool:
    """Whether a text holds a secret that shows by its form, also where the text is encoded in base64."""
    return _short_form(text) if len(text) <= _SHORT else _form(text)


def any_secret_form(texts: Collection[str]) -> bool:
    """Whether any of many texts holds a secret that shows by its form: the hints are looked for in all of them at once.

    Args:
        texts: texts, of which most hold none.
    """
    whole = "\n".join(texts)
    hints = [hint for form in FORMS for hint in form.hints if hint in whole]
    suspects = {text for hint in hints for text in texts if hint in text}
    suspects.update(text for text in texts if len(text) >= _ENCODED)
    return any(map(has_secret_form, suspects))


@lru_cache(maxsize=50_000)
def _short_form(text: str) -> bool:
    """For names, regions and addresses, of which a plan repeats most."""
    return _form(text)


def _form(text: str) -> bool:
    if any(True for _ in secrets_in(text)):
        return True
    if not _ENCODED <= len(text) <= _MOST_ENCODED or not _pattern(_BASE64).fullmatch(text):
        return False
    try:
        decoded = base64.b64decode(text, validate=False).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return any(True for _ in secrets_in(decoded))


def hide_secret_forms(text: str) -> str:
    """The text, with every secret that shows by its form replaced by `HIDDEN`."""
    if len(text) <= _SHORT and not _short_form(text):
        return text
    for secret in sorted(set(secrets_in(text)), key=len, reverse=True):
        text = text.replace(secret.removeprefix("://"), HIDDEN)
    return text


def names_secret(name: str) -> bool:
    """Whether a variable of this name contains a secret: `DB_PASSWORD`, `apiKey`, `HF_TOKEN`."""
    lower = name.lower()
    if not any(part in lower for part in _TELLING_PARTS):
        return False
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-. ]", "_", name).lower()
    return bool(_pattern(_TELLING).search(words)) and not _pattern(_OF_TEXT).search(words)


def holds_secret(name: str, value: object) -> bool:
    """Whether a variable's value is a secret, by its form or by the variable's name."""
    text = str(value)
    return has_secret_form(text) or (names_secret(name) and not _pattern(_HARMLESS).match(text))
