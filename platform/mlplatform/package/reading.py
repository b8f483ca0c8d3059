"""From the package's arguments to what the library takes: spec models, existing parts, contexts."""

from __future__ import annotations

import collections.abc
import dataclasses
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_origin

import pulumi
from pulumi import InputPropertiesError, InputPropertyErrorDetails
from pydantic import ValidationError

from mlplatform.components.context import Context
from mlplatform.components.existing import Existing
from mlplatform.package.derive import existing_kinds, hints_of
from mlplatform.spec import discovery
from mlplatform.spec.artifact_store import PLACES, Place
from mlplatform.spec.base import SpecModel
from mlplatform.spec.load import load
from mlplatform.spec.platform import PlatformSpec

M = TypeVar("M", bound=SpecModel)


def platform_spec(given: Mapping[str, Any] | None, file: str | None) -> PlatformSpec:
    """The platform's spec, from a document or a file.

    Raises:
        pulumi.InputPropertiesError: none or both were given, or the spec is refused; every problem is in it.
    """
    if (given is None) == (file is None):
        raise refused("a platform needs one spec", ("spec", "give either `spec` or `specFile`"))
    if file is not None:
        path = Path(file)
        return _loaded(path if path.is_absolute() else Path(pulumi.get_root_directory()) / path, "specFile")
    known(given, "spec")
    # the loader's own words, with everything that is wrong at once
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spec.json"
        path.write_text(json.dumps(whole(given), indent=1), encoding="utf-8")
        return _loaded(path, "spec")


def _loaded(path: Path, where: str) -> PlatformSpec:
    loaded = load(path)
    if loaded.spec is not None and not loaded.problems:
        return loaded.spec
    raise refused(
        "the spec is refused",
        *((f"{where}.{problem.path}" if problem.path else where, _words(problem)) for problem in loaded.problems),
    )


def _words(problem: object) -> str:
    parts = {name: getattr(problem, name, None) for name in ("got", "expected", "fix")}
    return "; ".join(f"{name}: {value}" for name, value in parts.items() if value)


def spec_of(model: type[M], given: Mapping[str, Any], leave: Sequence[str] = ()) -> M:
    """A part of the spec.

    Args:
        model: which part.
        given: the arguments, in the spec's names.
        leave: arguments that are not the part's.

    Raises:
        pulumi.InputPropertiesError: the part is refused; every problem is in it.
    """
    values = {name: value for name, value in given.items() if name not in leave}
    known(values, "")
    try:
        return model.model_validate(whole(values))
    except ValidationError as error:
        raise refused(
            f"{model.__name__} is refused",
            *((".".join(str(part) for part in found["loc"]), found["msg"]) for found in error.errors()),
        ) from error


def context_of(given: Mapping[str, Any], opts: pulumi.ResourceOptions) -> Context:
    """The context of a component used alone, whose shared components get these options."""
    values = {name: value for name, value in given.items() if name not in ("target", "existing")}
    spec = platform_spec({**values, "targets": [given["target"]]}, None)
    return Context(spec, opts=opts, existing=existing_of(given.get("existing"), spec.targets[0].cloud))


def existing_of(given: Mapping[str, Any] | None, cloud: str) -> Existing:
    """What somebody else made.

    Raises:
        pulumi.InputPropertiesError: it is another cloud's, or lacks something.
    """
    if not given:
        return Existing()
    if isinstance(given, pulumi.Output):
        raise refused("existing", ("existing", "which parts there are must be known; only their values may be outputs"))
    others = [name for name, parts in given.items() if name != cloud and parts]
    if others:
        raise refused("existing", *((f"existing.{name}", f"the target's cloud is {cloud}") for name in others))
    kinds = existing_kinds(cloud)
    parts = cast("Mapping[str, Mapping[str, Any]]", given.get(cloud) or {})
    return Existing(**{name: _made(kinds[name], value, f"existing.{cloud}.{name}") for name, value in parts.items()})


def _made(kind: type, given: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401 - of the kind that is given
    values: dict[str, Any] = {}
    for name, hint in hints_of(kind).items():
        if name in given:
            values[name] = _value(hint, given[name], f"{where}.{name}")
    try:
        return kind(**values)
    except TypeError as error:
        raise refused("existing", (where, str(error))) from error


def _value(hint: object, given: Any, where: str) -> Any:  # noqa: ANN401 - whatever was sent
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(given, Mapping):
        items = cast("Mapping[str, Any]", given).items()
        return {key: _value(args[1], value, f"{where}.{key}") for key, value in items}
    if isinstance(origin, type) and issubclass(origin, collections.abc.Sequence) and isinstance(given, list):
        return tuple(_value(args[0], value, where) for value in cast("list[Any]", given))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _made(hint, given, where)
    return given


def places_of(given: Sequence[str], where: str) -> tuple[Place, ...]:
    """Places by name.

    Raises:
        pulumi.InputPropertiesError: a name is no place's.
    """
    strange = [name for name in given if name not in PLACES]
    if strange:
        raise refused("no such place", (where, f"got: {', '.join(strange)}; expected: {', '.join(PLACES)}"))
    return tuple(place for place in PLACES if place in given)


def known(value: object, where: str) -> None:
    """Refuse outputs: what there is must be known before anything is made.

    Raises:
        pulumi.InputPropertiesError: there are outputs; the text names all of them.
    """
    found = list(_outputs(value, where))
    if found:
        raise refused(
            "outputs where values must be known",
            *((path, "expected a plain value: it decides which resources there are") for path in found),
        )


def _outputs(value: object, where: str) -> list[str]:
    if isinstance(value, pulumi.Output):
        return [where]
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return [path for key, item in items for path in _outputs(item, f"{where}.{key}".lstrip("."))]
    if isinstance(value, list):
        each = enumerate(cast("list[object]", value))
        return [path for at, item in each for path in _outputs(item, f"{where}[{at}]")]
    return []


def whole(value: object) -> Any:  # noqa: ANN401 - the same shape
    """Numbers travel as floating point: whole ones are integers again."""
    match value:
        case Mapping():
            return {key: whole(item) for key, item in cast("Mapping[str, object]", value).items()}
        case list() | tuple():
            return [whole(item) for item in cast("Sequence[object]", value)]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def refused(message: str, *problems: tuple[str, str]) -> InputPropertiesError:
    """An error that Pulumi shows property by property."""
    errors = [InputPropertyErrorDetails(property_path=path, reason=reason) for path, reason in problems]
    return InputPropertiesError(message, errors)


def load_fast(cloud: str) -> None:
    """Load the cloud's SDK class by class."""
    from mlplatform.plan.speed import fast_sdk

    fast_sdk(discovery.backend(cloud).sdks)
