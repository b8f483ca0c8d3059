"""What is planned for the tracking server, as JSON: its command, variables, programs and front, and what clients have.

The proof's tools are not in the project's environment, so this runs in the project's own.
"""

from __future__ import annotations

import json
from typing import Any, cast

from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.wire import resolve, wire_object
from mlplatform.cluster.tracking.client import client_env, plugin_files
from mlplatform.reading.load import load

from ...conftest import ROOT

SPEC = ROOT / "examples" / "tracking" / "platform.yaml"


def main() -> None:
    """Write it to the standard output; what the cloud's stack tells stands between angle brackets."""
    spec = load(SPEC).spec
    assert spec is not None
    items = {item.role: item for item in layer_items(layer_context(spec, "gcp"))}

    def value(wanted: FromCloud) -> str:
        return f"{wanted.before}<{wanted.output}>{wanted.after}"

    def body(role: str) -> dict[str, Any]:
        return cast("Any", resolve(wire_object(cast("Any", items[role].body)), value))

    print(
        json.dumps(
            {
                "pod": body("tracking-server")["spec"]["template"]["spec"],
                "programs": body("tracking-programs")["data"],
                "client": dict(plugin_files()),
                "env": client_env(),
            }
        )
    )


if __name__ == "__main__":
    main()
