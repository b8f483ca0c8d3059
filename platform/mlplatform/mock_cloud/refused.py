"""What the cloud answers where it does not do what it is asked."""

from __future__ import annotations


class CloudRefused(Exception):
    """A call that failed.

    code: the cloud's own error code. message: the cloud's words. cause: what usually lies behind it and what to do,
    for people. retryable: the real provider tries such an answer again by itself. source: page that tells of it.
    """

    def __init__(self, code: str, message: str, cause: str = "", *, retryable: bool = False, source: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.cause = cause
        self.retryable = retryable
        self.source = source
