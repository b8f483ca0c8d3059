"""Compiles the example pipeline to every form, in one process: `compile.py`.

SageMaker Pipelines, Vertex AI Pipelines and Azure ML of their clouds, then Argo Workflows and Airflow on a cluster.
"""

from pathlib import Path
from typing import Any

import yaml

from mlplatform import PlatformSpec, discovery
from mlplatform.render.pipelines.files import pod_forms

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples" / "pipelines"
TARGETS: dict[str, tuple[dict[str, Any], str]] = {
    "aws": (
        {"cloud": "aws", "account_id": "123456789012", "region": "eu-central-1"},
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme-ml-dev/training",
    ),
    "gcp": (
        {"cloud": "gcp", "project": "acme-ml", "project_number": "123456789012", "region": "us-central1"},
        "us-central1-docker.pkg.dev/acme-ml/acme-ml-dev-training/fraud",
    ),
    "azure": (
        {
            "cloud": "azure",
            "subscription_id": "00000000-1111-4222-8333-444444444444",
            "tenant_id": "55555555-6666-4777-8888-999999999999",
            "location": "eastus",
        },
        "acmemldevimagese2c00d.azurecr.io/training",
    ),
}


def main() -> None:
    """Compile; every form must be there."""
    forms = 0
    fraud = yaml.safe_load((EXAMPLES / "fraud.yaml").read_text("utf-8"))
    (pipeline,) = fraud["pipelines"]
    for cloud, (target, images) in TARGETS.items():
        own = pipeline | {"image": f"{images}:fraud-7", "programs_image": f"{images}:mlplatform-step-1"}
        spec = PlatformSpec.model_validate(fraud | {"targets": [target], "pipelines": [own]}).on(cloud)
        forms += bool(discovery.backend(cloud).pipeline_forms(spec, spec.pipelines[0]))
    cluster = yaml.safe_load((EXAMPLES / "on_cluster.yaml").read_text("utf-8"))
    # Airflow's pods read every folder where it is
    cluster["cluster"]["mounts"] = [{"place": "pipelines"}, {"place": "data"}]
    for engine in ("cluster", "airflow"):
        own = cluster["pipelines"][0] | {"engine": engine}
        spec = PlatformSpec.model_validate(cluster | {"pipelines": [own]}).on("gcp")
        forms += bool(pod_forms(spec, spec.pipelines[0]))
    assert forms == 5, forms


if __name__ == "__main__":
    main()
