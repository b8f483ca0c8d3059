"""Annotations that mean the same have the same key, and no others."""

from __future__ import annotations

import builtins
import collections.abc
import typing
from typing import Any

import pulumi
import pytest

from mlplatform.fast.sdk.annotations import meaning
from mlplatform.fast.sdk.replacements import values
from mlplatform.fast.sdk.replacements.apply import replace_pulumi_functions

GENERATED: dict[str, Any] = {
    "pulumi": pulumi,
    "_builtins": builtins,
    "Optional": typing.Optional,
    "Sequence": typing.Sequence,
    "Mapping": typing.Mapping,
    "Any": Any,
}


@pytest.mark.parametrize(
    "text",
    [
        "pulumi.Input[Optional[_builtins.str]]",
        "pulumi.Input[Sequence[pulumi.Input[_builtins.int]]]",
        "Optional[Mapping[str, Any]]",
        "list",
    ],
)
def test_the_same_text_in_two_modules_means_the_same(text: str) -> None:
    key = meaning(text, GENERATED)
    assert key is not None
    assert key == meaning(text, dict(GENERATED))
    assert key != meaning(text.replace("str", "bytes").replace("int", "bool").replace("list", "dict"), GENERATED)


def test_another_module_may_mean_something_else_by_a_name() -> None:
    text = "Sequence[str]"
    assert meaning(text, GENERATED) != meaning(text, {"Sequence": collections.abc.Sequence})
    assert meaning(text, GENERATED) != meaning(text, {**GENERATED, "str": bytes})


@pytest.mark.parametrize(
    "text", ["pulumi.Input['BucketArgs']", 'Optional["Bucket"]', "Unheard[str]", "pulumi.Input[Own]"]
)
def test_nothing_is_said_of_classes(text: str) -> None:
    assert meaning(text, GENERATED) is None


@pulumi.input_type
class Inputs:
    @property
    @pulumi.getter
    def text(self) -> pulumi.Input[str]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def texts(self) -> pulumi.Input[dict[str, pulumi.Input[str]]]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter(name="moreTexts")
    def more_texts(self) -> pulumi.Input[dict[str, pulumi.Input[str]]]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def inner(self) -> pulumi.Input[Inputs]: ...  # type: ignore[empty-body]


def test_types_are_those_of_pulumi() -> None:
    replace_pulumi_functions()
    types = values.property_types(Inputs)
    assert dict(types) == values.plain_types(Inputs)
    assert types["texts"] is types["moreTexts"]
