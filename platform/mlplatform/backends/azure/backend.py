"""Azure: AKS, Blob Storage, Azure Machine Learning, Azure Monitor. Importing this imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlplatform.backends.azure.limits import LIMITS, problems
from mlplatform.backends.azure.siblings import sibling_problems
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.catalog.catalog import catalog_path
from mlplatform.components.artefacts import DataRemote, FeastOnline, FeastRegistry, Fetch, Transfer
from mlplatform.components.backend import Backend
from mlplatform.components.first_target import FirstTarget
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

if TYPE_CHECKING:
    import pulumi

    from mlplatform.components.context import Context
    from mlplatform.components.pipeline_file import FormFile
    from mlplatform.providers.accounts import Account


class AzureBackend(Backend):
    """Microsoft Azure."""

    name = "azure"
    title = "Azure"
    package = "mlplatform.backends.azure"
    extra = "mlplatform[azure]"
    sdks = ("pulumi_azure_native",)
    target_type = AzureTarget
    catalog_path = catalog_path("azure")
    limits = LIMITS
    profile_variable = "AZURE_CONFIG_DIR"
    first_target = FirstTarget(
        fields={
            "location": "westeurope",
            "subscription_id": "00000000-0000-4000-8000-000000000000",
            "tenant_id": "00000000-0000-4000-8000-000000000001",
        },
        person="the object id of an Entra group, which `az ad group show --group NAME --query id` prints",
    )

    def check(self, spec: PlatformSpec) -> Iterator[Problem]:
        """Problems of a spec that is narrowed to Azure, beyond the declared limits."""
        return problems(spec, self)

    def check_siblings(self, spec: PlatformSpec) -> Iterator[Problem]:
        """Everything Azure refuses about several targets of one spec."""
        return sibling_problems(spec, self)

    def account(self, target: Target) -> Account:
        """The account of a target, for realistic values in an offline plan."""
        from mlplatform.providers.accounts import Account

        azure = typed_target(target, AzureTarget)
        return Account("azure", azure.subscription_id, azure.location, tenant=azure.tenant_id)

    def pipeline_forms(self, spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
        """The requests for Azure ML."""
        if pipeline.engine != "managed":
            return super().pipeline_forms(spec, pipeline)
        from mlplatform.backends.azure.pipelines import form

        return form.build(self, spec, pipeline)

    def door_command(self, spec: PlatformSpec, message: str) -> tuple[str, ...]:
        """The command that asks for a run."""
        from mlplatform.backends.azure.pipelines import send

        return send.door_command(spec, message)

    def place_uri(self, spec: PlatformSpec, place: Place) -> str:
        """Address of a place of the store."""
        from mlplatform.backends.azure import addresses

        return addresses.place_uri(spec, place)

    def has_private_store(self, spec: PlatformSpec) -> bool:
        """True: the accounts have private endpoints and no public address."""
        del spec
        return True

    def data_remote(self, spec: PlatformSpec, place: Place) -> DataRemote:
        """A place of the store as a remote of DVC."""
        from mlplatform.backends.azure import data_remote

        return data_remote.data_remote(spec, place)

    def feast_registry(self, spec: PlatformSpec) -> FeastRegistry:
        """A file in the place of features."""
        from mlplatform.backends.azure import data_remote

        return data_remote.feast_registry(spec)

    def feast_online(self, spec: PlatformSpec) -> FeastOnline:
        """The Redis."""
        from mlplatform.backends.azure.feature_store import names

        return names.feast_online(spec)

    def own_images(self, spec: PlatformSpec) -> tuple[str, ...]:
        """Beginning of the addresses of the platform's own images."""
        from mlplatform.backends.azure import addresses

        return addresses.own_images(spec)

    def own_image(self, spec: PlatformSpec, repository: str, name: str) -> str:
        """Address of an image in one of the platform's own repositories."""
        from mlplatform.backends.azure import addresses

        return addresses.own_image(spec, repository, name)

    def transfer(self, source: str, uri: str, *, folder: bool) -> Transfer:
        """The commands that copy an artefact into the store, and list it there."""
        from mlplatform.backends.azure import addresses

        return addresses.transfer(source, uri, folder=folder)

    def fetch(self, uri: str, folder: str) -> Fetch:
        """The command that copies an artefact out of the store."""
        from mlplatform.backends.azure import addresses

        return addresses.fetch(uri, folder)

    def image_login(self, address: str) -> str:
        """The line of shell that lets `crane` read and write one of the platform's own repositories."""
        from mlplatform.backends.azure import addresses

        return addresses.image_login(address)

    def look_image(self, spec: PlatformSpec, image: str, digest: str) -> tuple[str, ...]:
        """The command that fails unless one of the platform's own images is there."""
        from mlplatform.backends.azure import addresses

        return addresses.look_image(spec, image, digest)

    def look_secret(self, spec: PlatformSpec, secret: str) -> tuple[str, ...]:
        """The command that prints nothing, or fails, unless a secret of an endpoint has a value."""
        from mlplatform.backends.azure import addresses

        return addresses.look_secret(spec, secret)

    def provider(self, context: Context) -> pulumi.ProviderResource:
        """The provider of the target's subscription."""
        from mlplatform.backends.azure.provider import build

        return build(context)


BACKEND = AzureBackend()
