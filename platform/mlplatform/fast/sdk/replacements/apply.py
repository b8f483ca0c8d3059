"""Replacements of functions inside Pulumi's SDK, each made only if it answers as the original does.

The functions are private, so another version may lack or change them. Each replacement is tried beside the original
first; any difference or error leaves the SDK as it is.
"""

from __future__ import annotations

from importlib import import_module

from mlplatform.fast.switch import report_unused

REPLACEMENTS = {
    "values": ("replace_property_types", "replace_serializing", "replace_input_types"),
    "registration": ("replace_stack_trace", "replace_urns", "replace_cycle_check"),
    "answers": ("replace_answers", "replace_messages"),
    "context": ("replace_context",),
    "outputs": (
        "replace_property_outputs",
        "replace_settings",
        "replace_waiting",
        "replace_tracking",
        "replace_inputs",
    ),
    # after the functions that they build on
    "lifting": ("replace_lifting",),
    "recording": ("replace_registration",),
}
"""Functions that prove and make one replacement each, by module."""


def replace_pulumi_functions() -> tuple[str, ...]:
    """Make all the replacements that fit the installed version; returns their names."""
    return tuple(
        name.removeprefix("replace_")
        for module, names in REPLACEMENTS.items()
        for name in names
        if _replaced(module, name)
    )


def _replaced(module: str, name: str) -> bool:
    try:
        same: bool = getattr(import_module(f"{__package__}.{module}"), name)()
        reason = "it does not answer as Pulumi's own function does"
    except Exception as error:
        # whatever a later version does differently: the plain way is always right
        same, reason = False, f"{type(error).__name__}: {error}"
    if not same:
        report_unused(f"the replacement of Pulumi's {name.removeprefix('replace_')}", reason)
    return same
