"""Models that few specs name, and that are defined only for a spec that does.

To define a model and its validator costs as much as to validate a small spec; a target's existing resources alone have
some forty of them. In an annotation, `later(…)` stands for such a model:

    if TYPE_CHECKING:
        from mlplatform.backends.aws.adopted import AwsAdopted as _Existing
    else:
        _Existing = later("mlplatform.backends.aws.adopted:AwsAdopted")

    class AwsTarget(Target):
        existing: _Existing | None = None
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from mlplatform import discovery
from mlplatform.field_problem import FieldProblem, FieldsRefused

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue

    from mlplatform.spec.base import SpecModel


class LaterModel:
    """What stands for a model until its first use; a subclass for each."""

    place: str
    """Module and class, `package.module:Class`."""

    @classmethod
    def model(cls) -> "type[SpecModel]":
        """The model, whose module is imported now if it was not."""
        module, _, name = cls.place.partition(":")
        return cast("type[SpecModel]", getattr(import_module(module), name))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        # where pydantic makes everything of the model that names it; `fast/validator.py` asks for `model` instead
        return handler.generate_schema(cls.model())


@cache
def later(place: str) -> type[LaterModel]:
    """What stands for a model in the annotation of a field.

    Args:
        place: `package.module:Class`. A module or class that does not exist is told at the first use.
    """
    return type(place.rpartition(":")[2], (LaterModel,), {"place": place})


class AnyExtension:
    """Annotation: the fields of a capability of any installed package, selected by its `kind`.

    Packages are imported when a spec has an entry: one that cannot be loaded breaks no other spec.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        return core_schema.no_info_plain_validator_function(_extension)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> "JsonSchemaValue":
        if discovery.capabilities():
            return handler(_extension_choices())
        return {"type": "object", "properties": {"kind": {"type": "string"}}, "required": ["kind"]}


def extension_models() -> "tuple[type[SpecModel], ...]":
    """The models of the installed capabilities of other packages, by their kind; those that cannot be loaded are left
    out, and told where a spec has an entry of them."""
    return tuple(model for _, model in _loaded())


def _loaded() -> "Iterator[tuple[str, type[SpecModel]]]":
    for kind in discovery.capabilities():
        with suppress(discovery.BrokenExtension):
            yield kind, discovery.capability(kind).spec_type


def _extension_choices() -> CoreSchema:
    return core_schema.tagged_union_schema(
        choices={kind: model.__pydantic_core_schema__ for kind, model in _loaded()}, discriminator="kind"
    )


@cache
def _extension_validator() -> SchemaValidator:
    for model in extension_models():
        model.model_rebuild()
    return SchemaValidator(_extension_choices())


def _extension(value: object) -> object:
    """An entry of `extensions`, as the model of its kind."""
    if not discovery.capabilities():
        raise FieldsRefused(
            FieldProblem(
                (),
                "the kind of a capability that an installed package provides, and no package does",
                "install the package beside mlplatform, or remove the entry",
            )
        )
    kind = cast("Mapping[str, object]", value).get("kind") if isinstance(value, Mapping) else None
    if kind in discovery.capabilities():
        try:
            discovery.capability(str(kind))
        except discovery.BrokenExtension as error:
            way = "mend the package, or uninstall it and remove the entry"
            raise FieldsRefused(FieldProblem((), f"a package that works: {error}", way)) from error
    return _extension_validator().validate_python(value)
