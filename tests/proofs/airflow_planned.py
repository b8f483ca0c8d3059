"""What is planned for Airflow, as JSON: its variables, programs and DAGs.

The proof's tools are not in the project's environment, so this runs in the project's own.
"""

from __future__ import annotations

import json
from typing import Any, cast

from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.wire import resolve, wire_object, wire_value
from mlplatform.reading.load import load

from ..conftest import ROOT

SPEC = ROOT / "examples" / "tracking" / "airflow.yaml"


def main() -> None:
    """Write it to the standard output; what the cloud's stack tells stands between angle brackets."""
    spec = load(SPEC).spec
    assert spec is not None
    items = {item.role: item for item in layer_items(layer_context(spec, "gcp"))}

    def value(wanted: FromCloud) -> str:
        return f"{wanted.before}<{wanted.output}>{wanted.after}"

    def body(role: str) -> dict[str, Any]:
        return cast("Any", resolve(wire_object(cast("Any", items[role].body)), value))

    chart: Any = wire_value(cast("Any", items["release-airflow"].body).values)
    (keys,) = body("airflow-keys")["spec"]["template"]["spec"]["containers"]
    print(
        json.dumps(
            {
                "env": body("airflow-settings")["data"],
                "programs": body("airflow-programs")["data"],
                "dags": body("airflow-dags")["data"],
                "migrate": chart["migrateDatabaseJob"]["command"],
                "image": keys["image"],
            }
        )
    )


if __name__ == "__main__":
    main()
