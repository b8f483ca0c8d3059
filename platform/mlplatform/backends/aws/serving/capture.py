"""Capture of sampled requests and responses in the store's `monitoring` place."""

from __future__ import annotations

import pulumi
from pulumi_aws import sagemaker

from mlplatform.backends.aws.artifact_store.parts import AwsStore
from mlplatform.backends.aws.naming import CAPTURES
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.spec.endpoints import EndpointSpec


def capture_settings(
    spec: EndpointSpec, needs: EndpointNeeds
) -> sagemaker.EndpointConfigurationDataCaptureConfigArgs | None:
    """The capture settings; None if nothing is captured."""
    if not spec.capture_percent:
        return None
    place = native(needs.store.parts, AwsStore).buckets["monitoring"]
    return sagemaker.EndpointConfigurationDataCaptureConfigArgs(
        enable_capture=True,
        initial_sampling_percentage=spec.capture_percent,
        destination_s3_uri=pulumi.Output.concat("s3://", place.name, f"/{CAPTURES}"),
        kms_key_id=place.key_arn,
        capture_options=[
            sagemaker.EndpointConfigurationDataCaptureConfigCaptureOptionArgs(capture_mode=mode)
            for mode in ("Input", "Output")
        ],
        # without it SageMaker stores every payload as base64
        capture_content_type_header=sagemaker.EndpointConfigurationDataCaptureConfigCaptureContentTypeHeaderArgs(
            json_content_types=["application/json", "application/jsonlines"], csv_content_types=["text/csv"]
        ),
    )
