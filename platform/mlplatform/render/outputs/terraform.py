"""Variable files of Terraform and OpenTofu."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlplatform.render.outputs.names import TERRAFORM_TAKEN, unique_names
from mlplatform.render.outputs.values import Plain

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def tfvars(values: Mapping[str, Plain]) -> str:
    """`name = value` lines, https://developer.hashicorp.com/terraform/language/values/variables"""
    names = unique_names(values, TERRAFORM_TAKEN)
    return "".join(f"{names[name]} = {_hcl(value, '')}\n" for name, value in values.items())


def tfvars_json(values: Mapping[str, Plain]) -> str:
    """The same as JSON, in which Terraform expands nothing."""
    names = unique_names(values, TERRAFORM_TAKEN)
    document = {names[name]: value for name, value in values.items()}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _hcl(value: Plain, indent: str) -> str:
    inner = indent + "  "
    match value:
        case dict():
            if not value:
                return "{}"
            lines = "".join(f"{inner}{quoted(key)} = {_hcl(item, inner)}\n" for key, item in value.items())
            return f"{{\n{lines}{indent}}}"
        case list():
            if not value:
                return "[]"
            return "[\n" + "".join(f"{inner}{_hcl(item, inner)},\n" for item in value) + f"{indent}]"
        case str():
            return quoted(value)
        case _:
            return json.dumps(value)


def quoted(text: str) -> str:
    """Text in double quotes, in which nothing is a template.

    https://developer.hashicorp.com/terraform/language/expressions/strings
    """
    escaped = "".join(_ESCAPES.get(c) or (f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c) for c in text)
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'
