"""Validators of spec models from their fields alone: the same as pydantic's, in a third of the time.

Pydantic supports everything that Python can express, builds serializer and JSON schema too, and reads the metadata of
every installed package for plugins. The spec uses a dozen forms of annotations, and a command that checks it needs only
the validator. Models in any other form, serializers and schemas are left to pydantic. The frequent parts of a schema
are made of their types: the functions for them first take every option apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from mlplatform.fast.schema_parts import CONSTRAINTS, PLAIN, UnsupportedForm, constraints_of, with_constraints
from mlplatform.fast.switch import plain_requested, report_unused

SUPPORTED_CONFIG = ConfigDict(frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False)
"""The configuration of the models whose validators are built here; any other model is left to pydantic."""

_ANNOTATED: Any = type(Annotated[int, 0])

_schemas: dict[type[BaseModel], CoreSchema] = {}
_validator_only: set[type[BaseModel]] = set()


def build_validator(model: type[BaseModel]) -> None:
    """Give a model its validator; in a form that is not supported, everything that pydantic builds."""
    if plain_requested():
        model.model_rebuild()
        return
    try:
        schema = model_schema(model)
    except (UnsupportedForm, NotImplementedError) as error:  # the latter from what an annotation asks of its handler
        report_unused(f"the validator of {model.__name__} built from its fields", str(error) or type(error).__name__)
        model.model_rebuild()
        return
    cast("Any", model).__pydantic_validator__ = SchemaValidator(schema, _config(model))
    model.__pydantic_complete__ = True
    _validator_only.add(model)


def has_only_validator(model: type[BaseModel]) -> bool:
    """True if a model has a validator that was built here, and no serializer or schema yet."""
    return model in _validator_only


def give_back_to_pydantic(model: type[BaseModel]) -> bool:
    """Let pydantic build everything of a model from now on; true if it had only the validator built here."""
    had_only_validator = model in _validator_only
    _validator_only.discard(model)
    return had_only_validator


def _config(model: type[BaseModel]) -> core_schema.CoreConfig:
    return {"title": model.__name__, "extra_fields_behavior": "forbid", "allow_inf_nan": False}


def model_schema(model: type[BaseModel]) -> CoreSchema:
    """The core schema of a model's validator.

    Raises:
        UnsupportedForm: the model is left to pydantic.
    """
    if model not in _schemas:
        _schemas[model] = _new_model_schema(model)
    return _schemas[model]


def _new_model_schema(model: type[BaseModel]) -> CoreSchema:
    decorators = model.__pydantic_decorators__
    if decorators.field_validators or decorators.validators or decorators.root_validators:
        raise UnsupportedForm("it has field validators")
    if decorators.computed_fields:
        raise UnsupportedForm("it has computed fields")
    if model.model_config != SUPPORTED_CONFIG or not model.__pydantic_fields_complete__:
        raise UnsupportedForm("it has another configuration, or names a type that is not defined yet")
    if model.__pydantic_post_init__ or model.__private_attributes__ or model.__pydantic_generic_metadata__["origin"]:
        raise UnsupportedForm("it has private attributes, a post-init hook or type parameters")
    if vars(model).get("__get_pydantic_core_schema__") or model.__pydantic_root_model__:
        raise UnsupportedForm("it makes its own core schema")
    schema: CoreSchema = core_schema.model_schema(
        model,
        core_schema.model_fields_schema(
            {
                name: core_schema.ModelField(type="model-field", schema=_field_schema(info))
                for name, info in model.model_fields.items()
            },
            model_name=model.__name__,
            computed_fields=[],
        ),
        custom_init=model.__pydantic_custom_init__,
        root_model=False,
        config=_config(model),
    )
    for validator in decorators.model_validators.values():
        function = validator.func
        if validator.info.mode != "after" or getattr(function, "__code__", build_validator.__code__).co_argcount != 1:
            raise UnsupportedForm("it has a model validator that is not of mode 'after'")
        schema = core_schema.no_info_after_validator_function(function, schema)
    return schema


def _field_schema(info: FieldInfo) -> CoreSchema:
    if info.alias or info.validation_alias or info.frozen or info.validate_default or info.exclude:
        raise UnsupportedForm("a field has an alias, is frozen or excluded, or has a default to validate")
    schema = _annotated_schema(info.annotation, info.metadata, info.discriminator)
    if info.is_required():
        return schema
    if info.default_factory is None:
        return core_schema.WithDefaultSchema(type="default", schema=schema, default=info.default)
    factory = info.default_factory
    # asked first: pydantic's question reads the factory's signature, which takes longer than all else here
    if factory is dict or get_origin(factory) is dict:
        return core_schema.WithDefaultSchema(
            type="default", schema=schema, default_factory=factory, default_factory_takes_data=False
        )
    if info.default_factory_takes_validated_data:
        return core_schema.with_default_schema(schema, default_factory=factory, default_factory_takes_data=True)
    raise UnsupportedForm("a field has a default factory other than dict or one that takes the fields before it")


class _InnerSchema(GetCoreSchemaHandler):
    """The handler for an annotation that makes its own schema around an inner one."""

    def __init__(self, inner: Callable[[object], CoreSchema]) -> None:
        self._inner = inner

    def __call__(self, source_type: object, /) -> CoreSchema:
        return self._inner(source_type)

    def generate_schema(self, source_type: object, /) -> CoreSchema:
        return _type_schema(source_type)


def _annotated_schema(
    kind: object, metadata: Sequence[object], discriminator: object = None, *, whole: bool = False
) -> CoreSchema:
    """The schema of a type with its annotations, each around those before it."""
    if discriminator is None and all(type(annotation) in CONSTRAINTS for annotation in metadata):
        schema = _type_schema(kind, whole)
        for annotation in metadata:
            schema = with_constraints(schema, constraints_of(annotation))
        return schema

    def inner(source: object, /) -> CoreSchema:
        return _type_schema(source, whole) if discriminator is None else _tagged_union_schema(source, discriminator)

    for annotation in metadata:
        inner = _around(inner, annotation)
    return inner(kind)


def _around(inner: Callable[[object], CoreSchema], annotation: object) -> Callable[[object], CoreSchema]:
    own_schema = getattr(annotation, "__get_pydantic_core_schema__", None)
    if own_schema is not None:
        if not isinstance(annotation, type | BeforeValidator | AfterValidator):
            raise UnsupportedForm(f"a field has the annotation {type(annotation).__name__}")
        return lambda source: own_schema(source, _InnerSchema(inner))
    if isinstance(annotation, FieldInfo):
        tag = annotation.discriminator
        if annotation.metadata and tag:
            raise UnsupportedForm("a field has a discriminator and constraints")
        if tag is not None:
            return lambda source: _tagged_union_schema(source, tag)
        for part in annotation.metadata:
            inner = _around(inner, part)
        return inner
    constraints = constraints_of(annotation)
    return lambda source: with_constraints(inner(source), constraints)


def _type_schema(kind: object, whole: bool = False) -> CoreSchema:
    """The schema of a type; models in it stand for themselves, to be built at their first value, unless it is whole."""
    if isinstance(kind, type) and (simple := PLAIN.get(kind)):
        return simple()
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _nested_schema(kind) if whole or kind.__pydantic_complete__ else _later_schema(lambda: kind)
    if isinstance(kind, type) and (model := getattr(kind, "model", None)) and hasattr(kind, "place"):
        return _later_schema(model)
    if type(kind) is _ANNOTATED:
        return _annotated_schema(cast("Any", kind).__origin__, cast("Any", kind).__metadata__, whole=whole)
    # as `get_origin` and `get_args`, which ask for a dozen kinds of types
    origin: object = getattr(kind, "__origin__", None)
    parts: tuple[Any, ...] = getattr(kind, "__args__", ())
    if origin is Literal:
        return core_schema.LiteralSchema(type="literal", expected=list(parts))
    if origin is Union or isinstance(kind, UnionType):
        return _union_schema(parts, whole)
    if origin is tuple:
        if parts[-1] is Ellipsis:
            return core_schema.TupleSchema(
                type="tuple", items_schema=[_type_schema(parts[0], whole)], variadic_item_index=0
            )
        return core_schema.TupleSchema(type="tuple", items_schema=[_type_schema(part, whole) for part in parts])
    if origin is list:
        return core_schema.list_schema(_type_schema(parts[0], whole))
    if origin is dict:
        return core_schema.DictSchema(
            type="dict", keys_schema=_type_schema(parts[0], whole), values_schema=_type_schema(parts[1], whole)
        )
    raise UnsupportedForm(f"a field has the type {kind}")


def _nested_schema(model: type[BaseModel]) -> CoreSchema:
    if not model.__pydantic_complete__:
        build_validator(model)  # pydantic-core takes a finished validator as it is
    try:
        return model_schema(model)
    except UnsupportedForm:
        if model.__pydantic_core_schema__["type"] == "definitions":
            raise
        return model.__pydantic_core_schema__


def _later_schema(model: Callable[[], type[BaseModel]]) -> CoreSchema:
    return core_schema.no_info_plain_validator_function(partial(validate_later, model))


def validate_later(model: Callable[[], type[BaseModel]], value: object) -> object:
    """A value of a model whose validator is built now; its errors become those of the model that names it."""
    return model().__pydantic_validator__.validate_python(value)


def _union_schema(parts: tuple[object, ...], whole: bool) -> CoreSchema:
    # pydantic-core compares the choices, and names them in errors
    whole = whole or len(parts) - (NoneType in parts) > 1
    choices = [_type_schema(part, whole) for part in parts if part is not NoneType]
    schema = choices[0] if len(choices) == 1 else core_schema.UnionSchema(type="union", choices=[*choices])
    return core_schema.NullableSchema(type="nullable", schema=schema) if NoneType in parts else schema


def _tagged_union_schema(kind: object, discriminator: object) -> CoreSchema:
    choices: dict[Any, CoreSchema] = {}
    for model in get_args(kind):
        if not (isinstance(discriminator, str) and isinstance(model, type) and issubclass(model, BaseModel)):
            raise UnsupportedForm("a union is discriminated by a function, or has choices that are no models")
        field = model.model_fields.get(discriminator)
        if field is None or get_origin(field.annotation) is not Literal:
            raise UnsupportedForm(
                f"a union is discriminated by '{discriminator}', which is not a literal in each choice"
            )
        for tag in get_args(field.annotation):
            choices[tag] = _type_schema(model)
    return core_schema.tagged_union_schema(choices, cast("str", discriminator), strict=False, from_attributes=True)
