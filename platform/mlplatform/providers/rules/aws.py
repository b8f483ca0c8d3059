"""The rules of AWS, put together."""

from __future__ import annotations

from mlplatform.providers.rules import (
    aws_names,
    aws_names_ml,
    aws_names_operations,
    aws_relations,
    aws_unique,
    aws_values,
    aws_values_ml,
    aws_values_operations,
)
from mlplatform.providers.rules.aws_documents import DOCUMENTS
from mlplatform.providers.rules.base import Rules

RULES = Rules(
    names=(*aws_names.NAMES, *aws_names_ml.NAMES, *aws_names_operations.NAMES),
    values=(*DOCUMENTS, *aws_values.VALUES, *aws_values_ml.VALUES, *aws_values_operations.VALUES),
    conflicts=aws_relations.CONFLICTS,
    needed=aws_relations.NEEDED,
    when=aws_relations.WHEN,
    maps=aws_relations.MAPS,
    unique=aws_unique.UNIQUE,
)
