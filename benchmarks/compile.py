"""Compiles the example pipeline to every form, in one process: `compile.py`.

SageMaker Pipelines, Vertex AI Pipelines and Azure ML of their clouds, then Argo Workflows and Airflow on a cluster.
"""

import sys
from pathlib import Path

import yaml

from mlplatform import PlatformSpec, discovery
from mlplatform.render.pipelines.files import pod_forms

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.pipelines.accounts import REGISTRIES, TARGETS  # noqa: E402

EXAMPLES = ROOT / "examples" / "pipelines"


def main() -> None:
    """Compile; every form must be there."""
    forms = 0
    fraud = yaml.safe_load((EXAMPLES / "fraud.yaml").read_text("utf-8"))
    (pipeline,) = fraud["pipelines"]
    for cloud, target in TARGETS.items():
        images = REGISTRIES[cloud]
        own = pipeline | {"image": f"{images}:fraud-7", "programs_image": f"{images}:mlplatform-step-1"}
        spec = PlatformSpec.model_validate(fraud | {"targets": [target], "pipelines": [own]}).on(cloud)
        forms += bool(discovery.backend(cloud).pipeline_forms(spec, spec.pipelines[0]))
    cluster = yaml.safe_load((EXAMPLES / "on_cluster.yaml").read_text("utf-8"))
    # Airflow's pods read every folder where it is
    cluster["cluster"]["airflow_url"] = "https://airflow.acme.example"
    cluster["cluster"]["mounts"] = [{"place": "pipelines"}, {"place": "data"}]
    for engine in ("cluster", "airflow"):
        own = cluster["pipelines"][0] | {"engine": engine}
        spec = PlatformSpec.model_validate(cluster | {"pipelines": [own]}).on("gcp")
        forms += bool(pod_forms(spec, spec.pipelines[0]))
    assert forms == 5, forms


if __name__ == "__main__":
    main()
