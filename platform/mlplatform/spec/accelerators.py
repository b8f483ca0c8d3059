"""Accelerators of a pool, an endpoint or a step: one, or an ordered list of acceptable ones."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, cast

from pydantic import BeforeValidator, Field

from mlplatform import discovery
from mlplatform.catalog.accelerator import MAX_COUNT, Accelerator
from mlplatform.field_problem import FieldProblem, FieldsRefused
from mlplatform.snippet import Snippet


def _as_tuple(value: object) -> object:
    if isinstance(value, str | Accelerator):
        return (value,)
    if isinstance(value, list | tuple):
        return cast("Sequence[object]", value)
    return _refuse_accelerator(value)


def _parse(value: object) -> object:
    if isinstance(value, Accelerator):
        return str(value)
    if not isinstance(value, str):
        return _refuse_accelerator(value)
    try:
        return str(Accelerator.parse(value))
    except FieldsRefused:
        from mlplatform.catalog.machine_names import accelerator_of_machine  # a valid spec does not need it

        name = value.partition(":")[0]
        catalogs = (discovery.backend(cloud).catalog_path for cloud in discovery.clouds())
        meant = accelerator_of_machine(name, catalogs)
        if meant is None:
            raise
        expected = "an accelerator: the platform finds the machine for it"
        raise FieldsRefused(
            FieldProblem((), expected, "write", got=f"machine type '{name}'", write=Snippet(str(meant)))
        ) from None


_MODEL_KEYS = ("name", "model", "type", "accelerator", "kind")
_COUNT_KEYS = ("count", "number", "quantity", "size", "accelerator_count")
"""Keys under which other tools have an accelerator's model and count."""


def _refuse_accelerator(value: object) -> object:
    """Refuse what is no text, with the text that was probably meant.

    YAML reads `L4: 1` as a mapping and `8` as a number, and both are tempting.
    """
    meant = ["L4:1"]
    got, fix = None, "write for example"
    match value:
        case bool():
            pass
        case int() if 1 <= value <= MAX_COUNT:
            meant = [f"L4:{value}"]
        case Mapping() if value:
            pairs = cast("Mapping[object, object]", value)
            fix = "write"
            got = "{" + ", ".join(f"{name}: {count}" for name, count in pairs.items()) + "}"
            model = next((pairs[key] for key in _MODEL_KEYS if key in pairs), None)
            counted = next((pairs[key] for key in _COUNT_KEYS if key in pairs), None)
            named = {model: counted} if model is not None else pairs
            meant = [_as_accelerator(name, count) for name, count in named.items()]
        case _:
            pass
    expected = "a text in quotes with a model and its count per machine, or a list of such texts"
    written = Snippet(meant[0] if len(meant) == 1 else meant)
    raise FieldsRefused(FieldProblem((), expected, fix, got=got, write=written))


def _as_accelerator(name: object, count: object) -> str:
    # `{L4:1}` without a space is one key that has no value
    text = str(name) if count is None and ":" in str(name) else f"{name}:{1 if count is None else count}"
    with suppress(FieldsRefused):
        return str(Accelerator.parse(text))
    return text


AcceleratorName = Annotated[str, BeforeValidator(_parse)]
"""`"H100:8"`, `"L4"` (one), `"A100-80GB:4"`: a GPU model and its count per machine."""

if TYPE_CHECKING:
    Accelerators = Sequence[str]
else:
    Accelerators = Annotated[
        tuple[AcceleratorName, ...],
        Field(min_length=1),
        BeforeValidator(_as_tuple, json_schema_input_type=str | Annotated[list[str], Field(min_length=1)]),
    ]
"""One accelerator, or an ordered list of acceptable ones: the first that cloud and region offer is used."""
