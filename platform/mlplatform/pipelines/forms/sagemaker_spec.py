"""The definition of SageMaker Pipelines: its messages as far as we use them, as the API describes their parts.

Arguments of a processing step are the request of CreateProcessingJob, those of a training step that of
CreateTrainingJob, https://docs.aws.amazon.com/sagemaker/latest/APIReference; conditions, functions and policies are
those that SageMaker's own SDK writes. The published JSON schema of definitions refuses what that SDK writes, so it
proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from mlplatform.fast.record import record


@record()
class Get:
    """A value that the service knows when it runs: `Parameters.rounds`, `Steps.train.ModelArtifacts.…`."""

    path: str
    """Where it is."""


@record()
class Join:
    """Parts that the service joins to one text."""

    values: tuple[str | Get, ...]
    """The parts."""


Text: TypeAlias = "str | Get | Join"


@record(kw_only=True)
class Parameter:
    """A value that a run may be given."""

    name: str
    type: str
    default_value: bool | int | float | str


@record(kw_only=True)
class S3Input:
    """A folder of the store, copied before the program starts."""

    s3_uri: Text
    local_path: str
    s3_data_type: str = "S3Prefix"
    s3_input_mode: str = "File"
    s3_data_distribution_type: str = "FullyReplicated"


@record(kw_only=True)
class ProcessingInput:
    """An input by name."""

    input_name: str
    s3_input: S3Input
    app_managed: bool = False


@record(kw_only=True)
class S3Output:
    """A folder that is copied into the store after the program."""

    s3_uri: Text
    local_path: str
    s3_upload_mode: str = "EndOfJob"


@record(kw_only=True)
class ProcessingOutput:
    """An output by name."""

    output_name: str
    s3_output: S3Output
    app_managed: bool = False


@record(kw_only=True)
class ProcessingOutputConfig:
    """The outputs of a processing job, and the key that encrypts them."""

    outputs: tuple[ProcessingOutput, ...]
    kms_key_id: str | None = None


@record(kw_only=True)
class Tag:
    """A tag of a job, for its costs."""

    key: str
    value: str


@record(kw_only=True)
class ClusterConfig:
    """The machines of a processing job."""

    instance_count: int
    instance_type: str
    volume_size_in_g_b: int
    volume_kms_key_id: str | None = None


@record(kw_only=True)
class ProcessingResources:
    """As `ClusterConfig`."""

    cluster_config: ClusterConfig


@record(kw_only=True)
class AppSpecification:
    """The program of a processing job."""

    image_uri: str
    container_entrypoint: tuple[Text, ...]
    container_arguments: tuple[Text, ...] | None = None


@record(kw_only=True)
class StoppingCondition:
    """The longest run, seconds; with spot, also of waiting and running together."""

    max_runtime_in_seconds: int
    max_wait_time_in_seconds: int | None = None


@record(kw_only=True)
class VpcConfig:
    """The network of a job."""

    security_group_ids: tuple[str, ...]
    subnets: tuple[str, ...]


@record(kw_only=True)
class NetworkConfig:
    """The network of a processing job."""

    enable_inter_container_traffic_encryption: bool
    vpc_config: VpcConfig | None = None


@record(kw_only=True)
class Processing:
    """The request of CreateProcessingJob, without the name that the service makes."""

    processing_resources: ProcessingResources
    app_specification: AppSpecification
    role_arn: str
    stopping_condition: StoppingCondition
    network_config: NetworkConfig
    processing_inputs: tuple[ProcessingInput, ...] | None = None
    processing_output_config: ProcessingOutputConfig | None = None
    environment: Mapping[str, Text] | None = None
    tags: tuple[Tag, ...] | None = None


@record(kw_only=True)
class S3DataSource:
    """A folder of the store."""

    s3_uri: Text
    s3_data_type: str = "S3Prefix"
    s3_data_distribution_type: str = "FullyReplicated"


@record(kw_only=True)
class DataSource:
    """As `S3DataSource`."""

    s3_data_source: S3DataSource


@record(kw_only=True)
class Channel:
    """An input of a training job, at /opt/ml/input/data/NAME."""

    channel_name: str
    data_source: DataSource
    input_mode: str = "File"


@record(kw_only=True)
class AlgorithmSpecification:
    """The program of a training job."""

    training_image: str
    container_entrypoint: tuple[Text, ...]
    container_arguments: tuple[Text, ...] | None = None
    training_input_mode: str = "File"


@record(kw_only=True)
class OutputDataConfig:
    """Where a training job writes, and the key; `NONE` keeps files as they are, in place of one archive."""

    s3_output_path: Text
    kms_key_id: str | None = None
    compression_type: str = "NONE"


@record(kw_only=True)
class ResourceConfig:
    """The machines of a training job."""

    instance_count: int
    instance_type: str
    volume_size_in_g_b: int
    volume_kms_key_id: str | None = None


@record(kw_only=True)
class CheckpointConfig:
    """A folder that the next attempt finds."""

    s3_uri: Text
    local_path: str


@record(kw_only=True)
class Training:
    """The request of CreateTrainingJob, without the name that the service makes."""

    algorithm_specification: AlgorithmSpecification
    output_data_config: OutputDataConfig
    resource_config: ResourceConfig
    role_arn: str
    stopping_condition: StoppingCondition
    enable_inter_container_traffic_encryption: bool
    enable_managed_spot_training: bool
    input_data_config: tuple[Channel, ...] | None = None
    checkpoint_config: CheckpointConfig | None = None
    environment: Mapping[str, Text] | None = None
    vpc_config: VpcConfig | None = None
    tags: tuple[Tag, ...] | None = None
