"""The fields of a model, collected from annotations that are types already: as pydantic's, in a third of the time.

Pydantic evaluates each annotation as text, and asks of each name what a class of any kind could have under it. Models
of the spec have one base, and annotations that are types. A class in any other form is left to pydantic.
"""

# pyright: reportPrivateUsage=false, reportPrivateImportUsage=false
from __future__ import annotations

import dataclasses
from functools import cache, wraps
from typing import Annotated, Any, ClassVar, Final, ForwardRef, Literal, TypeVar, cast

import pydantic
from pydantic import VERSION, BaseModel
from pydantic._internal import _decorators as decorators
from pydantic._internal import _model_construction as construction
from pydantic._internal._decorators import DecoratorInfos
from pydantic._internal._type_refs import any_class_type_ref
from pydantic.fields import Field, FieldInfo
from pydantic_core import PydanticUndefined
from typing_extensions import deprecated

from mlplatform.fast.switch import interpreter_supported, plain_requested, report_unused

KNOWN = ("2.14.",)
"""The versions of pydantic whose collection of fields is done here: the same classes are made by both in the tests."""

_META = construction.ModelMetaclass
_plain: Any = construction.set_model_fields
_plain_hash: Any = construction.set_default_hash_func
_plain_field: Any = Field
_plain_decorators = DecoratorInfos
_decorated: Any = decorators._decorator_infos_for_class
_NO_DECORATORS = DecoratorInfos()
_bases: list[type[BaseModel]] = []


def quick_fields(base: type[BaseModel]) -> None:
    """Collect the fields of the subclasses of a model here, where that is possible.

    Args:
        base: the model; other models are left to pydantic.
    """
    if plain_requested():
        return
    if not interpreter_supported() or not VERSION.startswith(KNOWN):
        report_unused("the collection of fields", f"pydantic {VERSION} or this Python is another than it was made for")
        return
    _bases.append(base)
    cast("Any", construction).set_model_fields = _set_fields
    cast("Any", construction).set_default_hash_func = _set_hash
    cast("Any", construction).DecoratorInfos = _Decorators
    cast("Any", pydantic).Field = _field_of


def _set_fields(cls: type[BaseModel], config_wrapper: Any, ns_resolver: Any, namespace_info: Any = None) -> None:  # noqa: ANN401 - as pydantic's
    found = _collected(cls, config_wrapper.config_dict, namespace_info)
    if found is None:
        _plain(cls, config_wrapper=config_wrapper, ns_resolver=ns_resolver, namespace_info=namespace_info)
        return
    fields, variables = found
    # the class has no values any more where it has fields
    for name, info in fields.items():
        if name in cls.__dict__:
            info._original_assignment = cls.__dict__[name]
            delattr(cls, name)
    cls.__pydantic_fields__ = fields
    cast("Any", cls).__pydantic_extra_info__ = None
    cls.__class_vars__.update(variables)


def _set_hash(cls: type[BaseModel], bases: tuple[type[Any], ...]) -> None:
    if len(bases) != 1 or BaseModel not in bases[0].__mro__:
        _plain_hash(cls, bases)
        return
    # the order of one class's bases is known
    inherited = cast("Any", bases[0].__hash__)
    made = construction.make_hash_func(cls)
    if inherited in (None, object.__hash__) or getattr(inherited, "__code__", None) == made.__code__:
        cast("Any", cls).__hash__ = made


class _Decorators:
    """Pydantic's collection of what is decorated in a class, of which most bases of the spec's models have nothing."""

    @staticmethod
    def build(kind: type[Any], replace_wrapped_methods: bool = True) -> DecoratorInfos:
        inherited = getattr(kind.__base__, "__pydantic_decorators__", None)
        if len(kind.__bases__) != 1 or kind.__base__ in (None, BaseModel) or inherited != _NO_DECORATORS:
            return _plain_decorators.build(kind, replace_wrapped_methods=replace_wrapped_methods)
        found, wrapped = _decorated(kind, cls_ref=lambda: any_class_type_ref(kind), collect_to_replace=True)
        if replace_wrapped_methods:
            for name, value in wrapped:
                setattr(kind, name, value)
        found._validate()
        return found


def _collected(
    cls: type[BaseModel],
    config: dict[str, object],
    inspected: Any,  # noqa: ANN401 - private to pydantic
) -> tuple[dict[str, FieldInfo], set[str]] | None:
    """The fields of a class and its class variables; None where it has another form."""
    parent = cls.__base__
    if (
        len(cls.__bases__) != 1
        or not any(issubclass(cls, base) for base in _bases)
        or inspected is None
        or inspected.private_candidates
        or cls.__private_attributes__
        or cls.__pydantic_generic_metadata__["parameters"]
        or cls.__pydantic_generic_metadata__["origin"]
        or cls.__pydantic_root_model__
        or cls.__pydantic_decorators__.computed_fields
        or not config.keys() <= _HARMLESS
    ):
        return None
    own = cast("dict[str, Any]", cls.__dict__.get("__annotations__", {}))  # noqa: RUF063 - pydantic's own way up to Python 3.13
    if not all(name in own for name in inspected.field_candidates):
        return None
    fields = {name: info._copy() for name, info in cast("type[BaseModel]", parent).__pydantic_fields__.items()}
    variables = set(cls.__class_vars__)
    taken = _names(cast("type[BaseModel]", parent))
    for name, annotation in own.items():
        if getattr(annotation, "__origin__", annotation) is ClassVar:
            variables.add(name)
            continue
        value = cls.__dict__.get(name, _NOTHING)
        if value is annotation or not _is_field(taken, name, value) or not _is_settled(annotation):
            return None
        fields[name] = _field(annotation, value)
    return fields, variables


