"""Writes a form of the example pipeline to stdout: `python -m tests.pipelines.emit kfp STORE [BOUND]`.

The form `search` is a search on two machines, for kfp; `jobs` has a step of several nodes on Vertex AI; `spec` is a
platform on GCP whose cluster has the pipeline for an Airflow, as a user writes it.
"""

from __future__ import annotations

import copy
import json
import sys

from mlplatform import discovery
from mlplatform.backends.gcp.pipelines.form import build_specification
from mlplatform.pipelines.forms import kfp
from mlplatform.spec.pipelines import PipelineSpec

from . import accounts, example, fraud, in_cluster
from .test_forms import FORMS
from .test_vertex_jobs import gang


def main(form: str, store: str, bound: str = "0.7") -> None:
    """Write it.

    Args:
        form: which.
        store: beginning of the store's addresses.
        bound: least area under the curve for the steps behind the condition.
    """
    if form == "search":
        print(FORMS["kfp"].text(example.meaning(PipelineSpec.model_validate(example.SEARCH), store)))
        return
    if form == "jobs":
        spec = gang()
        print(kfp.text(build_specification(discovery.backend("gcp"), spec, spec.pipelines[0])))
        return
    changed = copy.deepcopy(example.PIPELINE)
    changed["steps"] = [
        {**step, "when": {**example.CONDITION, "at_least": float(bound)}} if "when" in step else step
        for step in copy.deepcopy(example.STEPS)
    ]
    if form == "spec":
        training = {"pools": in_cluster.POOLS, "cpu_pools": in_cluster.CPU_POOLS}
        own = in_cluster.pipeline("airflow", steps=changed["steps"])
        given = {"name": "acme-ml", "environment": "dev", "owner": "ml", "cost_center": "1", "training": training}
        given |= {"cluster": in_cluster.CLUSTER, "endpoints": fraud.ENDPOINTS}
        print(json.dumps({**given, "targets": [accounts.TARGETS["gcp"]], "pipelines": [own]}))
        return
    print(FORMS[form].text(example.meaning(PipelineSpec.model_validate(changed), store)))


if __name__ == "__main__":
    main(*sys.argv[1:])
