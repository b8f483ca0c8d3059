"""Schemas of resource types, read from the installed provider SDKs.

The SDK's own registry has the class of each type token, so that only the one module with that class is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, cast

from pulumi.runtime import rpc

from mlplatform.providers.registry import clear_on_registration, provider_rules
from mlplatform.providers.sdk import input_object, output_object, source_text
from mlplatform.providers.types import ResourceSchema
from mlplatform.similar import nearest_names

_PROVIDERS = "pulumi:providers:"


@dataclass(frozen=True)
class SdkModule:
    """One module of an SDK."""

    name: str
    """Its part of the type token."""

    python_name: str
    """Its name in Python."""

    classes: Mapping[str, str]
    """Type tokens to names of classes."""


@cache
def resource_schema(token: str) -> ResourceSchema | None:
    """The schema of a resource type, or None where neither an installed SDK nor a registered provider has the type.

    Args:
        token: type token, `aws:s3/bucket:Bucket`; `pulumi:providers:aws` for a provider's own configuration.
    """
    package = package_of(token)
    rules = provider_rules(package)
    if rules is not None:
        return rules.schema(token)
    cls = resource_class(token)
    if cls is None:
        return None
    return ResourceSchema(
        token=token,
        inputs=input_object(_args_class(cls)),
        outputs=output_object(cls),
        secret_outputs=_secret_outputs(cls),
        is_provider=token.startswith(_PROVIDERS),
    )


def package_of(token: str) -> str:
    """The provider package that a token belongs to."""
    return token.removeprefix(_PROVIDERS) if token.startswith(_PROVIDERS) else token.split(":", 1)[0]


def nearest_tokens(token: str, count: int = 3) -> list[str]:
    """Type tokens similar to an unknown one, best first."""
    package = package_of(token)
    if not load_package(package):
        return []
    known = [known for module in sdk_modules(package) for known in module.classes]
    name = token.rpartition(":")[2].lower()
    same_name = [known_token for known_token in known if known_token.rpartition(":")[2].lower() == name]
    return (same_name + nearest_names(token, known, most=count, cutoff=0.7))[:count]


@cache
def is_known_package(package: str) -> bool:
    """Whether a provider of this package can be checked: registered, or its SDK is installed."""
    return provider_rules(package) is not None or load_package(package)


clear_on_registration(resource_schema.cache_clear)
clear_on_registration(is_known_package.cache_clear)


def load_package(package: str) -> bool:
    """Imports the root module of a provider package; False where it is not installed."""
    try:
        import_module(root_module(package))
    except ImportError:
        return False
    return True


def root_module(package: str) -> str:
    """The Python name of a provider package."""
    return "pulumi_" + package.replace("-", "_")


def sdk_modules(package: str) -> Iterable[SdkModule]:
    """The modules of a package, as its SDK registers them."""
    # The registry that `pulumi.get_resource_module` reads; every SDK fills it when it is imported.
    registry = cast("dict[str, list[Any]]", getattr(rpc, "_RESOURCE_MODULES", {}))
    for key, modules in registry.items():
        if key.startswith(package + ":"):
            info = modules[0].mod_info
            yield SdkModule(info["mod"], info["fqn"], info["classes"])


def resource_class(token: str) -> type | None:
    """The SDK's class of a resource type, or None where there is none."""
    package = package_of(token)
    if not load_package(package):
        return None
    if token.startswith(_PROVIDERS):
        return getattr(import_module(root_module(package)), "Provider", None)
    module = rpc.get_resource_module(package, token.split(":")[1] if token.count(":") == 2 else "", "")
    info = cast("Mapping[str, Any]", getattr(module, "mod_info", {}))
    name = info.get("classes", {}).get(token)
    return getattr(import_module(info["fqn"]), name) if name else None


def _args_class(cls: type) -> type:
    # `def __init__` passes its Args class to get_resource_args_opts: a global name that ends in Args.
    init = cast("Any", cls.__init__)
    for name in init.__code__.co_names:
        if name.endswith("Args"):
            return cast("type", init.__globals__[name])
    raise LookupError(f"{cls.__module__}.{cls.__name__} is not a generated resource class")


def _secret_outputs(cls: type) -> frozenset[str]:
    code = cast("Any", cls)._internal_init.__code__
    if ("additional_secret_outputs",) not in code.co_consts:
        return frozenset()
    source = source_text(code.co_filename)
    names = re.search(r"additional_secret_outputs=\[([^\]]*)\]", source)
    return frozenset(re.findall(r'"([^"]+)"', names.group(1))) if names else frozenset()
