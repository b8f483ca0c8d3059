"""Reads the outputs of a Terraform or OpenTofu state, without its resources and without what is sensitive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlplatform.fast.record import record


class NoTerraform(ValueError):
    """The document holds no outputs; the text says what was got and expected."""


@record()
class TerraformOutputs:
    """What a root module gives away."""

    values: Mapping[str, object]
    """By name, sorted; what JSON can say."""

    sensitive: tuple[str, ...]
    """Names of outputs whose values were not taken."""


def read_outputs(document: object) -> TerraformOutputs:
    """Outputs of a state file of format 4, or of `terraform output -json`.

    https://developer.hashicorp.com/terraform/cli/commands/output

    Raises:
        NoTerraform: it is something else.
    """
    expected = "a state of format 4 (Terraform 0.12 or newer, OpenTofu), or the document of `terraform output -json`"
    if not isinstance(document, dict):
        raise NoTerraform(f"got no mapping, expected {expected}")
    found = cast("Mapping[str, object]", document)
    if "terraform_version" in found or "lineage" in found:
        if found.get("version") != 4:
            got = str(found.get("version"))[:20]
            raise NoTerraform(
                f"got a state of format {got}, expected {expected}; run `terraform apply` with a newer one"
            )
        outputs = found.get("outputs", {})
    elif "encrypted_data" in found:
        raise NoTerraform("got an encrypted state, expected clear outputs; write `tofu output -json` to a file")
    else:
        outputs = found
    if not isinstance(outputs, dict):
        raise NoTerraform(f"got outputs that are no mapping, expected {expected}")
    named = cast("Mapping[str, object]", outputs)
    for name, output in named.items():
        if not isinstance(output, dict) or "value" not in output:
            raise NoTerraform(f"{name[:60]}: got something without a `value`, expected {expected}")
    if not named:
        raise NoTerraform("got no outputs; add `output` blocks for what should be adopted, and run `terraform apply`")
    each = {name: cast("Mapping[str, object]", named[name]) for name in sorted(named)}
    return TerraformOutputs(
        {name: output["value"] for name, output in each.items() if not output.get("sensitive")},
        tuple(name for name, output in each.items() if output.get("sensitive")),
    )
