"""Reads the outputs of a Terraform or OpenTofu state, without resources and sensitive values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlplatform.fast.record import record


class NoTerraform(ValueError):
    """The document has no outputs; the text has what was found and expected."""


@record()
class TerraformOutputs:
    """The outputs of a root module."""

    values: Mapping[str, object]
    """JSON values by name, sorted."""

    sensitive: tuple[str, ...]
    """Names of sensitive outputs; their values are left out."""


def read_outputs(document: object) -> TerraformOutputs:
    """Outputs of a state file of format 4, or of `terraform output -json`.

    https://developer.hashicorp.com/terraform/cli/commands/output

    Raises:
        NoTerraform: the document is something else.
    """
    expected = "a state of format 4 (Terraform 0.12 or newer, OpenTofu), or the document of `terraform output -json`"
    if not isinstance(document, dict):
        raise NoTerraform(f"got no mapping, expected {expected}")
    content = cast("Mapping[str, object]", document)
    if "terraform_version" in content or "lineage" in content:
        if content.get("version") != 4:
            got = str(content.get("version"))[:20]
            raise NoTerraform(
                f"got a state of format {got}, expected {expected}; run `terraform apply` with a newer one"
            )
        outputs = content.get("outputs", {})
    elif "encrypted_data" in content:
        raise NoTerraform("got an encrypted state, expected clear outputs; write `tofu output -json` to a file")
    else:
        outputs = content
    if not isinstance(outputs, dict):
        raise NoTerraform(f"got outputs that are no mapping, expected {expected}")
    named = cast("Mapping[str, object]", outputs)
    for name, output in named.items():
        if not isinstance(output, dict) or "value" not in output:
            raise NoTerraform(f"{name[:60]}: got something without a `value`, expected {expected}")
    if not named:
        raise NoTerraform("got no outputs; add `output` blocks for the values to adopt, and run `terraform apply`")
    each = {name: cast("Mapping[str, object]", named[name]) for name in sorted(named)}
    return TerraformOutputs(
        {name: output["value"] for name, output in each.items() if not output.get("sensitive")},
        tuple(name for name, output in each.items() if output.get("sensitive")),
    )