_HARMLESS = frozenset({"frozen", "extra", "defer_build", "allow_inf_nan"})
"""Settings of a model that change nothing of its fields."""
_PROTECTED = ("_", "model_validate", "model_dump")
"""How no field's name begins: private attributes, and what pydantic keeps for its own methods."""
_OF_CLASSES = frozenset((*dir(_META), *dir(type)))
"""What every class of a model has of its metaclass, which a field may not be named like."""
_NOTHING = object()


def _is_field(taken: frozenset[str], name: str, value: object) -> bool:
    """Whether a name and its value can only be a field's: nothing that pydantic refuses, warns of, or asks for more."""
    if name in taken or name in _OF_CLASSES or name.startswith(_PROTECTED):
        return False
    if isinstance(value, FieldInfo):
        return type(value) is FieldInfo and not hasattr(cast("object", value.default), "__get__")
    return not hasattr(type(value), "__get__") and not isinstance(value, dataclasses.Field)


@cache
def _names(parent: type[BaseModel]) -> frozenset[str]:
    """The names that a class and its bases have a value for: a field of one of them has none."""
    return frozenset(name for base in parent.__mro__ for name in base.__dict__)


def _is_settled(annotation: object) -> bool:
    """Whether a type has no part that is to be evaluated, and no mark of a variable, a final value or a parameter."""
    if isinstance(annotation, type):
        return True
    if annotation is None or isinstance(annotation, str | ForwardRef | TypeVar):
        return False
    origin = getattr(annotation, "__origin__", None)
    if origin is Literal:
        return True
    if annotation in _VARIABLES or origin in _VARIABLES or getattr(origin, "_name", None) in _MARKS:
        return False
    for part in getattr(annotation, "__args__", ()):
        if part is not None and part is not Ellipsis and not _is_settled(part):
            return False
    return True


_VARIABLES: tuple[object, ...] = (ClassVar, Final)
_MARKS = frozenset({"Required", "NotRequired", "ReadOnly"})


_SIMPLE = frozenset(
    {"default_factory", "description", "discriminator", "ge", "gt", "json_schema_extra", "le", "lt", "max_length"}
    | {"min_length", "pattern", "title", "validate_default"}
)
"""What `Field` hands on as it is given, whatever else is given."""


_CONSTRAINTS = ("pattern", "gt", "ge", "lt", "le", "min_length", "max_length")
"""Which of them are kept as metadata, in pydantic's order."""


@wraps(_plain_field)
def _field_of(default: Any = PydanticUndefined, **given: Any) -> Any:  # noqa: ANN401 - as pydantic's
    if not given.keys() <= _SIMPLE or (default is not PydanticUndefined and "default_factory" in given):
        return _plain_field(default, **given)
    info = _empty_field()
    constraints = {name: given.pop(name) for name in _CONSTRAINTS if name in given}
    if constraints:
        info.metadata = info._collect_metadata(constraints)
    if default is not PydanticUndefined and default is not Ellipsis:
        given["default"] = default
    info._attributes_set = given
    for name, value in given.items():
        setattr(info, name, value)
    return info


def _empty_field() -> Any:  # noqa: ANN401 - attributes that are private to pydantic
    """As `FieldInfo()`, which asks of each of its arguments whether it was given."""
    info: Any = FieldInfo.__new__(FieldInfo)
    info.annotation = info.default_factory = info.alias = info.alias_priority = info.validation_alias = None
    info.serialization_alias = info.title = info.field_title_generator = info.description = info.examples = None
    info.exclude = info.exclude_if = info.discriminator = info.deprecated = info.json_schema_extra = None
    info.frozen = info.validate_default = info.init = info.init_var = info.kw_only = None
    info.default = info._original_assignment = info._original_annotation = PydanticUndefined
    info.repr = info._complete = True
    info._final = False
    info.metadata = []
    info._attributes_set = {}
    info._qualifiers = set()
    return info


_ANNOTATED: Any = type(Annotated[int, 0])
_ALIASES = frozenset({"alias", "alias_priority", "serialization_alias", "validation_alias"})
"""Attributes of a field that change others."""


def _field(annotation: Any, value: Any) -> FieldInfo:  # noqa: ANN401 - any annotation and value
    """As `FieldInfo.from_annotation` and `from_annotated_attribute`."""
    if type(annotation) is _ANNOTATED:
        kind, metadata = annotation.__origin__, list(annotation.__metadata__)
    else:
        kind, metadata = annotation, list[Any]()
    if isinstance(value, FieldInfo):
        if metadata or value._final or not _ALIASES.isdisjoint(cast("Any", value)._attributes_set):
            copy = value._copy()
            first, copy.metadata = copy.metadata, []
            info = FieldInfo._construct([*first, *metadata, copy], annotation=kind)
        else:
            # what `_construct` comes to for one alone
            given = cast("Any", value)
            info = _empty_field()
            info._attributes_set = {**given._attributes_set, "annotation": kind}
            for name, attribute in info._attributes_set.items():
                setattr(info, name, attribute)
            info.metadata = list(given.metadata)
    elif value is Ellipsis or any(isinstance(each, FieldInfo | deprecated) for each in metadata):
        default = {} if value is _NOTHING else {"default": value}
        info = FieldInfo._construct(metadata, annotation=kind, **default)
    else:
        info = _empty_field()
        info.annotation = kind
        info.metadata = metadata
        info._attributes_set["annotation"] = kind
        if value is not _NOTHING:
            info.default = info._attributes_set["default"] = value
    info._final = True
    info._original_annotation = annotation
    return info
