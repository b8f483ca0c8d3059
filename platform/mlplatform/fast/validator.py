"""A model's validator, made of its fields alone: the one pydantic would make, in a third of the time.

Pydantic's own way serves everything Python can express, makes serializer and JSON schema too, and reads the metadata
of every installed package for plugins. The spec is written in a dozen forms, and a command that checks it needs
nothing but the validator. A model in any other form, and whatever else is asked of a model, is left to pydantic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from mlplatform.fast.schema_parts import PLAIN, Unfamiliar, limited, limits

SERVED = ConfigDict(frozen=True, extra="forbid", defer_build=True)
"""The configuration of the models whose validators are made here; any other model is left to pydantic."""

_schemas: dict[type[BaseModel], CoreSchema] = {}
_alone: set[type[BaseModel]] = set()


def make(model: type[BaseModel]) -> None:
    """Give a model its validator; where its form is not known, all that pydantic makes."""
    try:
        schema = _of_model(model)
    except (Unfamiliar, NotImplementedError):  # the latter from what an annotation may ask of its handler
        model.model_rebuild()
        return
    cast("Any", model).__pydantic_validator__ = SchemaValidator(schema, _config(model))
    model.__pydantic_complete__ = True
    _alone.add(model)


def alone(model: type[BaseModel]) -> bool:
    """Whether a model has nothing but its validator yet, made here."""
    return model in _alone


def taken_back(model: type[BaseModel]) -> bool:
    """Whether a model had nothing but its validator; from now on pydantic makes everything."""
    had = model in _alone
    _alone.discard(model)
    return had


def _config(model: type[BaseModel]) -> core_schema.CoreConfig:
    return {"title": model.__name__, "extra_fields_behavior": "forbid"}


def _of_model(model: type[BaseModel]) -> CoreSchema:
    if model not in _schemas:
        _schemas[model] = _new(model)
    return _schemas[model]


def _new(model: type[BaseModel]) -> CoreSchema:
    found = model.__pydantic_decorators__
    plain = not (found.field_validators or found.validators or found.root_validators or found.computed_fields)
    if not (plain and model.model_config == SERVED and model.__pydantic_fields_complete__):
        raise Unfamiliar
    if model.__pydantic_post_init__ or model.__private_attributes__ or model.__pydantic_generic_metadata__["origin"]:
        raise Unfamiliar
    if vars(model).get("__get_pydantic_core_schema__") or model.__pydantic_root_model__:
        raise Unfamiliar
    schema: CoreSchema = core_schema.model_schema(
        model,
        core_schema.model_fields_schema(
            {name: core_schema.model_field(_of_field(info)) for name, info in model.model_fields.items()},
            model_name=model.__name__,
            computed_fields=[],
        ),
        custom_init=model.__pydantic_custom_init__,
        root_model=False,
        config=_config(model),
    )
    for validator in found.model_validators.values():
        function = validator.func
        if validator.info.mode != "after" or getattr(function, "__code__", make.__code__).co_argcount != 1:
            raise Unfamiliar
        schema = core_schema.no_info_after_validator_function(function, schema)
    return schema


def _of_field(info: FieldInfo) -> CoreSchema:
    if info.alias or info.validation_alias or info.frozen or info.validate_default or info.exclude:
        raise Unfamiliar
    schema = _annotated(info.annotation, info.metadata, info.discriminator)
    if info.is_required():
        return schema
    if info.default_factory is None:
        return core_schema.with_default_schema(schema, default=info.default)
    factory = info.default_factory
    if factory is not dict and get_origin(factory) is not dict:
        raise Unfamiliar
    return core_schema.with_default_schema(schema, default_factory=factory, default_factory_takes_data=False)


class _Inner(GetCoreSchemaHandler):
    """What an annotation that makes its own schema is given: the schema it stands around."""

    def __init__(self, inner: Callable[[object], CoreSchema]) -> None:
        self._inner = inner

    def __call__(self, source_type: object, /) -> CoreSchema:
        return self._inner(source_type)

    def generate_schema(self, source_type: object, /) -> CoreSchema:
        return _typed(source_type)


def _annotated(kind: object, metadata: Iterable[object], discriminator: object = None) -> CoreSchema:
    """The schema of a type with its annotations, each around those before it."""

    def inner(source: object, /) -> CoreSchema:
        return _typed(source) if discriminator is None else _tagged(source, discriminator)

    for said in metadata:
        inner = _around(inner, said)
    return inner(kind)


def _around(inner: Callable[[object], CoreSchema], said: object) -> Callable[[object], CoreSchema]:
    own = getattr(said, "__get_pydantic_core_schema__", None)
    if own is not None:
        if not isinstance(said, type | BeforeValidator | AfterValidator):
            raise Unfamiliar
        return lambda source: own(source, _Inner(inner))
    if isinstance(said, FieldInfo):
        tag = said.discriminator
        if said.metadata and tag:
            raise Unfamiliar
        if tag is not None:
            return lambda source: _tagged(source, tag)
        for part in said.metadata:
            inner = _around(inner, part)
        return inner
    bounds = limits(said)
    return lambda source: limited(inner(source), bounds)


def _typed(kind: object) -> CoreSchema:
    if isinstance(kind, type) and (simple := PLAIN.get(kind)):
        return simple()
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _nested(kind)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return core_schema.literal_schema(list(parts))
    if origin is Annotated:
        return _annotated(parts[0], parts[1:])
    if origin is Union or origin is UnionType:
        return _union(parts)
    if origin is tuple:
        if parts[-1] is Ellipsis:
            return core_schema.tuple_schema([_typed(parts[0])], variadic_item_index=0)
        return core_schema.tuple_schema([_typed(part) for part in parts])
    if origin is list:
        return core_schema.list_schema(_typed(parts[0]))
    if origin is dict:
        return core_schema.dict_schema(_typed(parts[0]), _typed(parts[1]))
    raise Unfamiliar


def _nested(model: type[BaseModel]) -> CoreSchema:
    if not model.__pydantic_complete__:
        make(model)  # pydantic-core takes a finished validator as it is
    try:
        return _of_model(model)
    except Unfamiliar:
        if model.__pydantic_core_schema__["type"] == "definitions":
            raise
        return model.__pydantic_core_schema__


def _union(parts: tuple[object, ...]) -> CoreSchema:
    choices = [_typed(part) for part in parts if part is not NoneType]
    schema = choices[0] if len(choices) == 1 else core_schema.union_schema([*choices])
    return core_schema.nullable_schema(schema) if NoneType in parts else schema


def _tagged(kind: object, discriminator: object) -> CoreSchema:
    choices: dict[Any, CoreSchema] = {}
    for model in get_args(kind):
        if not (isinstance(discriminator, str) and isinstance(model, type) and issubclass(model, BaseModel)):
            raise Unfamiliar
        field = model.model_fields.get(discriminator)
        if field is None or get_origin(field.annotation) is not Literal:
            raise Unfamiliar
        for tag in get_args(field.annotation):
            choices[tag] = _nested(model)
    return core_schema.tagged_union_schema(choices, cast("str", discriminator), strict=False, from_attributes=True)
