"""The digest is `hashlib`'s, on each Python, and without OpenSSL where that can be."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mlplatform.fast import digest

# pyright: reportPrivateUsage=false


@pytest.fixture(autouse=True)
def _found_anew() -> Iterator[None]:
    digest._sha256.cache_clear()
    yield
    digest._sha256.cache_clear()


@pytest.mark.parametrize("own", [digest._OWN, ()], ids=("its own", "of hashlib"))
@pytest.mark.parametrize("text", ["", "a", "ü€ 😀", "x" * 100_000])
def test_it_is_the_one_of_hashlib(text: str, own: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "_OWN", own)
    assert digest.sha256_hex(text) == hashlib.sha256(text.encode()).hexdigest()


def test_it_does_without_openssl() -> None:
    program = (
        "import sys; from mlplatform.fast.digest import sha256_hex; sha256_hex(''); print('_hashlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
