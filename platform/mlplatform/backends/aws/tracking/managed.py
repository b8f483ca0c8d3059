"""An MLflow app of SageMaker: runs and models under AWS's own key, artefacts in the store.

It has no private endpoint and no version of its own, and one right covers the whole of its API.
https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow-app-setup.html
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import sagemaker

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.naming import SAGEMAKER
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.names import physical_name
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.components.tracking import ManagedTracking
from mlplatform.components.tracking_names import ARTIFACTS

_NOTE = (
    "the MLflow app is reached over the internet with SigV4 (`pip install sagemaker-mlflow`), at the address in the "
    "output trackingUri. Its metadata is under AWS's key, AWS upgrades it, and whoever may log a run may delete every "
    "other: no role only reads. Clients write artefacts to the store themselves"
)


@dataclass(frozen=True, kw_only=True)
class AwsManagedTracking(ManagedTracking):
    """An MLflow app."""

    scope: Scope
    """The tracking component's own scope."""

    def grant(self, identity: Identity) -> None:
        """Let an identity call the app, and open its pages."""
        use = IamStatement(
            sid="Tracking",
            actions=(
                "sagemaker:CallMlflowAppApi",
                "sagemaker:CreatePresignedMlflowAppUrl",
                "sagemaker:DescribeMlflowApp",
            ),
            resources=self.uri,
        )
        native(identity.parts, AwsIdentity).allow(self.scope, "use", (use,))


def build(scope: Scope, store: ArtifactStore, models: ModelRegistry) -> AwsManagedTracking:
    """The app, and the role with which it reads its artefacts. Its id is random: another app has another address."""
    del models
    place, folder = ARTIFACTS
    role = Identity(f"{scope.name}-app", "serving", scope.context, pulumi.ResourceOptions(parent=scope.component))
    store.grant_folder(role, place, folder)
    parts = native(role.parts, AwsIdentity)
    app = sagemaker.MlflowApp(
        scope.child("server"),
        name=physical_name(scope.spec, "tracking", SAGEMAKER),
        role_arn=parts.principal,
        artifact_store_uri=pulumi.Output.concat(store.uris[place], f"/{folder}"),
        # what is released stands in the record of releases; nothing of SageMaker's registry follows from a run
        model_registration_mode="AutoModelRegistrationDisabled",
        account_default_status="DISABLED",
        weekly_maintenance_window_start="Sun:03:00",
        tags=scope.tags,
        opts=scope.opts(
            depends_on=parts.grants, protect=scope.defaults.protected, retain_on_delete=scope.defaults.protected
        ),
    )
    return AwsManagedTracking(uri=app.arn, note=_NOTE, scope=scope, clients_write=True)
