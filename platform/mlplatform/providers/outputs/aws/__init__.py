"""Outputs of mocked AWS resources."""

from mlplatform.providers.outputs.aws.by_name import text_of
from mlplatform.providers.outputs.aws.by_type import type_outputs
from mlplatform.providers.outputs.aws.ids import resource_id

__all__ = ["resource_id", "text_of", "type_outputs"]
