"""What the API server adds to an object, and Helm to a release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from uuid import NAMESPACE_URL, uuid5

from mlplatform.providers.kubernetes.check import RELEASE, object_key


def kubernetes_outputs(token: str, name: str, inputs: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """Id, `namespace/name`, and outputs of a new object or release.

    Args:
        token: type token.
        name: logical name, the seed of its unique id.
        inputs: as sent.
    """
    key = object_key(token, inputs)
    namespace, own = key[-2:] if key else ("", name)
    id_ = f"{namespace}/{own}" if namespace else own
    if token == RELEASE:
        status = {"name": own, "namespace": namespace, "revision": 1, "status": "deployed"}
        return id_, {**inputs, "status": {**status, "version": inputs.get("version")}}
    metadata = cast("Mapping[str, object]", inputs.get("metadata") or {})
    return id_, {**inputs, "metadata": {**metadata, "uid": str(uuid5(NAMESPACE_URL, f"{token}/{name}"))}}
