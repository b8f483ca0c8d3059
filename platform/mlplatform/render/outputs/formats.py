"""Formats of outputs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Literal, get_args

from mlplatform.render.outputs.values import Plain

Format = Literal["tfvars", "tfvars-json", "json", "yaml", "dotenv", "ansible-inventory"]
FORMATS: tuple[Format, ...] = get_args(Format)


def format_outputs(values: Mapping[str, Plain], form: Format) -> str:
    """The outputs as a document; the same values give the same bytes."""
    writers: dict[Format, Callable[[Mapping[str, Plain]], str]] = {
        "tfvars": _tfvars,
        "tfvars-json": _tfvars_json,
        "json": _json,
        "yaml": _yaml,
        "dotenv": _dotenv,
        "ansible-inventory": _inventory,
    }
    return writers[form](values)


def _json(values: Mapping[str, Plain]) -> str:
    return json.dumps(dict(values), indent=2, ensure_ascii=False) + "\n"


def _yaml(values: Mapping[str, Plain]) -> str:
    import yaml

    return yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True, width=10_000)


def _tfvars(values: Mapping[str, Plain]) -> str:
    from mlplatform.render.outputs.terraform import tfvars

    return tfvars(values)


def _tfvars_json(values: Mapping[str, Plain]) -> str:
    from mlplatform.render.outputs.terraform import tfvars_json

    return tfvars_json(values)


def _dotenv(values: Mapping[str, Plain]) -> str:
    from mlplatform.render.outputs.dotenv import dotenv

    return dotenv(values)


def _inventory(values: Mapping[str, Plain]) -> str:
    from mlplatform.render.outputs.inventory import inventory

    return inventory(values)
