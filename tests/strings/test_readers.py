"""Each language has one reader whose version is locked, or the documents say that there is none."""

from __future__ import annotations

from mlplatform.backends.gcp.serving.servers import ENVOY

from .languages import Language
from .readers import READERS, version


def test_envoy_is_proven_in_the_version_that_is_deployed() -> None:
    (reader,) = (reader for reader in READERS if reader.language is Language.ENVOY)
    assert ENVOY.rpartition(":")[2] == f"v{version(reader)}"
