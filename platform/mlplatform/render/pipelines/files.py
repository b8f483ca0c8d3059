"""The file of a pipeline whose steps are pods on the training cluster."""

from __future__ import annotations

from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import ChartRelease
from mlplatform.components.airflow_names import AIRFLOW_CONNECTION
from mlplatform.components.pipeline_file import FormFile
from mlplatform.pipelines.dags import dag_file, dag_text
from mlplatform.pipelines.workflows import template_role
from mlplatform.render.jobs.text import job_text
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE, PipelineSpec
from mlplatform.spec.platform import PlatformSpec


def pod_forms(spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
    """What runs a pipeline with engine `cluster` or `airflow`, and what a person does with it.

    Args:
        spec: narrowed to the pipeline's target; validated.
        pipeline: one of its pipelines.
    """
    layer = layer_context(spec, spec.targets[0].name)
    if pipeline.engine == "airflow":
        layers = spec.cluster
        use = (
            "`up` of the cluster's stack brings it; start a run in Airflow"
            if layers and layers.airflow
            else "`up` brings it; start a run in Airflow"
            if layers and layers.managed_airflow
            else "put it into the folder of DAGs of your Airflow 3, which needs "
            f"apache-airflow-providers-cncf-kubernetes and the connection {AIRFLOW_CONNECTION} to the training cluster"
        )
        return (FormFile(name=dag_file(pipeline.name), text=dag_text(layer, pipeline), use=use),)
    role = template_role(pipeline.name)
    bodies = (item.body for item in layer_items(layer) if item.role == role)
    text = job_text([body for body in bodies if not isinstance(body, ChartRelease)])
    run = f"argo submit --namespace {PIPELINES_NAMESPACE} --from workflowtemplate/{pipeline.name}"
    given = "".join(f" --parameter {each.name}={each.default}" for each in pipeline.parameters[:1])
    use = f"`up` of the cluster's stack makes it; start a run with `{run}{given}`"
    return (FormFile(name=f"{pipeline.name}.argo.yaml", text=text, use=use),)
