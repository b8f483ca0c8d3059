"""The fields of models that are collected here are the ones pydantic collects."""

# pyright: reportPrivateUsage=false, reportPrivateImportUsage=false
from __future__ import annotations

import importlib
import pkgutil
import warnings
from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Network
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar, cast

import pydantic
import pytest
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    PydanticUserError,
    StringConstraints,
    computed_field,
    field_validator,
    model_validator,
)
from pydantic._internal import _model_construction as construction
from pydantic._internal._config import ConfigWrapper
from pydantic._internal._fields import collect_model_fields
from pydantic._internal._namespace_utils import NsResolver
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

import mlplatform.spec
from mlplatform.fast import fields
from mlplatform.spec.base import Name, SpecModel
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.spec.schema import models

OWN = fields.__name__.partition(".")[0]
T = TypeVar("T")

models(PlatformSpec)
for each in pkgutil.walk_packages(mlplatform.spec.__path__, f"{mlplatform.spec.__name__}."):
    importlib.import_module(each.name)


def _models(base: type[SpecModel] = SpecModel) -> Iterator[type[SpecModel]]:
    for model in base.__subclasses__():
        if model.__module__.startswith((f"{OWN}.spec.", f"{OWN}.backends.")):
            yield model
        yield from _models(model)


def _said(collected: dict[str, FieldInfo]) -> list[tuple[str, list[tuple[str, object]]]]:
    """Everything that fields hold, in their order."""
    return [
        (name, [(slot, getattr(info, slot)) for slot in FieldInfo.__slots__ if slot != "_complete"])
        for name, info in collected.items()
    ]


