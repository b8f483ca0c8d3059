"""From the package's arguments to the spec, with every problem by argument."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pulumi
from pulumi import InputPropertiesError, InputPropertyErrorDetails
from pydantic import ValidationError

from mlplatform.reading.load import load
from mlplatform.reading.refusals.errors import problems_of
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import ReleaseRecord


def read_platform(
    given: Mapping[str, Any] | None, file: str | None, record: Mapping[str, Any] | None = None
) -> PlatformSpec:
    """The platform's spec with its record of releases, from documents or files.

    Args:
        given: the spec.
        file: the spec's file, beside which its record is.
        record: what is released, as `targets` of a record. Omitted: of a file, the record beside it; else nothing.

    Raises:
        pulumi.InputPropertiesError: none or both were given, or the spec is refused; every problem is in it.
    """
    if (given is None) == (file is None):
        raise refusal("a platform needs one spec", ("spec", "give either `spec` or `specFile`"))
    if file is not None:
        if record is not None:
            raise refusal("a record given twice", ("record", "leave it out: the file's own record is read"))
        path = Path(file)
        whole_path = path if path.is_absolute() else Path(pulumi.get_root_directory()) / path
        return _loaded(whole_path, lambda field: f"specFile.{field}" if field else "specFile")
    require_plain(given, "spec")
    require_plain(record or {}, "record")
    return _read(cast("Mapping[str, Any]", given), lambda path: f"spec.{path}" if path else "spec", record)


def _read(
    document: Mapping[str, Any], shown: Callable[[str], str], record: Mapping[str, Any] | None = None
) -> PlatformSpec:
    # through a file, because the loader reports every problem at once
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spec.json"
        path.write_text(json.dumps(with_integers(document), indent=1), encoding="utf-8")
        spec = _loaded(path, shown)
    return spec.with_record(_record(spec, record)) if record else spec


def _record(spec: PlatformSpec, targets: Mapping[str, Any]) -> ReleaseRecord:
    """The record of releases in an argument.

    Raises:
        pulumi.InputPropertiesError: it is refused; every problem is in it.
    """
    body = {"platform": spec.name, "environment": spec.environment, "targets": with_integers(targets)}
    try:
        return ReleaseRecord.model_validate(body)
    except ValidationError as error:
        found = problems_of(error, ReleaseRecord)
        raise refusal(
            "the record is refused",
            *((f"record.{problem.path.removeprefix('targets.')}", _words(problem)) for _, problem in found),
        ) from None


def _loaded(path: Path, shown: Callable[[str], str]) -> PlatformSpec:
    loaded = load(path)
    if loaded.spec is not None and not loaded.problems:
        return loaded.spec
    raise refusal("the spec is refused", *((shown(problem.path), _words(problem)) for problem in loaded.problems))


def _words(problem: object) -> str:
    parts = {name: getattr(problem, name, None) for name in ("got", "expected", "fix")}
    return "; ".join(f"{name}: {value}" for name, value in parts.items() if value)


@dataclass(frozen=True)
class Part:
    """A component's arguments that are a part of the spec."""

    at: str
    """Its path in the spec: `network`, `endpoints[0]`."""

    given: Mapping[str, Any]
    """The arguments, in the spec's names."""

    shown: str = ""
    """The argument that holds it. Omitted: its fields are arguments themselves."""


def read_component(
    context: Mapping[str, Any], parts: Sequence[Part], record: Mapping[str, Any] | None = None
) -> PlatformSpec:
    """The spec of a component used alone: read as a whole, so that the cloud's limits apply too.

    Args:
        context: the component's `context`.
        parts: other parts of the spec.
        record: what is released, as `targets` of a record. Omitted: nothing.

    Raises:
        pulumi.InputPropertiesError: something is refused; every problem is in it, by argument.
    """
    document = {name: value for name, value in context.items() if name not in ("target", "existing")}
    twice = [part.at for part in parts if part.at in document]
    if twice:
        raise refusal("given twice", *((f"context.{name}", "give its fields beside `context`") for name in twice))
    require_plain({**document, "target": context["target"]}, "context")
    document["targets"] = [context["target"]]
    for part in parts:
        require_plain(part.given, part.shown)
        _set_part(document, part.at, part.given)
    return _read(document, lambda path: _argument(path, parts), record)


def _set_part(document: dict[str, Any], at: str, given: Mapping[str, Any]) -> None:
    """Set one part: names, each of a mapping or, with a number such as `[0]`, of the next entry of a list."""
    name, _, rest = at.partition(".")
    if rest:
        _set_part(document.setdefault(name, {}), rest, given)
    elif name.endswith("]"):
        document.setdefault(name.partition("[")[0], []).append(given)
    else:
        document[name] = given


def _argument(path: str, parts: Sequence[Part]) -> str:
    """The argument that a path in the spec comes from."""
    for part in parts:
        if path == part.at or path.startswith((f"{part.at}.", f"{part.at}[")):
            own = path.removeprefix(part.at).removeprefix(".")
            return f"{part.shown}.{own}".strip(".") or "context"
    return f"context.{path.replace('targets[0]', 'target', 1)}" if path else "context"


def require_plain(value: object, where: str) -> None:
    """Refuse outputs: values that decide which resources there are must be known first.

    Raises:
        pulumi.InputPropertiesError: there are outputs; the text names all of them.
    """
    paths = list(_outputs(value, where))
    if paths:
        raise refusal(
            "outputs where values must be known",
            *((path, "expected a plain value: it decides which resources there are") for path in paths),
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


def with_integers(value: object) -> Any:  # noqa: ANN401 - the same shape
    """The same value with whole numbers as integers: Pulumi sends all numbers as floating point."""
    match value:
        case Mapping():
            return {key: with_integers(item) for key, item in cast("Mapping[str, object]", value).items()}
        case list() | tuple():
            return [with_integers(item) for item in cast("Sequence[object]", value)]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def refusal(message: str, *problems: tuple[str, str]) -> InputPropertiesError:
    """An error that Pulumi shows property by property."""
    errors = [InputPropertyErrorDetails(property_path=path, reason=reason) for path, reason in problems]
    return InputPropertiesError(message, errors)
