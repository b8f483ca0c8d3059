"""The client of an MLflow app: SageMaker's plug-in signs every request. Imports no SDK."""

from __future__ import annotations

from mlplatform.components.tracking import ManagedClient
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> ManagedClient:
    """The app's address has a random id, which only the stack knows. https://pypi.org/project/sagemaker-mlflow/"""
    del spec
    return ManagedClient(packages=("sagemaker-mlflow==0.5.0",))
