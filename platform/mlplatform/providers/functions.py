"""Schemas of data-source functions (invokes), read from the installed SDKs."""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from mlplatform.providers.registry import clear_on_registration, provider_rules
from mlplatform.providers.schema import load_package, package_of, root_module, sdk_modules
from mlplatform.providers.sdk import SdkFunction, annotation_of, output_object, read_type, source_text, wire_names
from mlplatform.providers.types import FunctionSchema, ObjectOf, Property


@cache
def function_schema(token: str) -> FunctionSchema | None:
    """The schema of a data-source function, or None where the installed SDK has no such function."""
    package = package_of(token)
    rules = provider_rules(package)
    if rules is not None:
        return rules.function(token) if rules.function else None
    function = _function(token, package)
    if function is None:
        return None
    return FunctionSchema(token, _function_arguments(function), _function_result(function))


clear_on_registration(function_schema.cache_clear)


def _function(token: str, package: str) -> SdkFunction | None:
    if not load_package(package) or token.count(":") != 2:
        return None
    _, area, name = token.split(":")
    root = root_module(package)
    folder = area.split("/")[0]
    module = root if folder == "index" else _area_module(package, folder)
    if module is None:
        return None
    loaded = import_module(module)
    wanted = name.lower()
    for file in sorted(Path(cast("str", loaded.__file__)).parent.glob("*.py")):
        if file.stem.replace("_", "") == wanted:
            function = getattr(loaded, file.stem, None)
            # A package attribute can be the file's module instead of the function of the same name.
            function = function if callable(function) else getattr(function, file.stem, None)
            return cast("SdkFunction | None", function)
    return None


def _area_module(package: str, folder: str) -> str | None:
    for info in sdk_modules(package):
        if info.name.split("/")[0] == folder:
            return info.python_name
    candidate = f"{root_module(package)}.{folder.replace('-', '')}"
    return candidate if candidate in sys.modules else None


def _function_arguments(function: SdkFunction) -> ObjectOf:
    optional = _optional_arguments(function)
    names = [name for name in function.__annotations__ if name not in ("opts", "return")]
    # `__args__['addonName'] = addon_name`, one line per argument in the order of the signature.
    wires = [constant for constant in function.__code__.co_consts[1:] if isinstance(constant, str)]
    table = {
        wire: Property(
            wire,
            lambda name=name: read_type(annotation_of(function, name), function.__module__),
            required=name not in optional,
        )
        for name, wire in zip(names, wires, strict=False)
    }
    return ObjectOf(function.__name__, lambda: (table, {}))


def _optional_arguments(function: SdkFunction) -> frozenset[str]:
    """Optional arguments, which only the source of the `_output` counterpart shows: `Optional[Optional[...]]`."""
    names = frozenset(function.__annotations__)
    source = source_text(function.__code__.co_filename)
    start = source.find(f"def {function.__name__}_output(")
    if start < 0:
        return names
    signature = source[start : source.index("opts:", start)]
    required = re.findall(r"(\w+): pulumi\.Input\[Optional\[(?!Optional\[)", signature)
    return names - frozenset(required)


def _function_result(function: SdkFunction) -> ObjectOf | None:
    returned = annotation_of(function, "return")
    if not isinstance(returned, type):
        return None
    # AwaitableGetXResult derives from GetXResult, which has the getters.
    for base in returned.__mro__:
        if wire_names(base):
            return output_object(base)
    return None
