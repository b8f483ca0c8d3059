"""GCP: GKE, Cloud Storage, Cloud Run, Cloud Monitoring. Importing this imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from mlplatform.backends.gcp.limits import LIMITS, check
from mlplatform.backends.gcp.siblings import sibling_problems
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.catalog import Catalog, NotOffered, catalog_path
from mlplatform.catalog.machine import CpuMachine
from mlplatform.components.artefacts import DataRemote, FeastOnline, FeastRegistry, Fetch, Transfer
from mlplatform.components.backend import Backend
from mlplatform.components.first_target import FirstTarget
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.endpoints import EndpointSpec
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


class GcpBackend(Backend):
    """Google Cloud."""

    name = "gcp"
    title = "GCP"
    package = "mlplatform.backends.gcp"
    extra = "mlplatform[gcp]"
    sdks = ("pulumi_gcp",)
    target_type = GcpTarget
    catalog_path = catalog_path("gcp")
    limits = LIMITS
    profile_variable = "CLOUDSDK_ACTIVE_CONFIG_NAME"
    first_target = FirstTarget(
        fields={
            "region": "us-central1",
            "project": "your-project",
            "project_number": "100000000000",
            "billing_account": "000000-000000-000000",
        },
        person="the e-mail address of a Google group, such as platform-admins@your-domain.example",
        image="/training",
    )

    def check(self, spec: PlatformSpec) -> Iterator[Problem]:
        """Everything GCP refuses in a spec that is narrowed to it, beyond its declared limits."""
        return check(spec, self)

    def check_siblings(self, spec: PlatformSpec) -> Iterator[Problem]:
        """Everything GCP refuses about several targets of one spec."""
        return sibling_problems(spec, self)

    def account(self, target: Target) -> Account:
        """The target's project and region, for the realistic values of an offline plan."""
        from mlplatform.providers.accounts import Account

        gcp = typed_target(target, GcpTarget)
        return Account("gcp", gcp.project, gcp.region, number=gcp.project_number)

    def serving_catalog(self, endpoint: EndpointSpec) -> Catalog:
        """The catalogue with the machines of the endpoint's service: Cloud Run or Vertex AI."""
        from mlplatform.backends.gcp.serving.limits import hosts

        machines = tuple(machine for machine in self.catalog.machines if hosts(endpoint, machine))
        return replace(self.catalog, machines=machines)

    def waiting_machine(self, target: Target, step: StepSpec) -> CpuMachine | NotOffered | None:
        """Of a step that is a custom job: its container sends the job, and waits."""
        from mlplatform.backends.gcp.pipelines.jobs import needs_job
        from mlplatform.pipelines.forms.vertex_jobs import MEMORY_GIB, VCPUS

        return self.catalog.cpu(VCPUS, MEMORY_GIB, "training", target.location) if needs_job(step) else None

    def place_uri(self, spec: PlatformSpec, place: Place) -> str:
        """Address of a place of the store."""
        from mlplatform.backends.gcp import addresses

        return addresses.place_uri(spec, place)

    def pipeline_forms(self, spec: PlatformSpec, pipeline: PipelineSpec) -> tuple[FormFile, ...]:
        """The specification for Vertex AI Pipelines."""
        if pipeline.engine != "managed":
            return super().pipeline_forms(spec, pipeline)
        from mlplatform.backends.gcp.pipelines import form

        return form.build(self, spec, pipeline)

    def door_command(self, spec: PlatformSpec, message: str) -> tuple[str, ...]:
        """The command that asks for a run."""
        from mlplatform.backends.gcp.pipelines import send

        return send.door_command(spec, message)

    def data_remote(self, spec: PlatformSpec, place: Place) -> DataRemote:
        """A place of the store as a remote of DVC."""
        from mlplatform.backends.gcp import data_remote

        return data_remote.data_remote(spec, place)

    def feast_registry(self, spec: PlatformSpec) -> FeastRegistry:
        """A file in the place of features."""
        from mlplatform.backends.gcp import data_remote

        return data_remote.feast_registry(spec)

    def feast_online(self, spec: PlatformSpec) -> FeastOnline:
        """The database in Datastore mode."""
        from mlplatform.backends.gcp.feature_store import names

        return names.feast_online(spec)

    def own_images(self, spec: PlatformSpec) -> tuple[str, ...]:
        """Beginning of the addresses of the platform's own images."""
        from mlplatform.backends.gcp import addresses

        return addresses.own_images(spec)

    def own_image(self, spec: PlatformSpec, repository: str, name: str) -> str:
        """Address of an image in one of the platform's own repositories."""
        from mlplatform.backends.gcp import addresses

        return addresses.own_image(spec, repository, name)

    def transfer(self, source: str, uri: str, *, folder: bool) -> Transfer:
        """The commands that copy an artefact into the store, and list it there."""
        from mlplatform.backends.gcp import addresses

        return addresses.transfer(source, uri, folder=folder)

    def fetch(self, uri: str, folder: str) -> Fetch:
        """The command that copies an artefact out of the store."""
        from mlplatform.backends.gcp import addresses

        return addresses.fetch(uri, folder)

    def image_login(self, address: str) -> str:
        """The line of shell that lets `crane` read and write one of the platform's own repositories."""
        from mlplatform.backends.gcp import addresses

        return addresses.image_login(address)

    def look_image(self, spec: PlatformSpec, image: str, digest: str) -> tuple[str, ...]:
        """The command that fails unless one of the platform's own images is there."""
        from mlplatform.backends.gcp import addresses

        return addresses.look_image(spec, image, digest)

    def look_secret(self, spec: PlatformSpec, secret: str) -> tuple[str, ...]:
        """The command that prints nothing, or fails, unless a secret of an endpoint has a value."""
        from mlplatform.backends.gcp import addresses

        return addresses.look_secret(spec, secret)

    def provider(self, context: Context) -> pulumi.ProviderResource:
        """The provider of the target's project and region."""
        from mlplatform.backends.gcp.provider import build

        return build(context)


BACKEND = GcpBackend()
