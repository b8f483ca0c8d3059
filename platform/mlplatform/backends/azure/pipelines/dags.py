"""Airflow's files of pipelines on AKS."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.cluster.facts import LayerContext
from mlplatform.pipelines.dags import dag_files


def build(layer: LayerContext) -> Mapping[str, str]:
    """The files."""
    return dag_files(layer)
