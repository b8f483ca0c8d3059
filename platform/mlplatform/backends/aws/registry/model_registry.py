"""SageMaker model package groups; pipelines register versions in them, and approve none."""

from __future__ import annotations

from pulumi_aws import sagemaker

from mlplatform.backends.aws.naming import SAGEMAKER
from mlplatform.backends.aws.registry.parts import AwsModels
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.keys import Keys
from mlplatform.components.names import physical_name
from mlplatform.components.registry import ImageRegistry
from mlplatform.components.scope import Scope
from mlplatform.spec.registry import RegistrySpec


def build(scope: Scope, spec: RegistrySpec, store: ArtifactStore, images: ImageRegistry, keys: Keys) -> AwsModels:
    """Create one group per model."""
    target = scope.target(AwsTarget)
    names = {model: physical_name(scope.spec, model, SAGEMAKER) for model in spec.models}
    groups = {
        model: sagemaker.ModelPackageGroup(
            scope.child(model),
            model_package_group_name=name,
            model_package_group_description=f"Versions of {model}",
            tags=scope.tags,
            opts=scope.opts(protect=scope.defaults.protected or None, delete_before_replace=True),
        )
        for model, name in names.items()
    }
    return AwsModels(
        groups={model: group.arn for model, group in groups.items()},
        scope=scope,
        arns={
            model: (
                target.arn("sagemaker", f"model-package-group/{name}"),
                target.arn("sagemaker", f"model-package/{name}/*"),
            )
            for model, name in names.items()
        },
    )
