"""What starts a run on Vertex AI: the body of `pipelineJobs.create` but for what each start adds. Imports no SDK.

https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.pipelineJobs (2026-11)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlplatform.backends.gcp.addresses import place_uri
from mlplatform.backends.gcp.naming import ACCOUNT, COMPUTE, lasting_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.objects.wire import Wire, wire_value
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.components.tags import resource_tags
from mlplatform.fast.record import record
from mlplatform.spec.keys import KeyPurpose
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec

KEY: KeyPurpose = "volumes"
"""Purpose of the key of disks of jobs, and of the record of runs."""

ATTACHMENT = "pipelines"
"""Last part of the name of the network attachment."""


@record(kw_only=True)
class VertexKey:
    """A key of Cloud KMS."""

    kms_key_name: str
    """Full name."""


@record(kw_only=True)
class VertexWay:
    """The way of jobs into a network."""

    network_attachment: str
    """Full name of the network attachment."""


@record(kw_only=True)
class VertexRuntime:
    """What a run is given."""

    gcs_output_directory: str
    """Folder of the outputs of all runs."""


@record(kw_only=True)
class VertexRun:
    """A run, but for its specification and the values of its parameters."""

    display_name: str
    """The pipeline's name, by which runs are found again."""

    labels: Mapping[str, str]
    """Labels, which jobs and their machines get too."""

    service_account: str
    """E-mail address of the account that all steps act as."""

    encryption_spec: VertexKey
    """Key of disks and records."""

    runtime_config: VertexRuntime
    """What it is given."""

    psc_interface_config: VertexWay | None = None
    """Its way into the platform's network. Omitted: steps reach public addresses and Google's services only."""


def emit_run(run: VertexRun) -> dict[str, Wire]:
    """The body of the request."""
    return cast("dict[str, Wire]", wire_value(run))


def parent_of(target: GcpTarget) -> str:
    """`projects/P/locations/R`, below which runs are."""
    return f"projects/{target.project}/locations/{target.region}"


def has_way(target: GcpTarget) -> bool:
    """Whether jobs of pipelines get addresses in the platform's network: in an existing one, its owner decides."""
    return target.network is None


def build_run(spec: PlatformSpec, pipeline: PipelineSpec, *, account: str, key: str, way: str | None) -> VertexRun:
    """A run of a pipeline.

    Args:
        spec: narrowed to the target.
        pipeline: one of its pipelines.
        account: e-mail address of the account that all steps act as.
        key: full name of the key of disks and records.
        way: full name of the network attachment; None for no way into a network.
    """
    return VertexRun(
        display_name=pipeline.name,
        labels={**resource_tags(spec, spec.targets[0], "pipelines"), "pipeline": pipeline.name},
        service_account=account,
        encryption_spec=VertexKey(kms_key_name=key),
        runtime_config=VertexRuntime(gcs_output_directory=f"{place_uri(spec, 'pipelines')}/{pipeline.name}/runs"),
        psc_interface_config=VertexWay(network_attachment=way) if way else None,
    )


def named_run(spec: PlatformSpec, pipeline: PipelineSpec) -> VertexRun:
    """A run of a pipeline by the names that the platform gives, or its target, without any resource.

    Args:
        spec: narrowed to the target.
        pipeline: one of its pipelines.
    """
    target = target_of(spec, GcpTarget)
    way = attachment_name(spec, target) if has_way(target) else None
    return build_run(spec, pipeline, account=_account(spec, target), key=_key(spec, target), way=way)


def attachment_name(spec: PlatformSpec, target: GcpTarget) -> str:
    """Full name of the network attachment."""
    name = physical_name(spec, ATTACHMENT, COMPUTE)
    return f"projects/{target.project}/regions/{target.region}/networkAttachments/{name}"


def _account(spec: PlatformSpec, target: GcpTarget) -> str:
    identities = target.existing.identities if target.existing else None
    own = f"{physical_name(spec, 'pipelines', ACCOUNT)}@{target.project}.iam.gserviceaccount.com"
    return (identities.pipelines if identities else None) or own


def _key(spec: PlatformSpec, target: GcpTarget) -> str:
    keys = target.existing.keys if target.existing else None
    if keys and (existing := keys.ids.get(KEY) or keys.default):
        return existing
    ring, name = lasting_name(spec, target, "", COMPUTE), physical_name(spec, KEY, COMPUTE)
    return f"projects/{target.project}/locations/{target.region}/keyRings/{ring}/cryptoKeys/{name}"
