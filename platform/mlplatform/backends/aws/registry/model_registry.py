"""SageMaker model package groups: versions and their approval live in them, made by pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pulumi_aws import sagemaker

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import SAGEMAKER, physical, together
from mlplatform.backends.aws.policy import Statement
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.context import Scope
from mlplatform.components.identity import Identity
from mlplatform.components.keys import Keys
from mlplatform.components.registry import ImageRegistry, ModelRegistryParts
from mlplatform.spec.registry import RegistrySpec

_READ = (
    "sagemaker:DescribeModelPackage",
    "sagemaker:DescribeModelPackageGroup",
    "sagemaker:ListModelPackages",
)
_REGISTER = ("sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage", "sagemaker:AddTags")


@dataclass(frozen=True, kw_only=True)
class AwsModels(ModelRegistryParts):
    """Model package groups."""

    scope: Scope
    """The registry's own scope: grants become its children."""

    arns: Mapping[str, tuple[str, str]]
    """ARN of each group, and of the versions in it."""

    def grant(self, identity: Identity, access: Literal["read", "register"]) -> None:
        """Let an identity read, or read and register, model versions."""
        if not self.arns:
            return
        target, spec = self.scope.target(AwsTarget), self.scope.spec
        kinds = zip(*self.arns.values(), strict=True)
        resources = [
            arn
            for kind, arns in zip(("model-package-group", "model-package"), kinds, strict=True)
            for arn in together(arns, target.arn("sagemaker", f"{kind}/{spec.name}-{spec.environment}-"))
        ]
        actions = (*_READ, *_REGISTER) if access == "register" else _READ
        native(identity.parts, AwsIdentity).allow(
            self.scope, access, [Statement(sid="Models", actions=actions, resources=resources)]
        )


def build(scope: Scope, spec: RegistrySpec, store: ArtifactStore, images: ImageRegistry, keys: Keys) -> AwsModels:
    """Make one group per model."""
    target = scope.target(AwsTarget)
    names = {model: physical(scope.spec, model, SAGEMAKER) for model in spec.models}
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
