"""Outputs of mocked GCP resources."""

from mlplatform.providers.outputs.gcp.by_name import text_of
from mlplatform.providers.outputs.gcp.by_type import type_outputs
from mlplatform.providers.outputs.gcp.ids import resource_id

__all__ = ["resource_id", "text_of", "type_outputs"]