@pytest.mark.parametrize("model", list(_models()), ids=lambda model: model.__name__)
def test_each_model_of_the_spec_has_the_fields_that_pydantic_finds(
    model: type[SpecModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = model.__pydantic_fields__
    with monkeypatch.context() as former:
        # as the class was when pydantic made it
        former.delattr(model, "__pydantic_fields__")
        for name, info in ours.items():
            if name in model.__annotations__ and info._original_assignment is not PydanticUndefined:
                setattr(model, name, info._original_assignment)
        theirs, extra, variables, private = collect_model_fields(
            model, ConfigWrapper(model.model_config), NsResolver(), typevars_map={}
        )
    assert _said(ours) == _said(theirs)
    assert (extra, private) == (None, {})
    assert model.__class_vars__ == variables
    assert not set(vars(model)) & set(theirs)


def test_no_model_of_the_spec_is_left_to_pydantic() -> None:
    nothing = construction.inspect_namespace(
        {"__module__": __name__}, (), base_class_vars=set(), base_class_fields=set()
    )
    for model in _models():
        assert fields._collected(model, {**model.model_config}, nothing) is not None, model


def _alone() -> type[SpecModel]:
    class Alone(SpecModel):
        by_meaning: ClassVar[frozenset[str]] = frozenset({"b"})
        other: ClassVar[int] = 3
        a: int
        b: tuple[Name, ...] = ()
        c: Annotated[int, Field(ge=1, description="c")] | None = None
        d: Annotated[str, StringConstraints(pattern="x")] = Field("x", max_length=3, title="D")
        e: dict[str, Literal["x", "int"]] = Field(default_factory=dict)
        f: Annotated[int, Field(gt=0), AfterValidator(abs)] = 7
        g: IPv4Network | None = Field(default=None, json_schema_extra={"x": 1})
        h: list[int] = Field(min_length=1)
        i: Annotated[list[int], Field(max_length=3)]
        j: int | str | None = Field(None, union_mode="left_to_right")

    return Alone


def _inherited() -> type[SpecModel]:
    class Inherited(NetworkSpec):
        nat: Literal["single"] = "single"  # pyright: ignore
        more: int = 1

    return Inherited


def _texts() -> type[SpecModel]:
    class Texts(SpecModel):
        a: int
        b: tuple[Later, ...] = ()  # pyright: ignore  # noqa: F821

    return Texts


def _protected() -> type[SpecModel]:
    class Protected(SpecModel):
        model_cache: int = 1
        model_dump_place: int = 1
        register: int = 2

    return Protected


def _private() -> type[SpecModel]:
    class Private(SpecModel):
        a: int
        _b: int = PrivateAttr(default=2)
        _c: int = 3

    return Private


def _computed() -> type[SpecModel]:
    class Computed(SpecModel):
        a: int

        @computed_field
        def twice(self) -> int:
            return 2 * self.a

    return Computed


def _generic() -> type[SpecModel]:
    class Of(SpecModel, Generic[T]):
        a: T

    return Of[int]


def _settings() -> type[SpecModel]:
    class Settings(SpecModel):
        model_config = ConfigDict(title="Other", alias_generator=str.upper)
        a: int = 1

    return Settings


def _shadowing() -> type[SpecModel]:
    class Shadowing(SpecModel):
        overlay: int = 1  # pyright: ignore

    return Shadowing


FORMS = (_alone, _inherited, _texts, _protected, _private, _computed, _generic, _settings, _shadowing)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__.strip("_"))
def test_every_form_of_a_class_is_as_pydantic_makes_it(
    form: Callable[[], type[SpecModel]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def made() -> Sequence[object]:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            model: Any = form()
        said = _said(model.__pydantic_fields__)
        names = sorted(vars(cast("type", model)))
        hashed = getattr(model.__hash__, "__code__", None)
        messages = [str(each.message) for each in told]
        return said, model.__class_vars__, names, messages, hashed, repr(model.__private_attributes__)

    ours = made()
    monkeypatch.setattr(construction, "set_model_fields", fields._plain)
    monkeypatch.setattr(construction, "set_default_hash_func", fields._plain_hash)
    assert repr(ours) == repr(made())


def test_a_field_without_a_type_is_refused_as_by_pydantic() -> None:
    with pytest.raises(PydanticUserError, match="A non-annotated attribute was detected"):

        class Wrong(SpecModel):  # pyright: ignore[reportUnusedClass]
            a = 1


def test_it_is_used_with_the_version_that_is_installed() -> None:
    assert construction.set_model_fields is fields._set_fields


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"default": ...},
        {"default": 3, "ge": 1, "gt": 0, "le": 9, "lt": 10},
        {"default_factory": dict, "title": "A", "description": "b"},
        {"min_length": 1, "max_length": 3, "pattern": "x", "validate_default": True},
        {"discriminator": "kind", "json_schema_extra": {"x": 1}},
        {"alias": "b", "exclude": True},
        {"default": None, "frozen": True, "repr": False},
        {"min_items": 3},
    ],
    ids=lambda given: ",".join(given),
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_a_field_is_given_is_what_pydantic_makes_of_it(given: dict[str, Any]) -> None:
    ours, theirs = pydantic.Field(**given), fields._plain_field(**given)
    assert pydantic.Field is fields._field_of
    assert repr(_said({"a": ours})) == repr(_said({"a": theirs}))
    with pytest.raises(TypeError, match="cannot specify both"):
        pydantic.Field(1, default_factory=dict)  # pyright: ignore


@pytest.mark.parametrize(
    ("default", "given"),
    [
        (PydanticUndefined, {}),
        (..., {"ge": 1}),
        (None, {"description": "d", "title": "t"}),
        ("x", {"max_length": 3, "pattern": "x", "min_length": 1}),
        (PydanticUndefined, {"default_factory": dict, "json_schema_extra": {"x": 1}}),
        (2, {"lt": 5, "gt": 1, "le": 4, "ge": 2}),
        (1, {"validate_default": True, "discriminator": "kind"}),
        (1, {"alias": "other"}),
    ],
)
def test_a_field_is_the_one_that_pydantic_makes(default: object, given: dict[str, Any]) -> None:
    ours, theirs = fields._field_of(default, **given), fields._plain_field(default, **given)
    # pydantic's own kind of metadata is equal to nothing but itself
    assert repr(ours.metadata) == repr(theirs.metadata)
    ours.metadata = theirs.metadata
    assert _said({"field": ours}) == _said({"field": theirs})


def test_a_field_with_two_defaults_is_refused_as_by_pydantic() -> None:
    with pytest.raises(TypeError, match="cannot specify both default and default_factory"):
        fields._field_of(1, default_factory=int)


def _decorated_twice() -> type[SpecModel]:
    class Base(SpecModel):
        a: int

        @model_validator(mode="after")
        def _first(self) -> Self:
            return self

    class Derived(Base):
        @model_validator(mode="after")
        def _second(self) -> Self:
            return self

        @field_validator("a")
        @classmethod
        def _third(cls, value: int) -> int:
            return value

    return Derived


@pytest.mark.parametrize("make", [_alone, _inherited, _computed, _decorated_twice])
def test_what_is_decorated_is_collected_as_by_pydantic(
    make: Callable[[], type[SpecModel]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(model: type[SpecModel]) -> list[object]:
        collected = model.__pydantic_decorators__
        return [
            {
                name: (each.cls_var_name, type(each.info), getattr(each.func, "__qualname__", None))
                for name, each in getattr(collected, kind).items()
            }
            for kind in collected.__slots__
        ]

    ours = make()
    with monkeypatch.context() as former:
        former.setattr(construction, "DecoratorInfos", fields._plain_decorators)
        theirs = make()
    assert said(ours) == said(theirs)
