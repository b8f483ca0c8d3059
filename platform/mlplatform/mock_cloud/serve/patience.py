"""What a real provider does with answers that ask it to wait: it tries again, for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mlplatform.mock_cloud import Cloud, CloudRefused

T = TypeVar("T")

ATTEMPTS = 25
"""As often as the AWS provider tries; the others give up by time, after about as many.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs#max_retries-1"""
WAIT = 2.0
"""Seconds between two attempts on the simulated clock; real ones grow and are spread."""


def patiently(cloud: Cloud, call: Callable[[], T]) -> T:
    """Call, and call again while the cloud says that it is too busy.

    Raises:
        CloudRefused: for good, or still too busy after all attempts.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return call()
        except CloudRefused as refused:
            if not refused.retryable:
                raise
            cloud.waited(WAIT)
    return call()
