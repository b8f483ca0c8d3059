"""The DAG for a cloud's own Airflow, as `up` brings it: `python -m tests.proofs.airflow_managed_planned aws`.

The proof's tools are not in the project's environment, so this runs in the project's own.
"""

from __future__ import annotations

import sys

from mlplatform.cluster.content import layer_context
from mlplatform.pipelines.dags import dag_text

from ..cluster.test_managed_airflow import spec_with


def main(cloud: str) -> None:
    """Write it to the standard output."""
    spec = spec_with(cloud)
    print(dag_text(layer_context(spec, cloud), spec.pipelines[0]), end="")


if __name__ == "__main__":
    main(sys.argv[1])
