"""Two steps of the example in TFX, which writes the same specification as `mlplatform render pipeline` for Vertex AI.

python examples/pipelines/fraud/in_tfx.py FOLDER writes FOLDER/in_tfx.json; it needs TFX, and Python 3.10 or older.
"""

import sys

from tfx.dsl.component.experimental.container_component import create_container_component
from tfx.dsl.component.experimental.placeholders import (
    InputUriPlaceholder,
    InputValuePlaceholder,
    OutputUriPlaceholder,
)
from tfx.orchestration.data_types import RuntimeParameter
from tfx.orchestration.kubeflow.v2.kubeflow_v2_dag_runner import KubeflowV2DagRunner, KubeflowV2DagRunnerConfig
from tfx.orchestration.pipeline import Pipeline
from tfx.types.experimental.simple_artifacts import Dataset
from tfx.types.standard_artifacts import Model

IMAGE = "us-central1-docker.pkg.dev/acme-ml/acme-ml-dev-training/training:fraud-7"

Ingest = create_container_component(
    name="Ingest",
    image=IMAGE,
    outputs={"rows": Dataset},
    parameters={"since": str},
    command=["python", "-m", "fraud.ingest", InputValuePlaceholder("since"), OutputUriPlaceholder("rows")],
)
Train = create_container_component(
    name="Train",
    image=IMAGE,
    inputs={"rows": Dataset},
    outputs={"model": Model},
    parameters={"rounds": int},
    command=[
        *("python", "-m", "fraud.train", InputUriPlaceholder("rows"), InputValuePlaceholder("rounds")),
        OutputUriPlaceholder("model"),
    ],
)

if __name__ == "__main__":
    ingest = Ingest(since=RuntimeParameter(name="since", ptype=str, default="2026-11-01")).with_id("ingest")
    train = Train(rows=ingest.outputs["rows"], rounds=RuntimeParameter(name="rounds", ptype=int, default=200)).with_id(
        "train"
    )
    pipeline = Pipeline(pipeline_name="fraud-retrain", pipeline_root="gs://runs", components=[ingest, train])
    runner = KubeflowV2DagRunner(
        config=KubeflowV2DagRunnerConfig(default_image=IMAGE), output_dir=sys.argv[1], output_filename="in_tfx.json"
    )
    runner.run(pipeline)
