"""Retries of a real provider after answers that ask it to wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mlplatform.mock_cloud import Cloud, CloudRefused

T = TypeVar("T")

ATTEMPTS = 25
"""Attempts of the AWS provider; the others stop by time, after about as many.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs#max_retries-1"""
_WAIT = 2.0
"""Seconds between two attempts on the simulated clock; real ones grow and are spread."""


def call_with_retries(cloud: Cloud, call: Callable[[], T]) -> T:
    """Call, and retry while the cloud throttles.

    Raises:
        CloudRefused: the refusal is final, or the cloud still throttles after all attempts.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return call()
        except CloudRefused as refused:
            if not refused.retryable:
                raise
            cloud.note_retry(_WAIT)
    return call()
