"""Outputs of mocked Azure resources."""

from mlplatform.providers.outputs.azure.by_name import text_of
from mlplatform.providers.outputs.azure.by_type import type_outputs
from mlplatform.providers.outputs.azure.ids import resource_id

__all__ = ["resource_id", "text_of", "type_outputs"]
