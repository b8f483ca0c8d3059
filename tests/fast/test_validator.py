"""The validators made here are the ones pydantic makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, ValidationError, field_validator

from mlplatform.backends.aws.adopted import AwsAdopted
from mlplatform.fast import validator
from mlplatform.fast.schema_parts import network
from mlplatform.spec.base import SpecModel
from mlplatform.spec.later import later
from mlplatform.spec.monitoring import EmailRoute, MonitoringSpec
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.spec.schema import models

OWN = validator.__name__.partition(".")[0]


# also those that are defined only for a spec that names them
models(PlatformSpec)


def _models(base: type[SpecModel] = SpecModel) -> Iterator[type[SpecModel]]:
    for model in base.__subclasses__():
        # models of other files than specs are left to pydantic, and are here where a test has loaded them
        if model.__module__.startswith((f"{OWN}.spec.", f"{OWN}.backends.")):
            yield model
        yield from _models(model)


def _bare(schema: object, definitions: dict[str, Any]) -> object:
    """A core schema without what only the JSON Schema and the serializer read, with every reference followed."""
    if isinstance(schema, list | tuple):
        return [_bare(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if kind == "definitions":
        definitions = definitions | {part["ref"]: part for part in schema["definitions"]}
        return _bare(schema["schema"], definitions)
    if kind == "definition-ref":
        return _bare(definitions[schema["schema_ref"]], definitions)
    if kind == "lax-or-strict":  # the IPv4 networks; what they accept is tested below
        return "network"
    if kind == "function-plain" and schema["function"]["function"] is network:
        return "network"
    if kind == "function-plain" and getattr(schema["function"]["function"], "func", None) is validator.validate_later:
        return _bare(validator.model_schema(schema["function"]["function"].args[0]()), {})
    return {
        name: _bare(value, definitions)
        for name, value in schema.items()
        if name not in ("metadata", "ref", "serialization")
    }


def test_no_model_has_an_annotation_as_text() -> None:
    texts = {
        f"{model.__module__}.{model.__name__}.{name}"
        for model in (SpecModel, *_models())
        for name, annotation in vars(model).get("__annotations__", {}).items()
        if isinstance(annotation, str)
    }
    # pydantic compiles each again, for every class that inherits it
    assert not texts


@pytest.mark.parametrize("model", sorted(set(_models()), key=lambda model: (model.__module__, model.__name__)))
def test_each_is_the_one_pydantic_would_make(model: type[SpecModel]) -> None:
    ours = _bare(validator.model_schema(model), {})
    model.model_rebuild(force=True)
    assert not validator.has_only_validator(model)
    assert ours == _bare(model.__pydantic_core_schema__, {})


@pytest.mark.parametrize("given", ["10.0.0.0/8", IPv4Network("10.0.0.0/8"), "10.0.0.1/8", "x", None, 7, 1.5, [], b""])
def test_networks_are_accepted_and_refused_alike(given: object) -> None:
    def outcome(validate: Callable[[object], object]) -> object:
        try:
            return validate(given)
        except (ValidationError, TypeError) as error:
            if isinstance(error, TypeError):
                return str(error)
            return [(e["type"], e["msg"], e["loc"]) for e in error.errors()]

    class Ours(SpecModel):
        cidr: IPv4Network

    class Theirs(SpecModel):
        cidr: IPv4Network

    Theirs.model_rebuild(force=True)
    validator.build_validator(Ours)
    assert validator.has_only_validator(Ours)
    ours, theirs = (outcome(lambda v, m=m: m(cidr=v).cidr) for m in (Ours, Theirs))
    assert ours == theirs


@pytest.mark.parametrize(
    "given", [None, 7, [], {}, {"cluster": {"cluster_name": "_"}}, {"nothing": 1}, "Aws", object()]
)
def test_models_that_are_defined_later_accept_and_refuse_alike(given: object) -> None:
    def told(validate: Callable[..., object]) -> object:
        try:
            return validate()
        except ValidationError as error:
            return [(e["type"], e["msg"], e["loc"], e["input"], e.get("ctx")) for e in error.errors()]

    class Theirs(SpecModel):
        existing: AwsAdopted | None

    class Ours(SpecModel):
        existing: later(f"{AwsAdopted.__module__}:AwsAdopted") | None  # pyright: ignore

    validator.build_validator(Ours)
    assert validator.has_only_validator(Ours)
    given = AwsAdopted() if given == "Aws" else given
    ours, theirs = (told(lambda m=m: m(existing=given).existing) for m in (Ours, Theirs))
    assert ours == theirs


class A(SpecModel):
    """One of two."""

    kind: Literal["a"] = "a"


class B(SpecModel):
    """The other."""

    kind: Literal["b"] = "b"


def test_forms_it_does_not_know_are_left_to_pydantic() -> None:
    class Checked(SpecModel):
        size: int = 1

        @field_validator("size")
        @classmethod
        def _even(cls, value: int) -> int:
            if value % 2:
                raise ValueError("must be even")
            return value

    class Annotation(SpecModel):
        size: Annotated[int, AfterValidator(abs)] = -1

    class Other(SpecModel):
        names: set[str] = Field(default_factory=set)

    class Holds(SpecModel):
        checked: Checked
        other: Other | None = None

    with pytest.raises(ValidationError, match="must be even"):
        Checked(size=3)

    class Bounded(SpecModel):
        kind: Annotated[A | B, Field(discriminator="kind")]
        word: Annotated[str, StringConstraints(to_upper=True)] = "a"
        shouted: Annotated[str, Field(pattern=re.compile("^[A-Z]+$"))] = "A"
        shown: Annotated[int, PlainSerializer(str)] = 1

    bounded = Bounded.model_validate({"kind": {"kind": "b"}, "word": "b"})
    assert (bounded.word, bounded.kind) == ("B", B())
    assert bounded.model_dump()["shown"] == "1"
    with pytest.raises(ValidationError, match="shouted"):
        Bounded(kind=A(), shouted="a")
    assert not validator.has_only_validator(Bounded)
    assert Annotation(size=-2).size == 2
    assert Other(names=["a", "a"]).names == {"a"}  # pyright: ignore[reportArgumentType]
    assert not any(validator.has_only_validator(model) for model in (Checked, Other))
    assert Holds(checked=Checked(size=2)).other is None
    with pytest.raises(ValidationError, match=r"checked\.size"):
        Holds.model_validate({"checked": {"size": 1}})


def test_everything_else_of_a_model_comes_when_it_is_asked_for() -> None:
    route = EmailRoute("a@acme.example")
    spec = MonitoringSpec(routes=(route,))
    assert spec.model_dump()["routes"][0]["address"] == "a@acme.example"
    assert MonitoringSpec.model_validate_json(spec.model_dump_json()) == spec
    assert NetworkSpec().model_dump(mode="json")["cidr"] == "10.40.0.0/16"
    schema = PlatformSpec.model_json_schema()
    assert "EndpointSpec" in schema["$defs"]
