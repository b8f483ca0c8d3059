"""AWS: accounts and regions, EKS, S3, SageMaker, CloudWatch. Importing this imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlplatform.backends.aws.limits import LIMITS, problems
from mlplatform.backends.aws.siblings import sibling_problems
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.catalog.catalog import Catalog, catalog_path
from mlplatform.components.artefacts import DataRemote, FeastOnline, FeastRegistry, Fetch, Transfer
from mlplatform.components.backend import Backend
from mlplatform.components.first_target import FirstTarget
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

if TYPE_CHECKING:
    import pulumi

    from mlplatform.components.context import Context
    from mlplatform.components.pipeline_file import FormFile
    from mlplatform.providers.accounts import Account


class AwsBackend(Backend):
    """Amazon Web Services."""

    name = "aws"
    title = "AWS"
    package = "mlplatform.backends.aws"
    extra = "mlplatform[aws]"
    sdks = ("pulumi_aws",)
    target_type = AwsTarget
    catalog_path = catalog_path("aws")
    limits = LIMITS
    profile_variable = "AWS_PROFILE"
    first_target = FirstTarget(
        fields={"region": "us-east-1", "account_id": "000000000000"},
        person="the ARN of an IAM role, such as arn:aws:iam::123456789012:role/platform-admins",
    )

    def check(self, spec: PlatformSpec) -> Iterator[Problem]:
        """Everything AWS refuses in a spec already narrowed to it, beyond its declared limits."""
        return problems(spec, self)

    def check_siblings(self, spec: PlatformSpec) -> Iterator[Problem]:
        """Everything AWS refuses about several targets of one spec."""
        return sibling_problems(spec, self)

    def account(self, target: Target) -> Account:
        """The target's account and region."""
        from mlplatform.providers.accounts import Account

        return (
            Account("aws", target.account_id, target.region) if isinstance(target, AwsTarget) else Account.sample("aws")
        )

    def place_uri(self, spec: PlatformSpec, place: Place) -> str:
        """Address of a place of the store."""
        from mlplatform.backends.aws import addresses

        return addresses.place_uri(spec, place)

    def record_uri(self, spec: PlatformSpec) -> str:
        """With the bucket's region: S3 is asked in it, by its address inside of a private network."""
        from mlplatform.backends.aws import addresses

        found = super().record_uri(spec)
        return f"{found}?region={addresses.store_region(spec)}" if found else ""

    def step_catalog(self, step: StepSpec) -> Catalog:
        """The catalogue with the machines of SageMaker's jobs."""
        from mlplatform.backends.aws.pipelines import machines

        del step
        return machines.step_catalog(self.catalog)

    def pipeline_forms(self, spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
        """The definition for SageMaker Pipelines."""
        if pipeline.engine != "managed":
            return super().pipeline_forms(spec, pipeline)
        from mlplatform.backends.aws.pipelines import form

        return form.build(self, spec, pipeline)

    def door_command(self, spec: PlatformSpec, message: str) -> tuple[str, ...]:
        """The command that asks for a run."""
        from mlplatform.backends.aws.pipelines import send

        return send.door_command(spec, message)

    def data_remote(self, spec: PlatformSpec, place: Place) -> DataRemote:
        """A place of the store as a remote of DVC."""
        from mlplatform.backends.aws import data_remote

        return data_remote.data_remote(spec, place)

    def feast_registry(self, spec: PlatformSpec) -> FeastRegistry:
        """A file in the place of features."""
        from mlplatform.backends.aws import data_remote

        return data_remote.feast_registry(spec)

    def feast_online(self, spec: PlatformSpec) -> FeastOnline:
        """The tables of DynamoDB."""
        from mlplatform.backends.aws.feature_store import names

        return names.feast_online(spec)

    def own_images(self, spec: PlatformSpec) -> tuple[str, ...]:
        """Beginning of the addresses of the platform's own images."""
        from mlplatform.backends.aws import addresses

        return addresses.own_images(spec)

    def own_image(self, spec: PlatformSpec, repository: str, name: str) -> str:
        """Address of an image in one of the platform's own repositories."""
        from mlplatform.backends.aws import addresses

        return addresses.own_image(spec, repository, name)

    def transfer(self, source: str, uri: str, *, folder: bool) -> Transfer:
        """The commands that copy an artefact into the store, and list it there."""
        from mlplatform.backends.aws import addresses

        return addresses.transfer(source, uri, folder=folder)

    def fetch(self, uri: str, folder: str) -> Fetch:
        """The command that copies an artefact out of the store."""
        from mlplatform.backends.aws import addresses

        return addresses.fetch(uri, folder)

    def image_login(self, address: str) -> str:
        """The line of shell that lets `crane` read and write one of the platform's own repositories."""
        from mlplatform.backends.aws import addresses

        return addresses.image_login(address)

    def look_image(self, spec: PlatformSpec, image: str, digest: str) -> tuple[str, ...]:
        """The command that fails unless one of the platform's own images is there."""
        from mlplatform.backends.aws import addresses

        return addresses.look_image(spec, image, digest)

    def look_secret(self, spec: PlatformSpec, secret: str) -> tuple[str, ...]:
        """The command that prints nothing, or fails, unless a secret of an endpoint has a value."""
        from mlplatform.backends.aws import addresses

        return addresses.look_secret(spec, secret)

    def provider(self, context: Context) -> pulumi.ProviderResource:
        """The provider of the target's account and region."""
        from mlplatform.backends.aws.provider import build

        return build(context)


BACKEND = AwsBackend()
