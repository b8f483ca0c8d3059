"""Reads a Terraform or OpenTofu state: outputs and resources, without what is sensitive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.components.foreign_resource import ForeignResource
from mlplatform.fast.record import record

_EXPECTED = (
    "a state of format 4 (Terraform 0.12 or newer, OpenTofu), or the document of `terraform show -json` or "
    "`terraform output -json`"
)


class NoTerraform(ValueError):
    """The document is no state, or has nothing in it; the text has what was found and expected."""


@record()
class TerraformState:
    """What a root module and the modules in it have."""

    values: Mapping[str, object]
    """JSON values of outputs by name, sorted."""

    sensitive: tuple[str, ...]
    """Names of sensitive outputs; their values are left out."""

    resources: tuple[ForeignResource, ...] = ()
    """What is managed, by address; nothing where the document has outputs alone."""


def read_terraform(document: object) -> TerraformState:
    """Outputs and resources of a state file, of `terraform show -json`, or of `terraform output -json`.

    https://developer.hashicorp.com/terraform/internals/json-format

    Raises:
        NoTerraform: the document is something else, or has nothing in it.
    """
    if not isinstance(document, dict):
        raise NoTerraform(f"got no mapping, expected {_EXPECTED}")
    content = cast("Mapping[str, object]", document)
    if "encrypted_data" in content:
        raise NoTerraform("got an encrypted state, expected a clear one; write `tofu show -json` to a file")
    if "planned_values" in content:
        raise NoTerraform(
            f"got a plan, expected {_EXPECTED}: run `terraform show -json` without the name of a plan's file"
        )
    if "format_version" in content:
        values = _fields(content.get("values"))
        return _state(values.get("outputs", {}), tuple(_shown(_fields(values.get("root_module")))))
    if "terraform_version" in content or "lineage" in content:
        if backend := _fields(content.get("backend")):
            # what a working folder keeps in .terraform: where its state is, in the form of 0.11 to this day
            raise NoTerraform(
                f"got where a state is kept ({str(backend.get('type'))[:20]}), expected {_EXPECTED}; "
                "run `terraform state pull` in that folder, and give what it prints"
            )
        if content.get("version") != 4:
            got = content.get("version")
            newer = isinstance(got, int) and got > 4
            fix = "write `terraform show -json` to a file" if newer else "run `terraform apply` with 0.12 or newer"
            raise NoTerraform(f"got a state of format {str(got)[:20]}, expected {_EXPECTED}; {fix}")
        resources = tuple(_stored(content.get("resources")))
        if not resources and not content.get("outputs") and content.get("resources"):
            raise NoTerraform(
                "got a state with nothing but data sources, expected resources that it manages; give the state of "
                "the configuration that made them"
            )
        return _state(content.get("outputs", {}), resources)
    return _state(content, None)


def _state(outputs: object, resources: tuple[ForeignResource, ...] | None) -> TerraformState:
    if not isinstance(outputs, dict):
        raise NoTerraform(f"got outputs that are no mapping, expected {_EXPECTED}")
    named = cast("Mapping[str, object]", outputs)
    for name, output in named.items():
        if not isinstance(output, dict) or "value" not in output:
            raise NoTerraform(f"{name[:60]}: got something without a `value`, expected {_EXPECTED}")
    if not named and resources is None:
        raise NoTerraform("got no outputs; add `output` blocks for the values to adopt, or give the whole state")
    if not named and not resources:
        raise NoTerraform("got an empty state, expected resources or outputs in it; is it the right workspace?")
    each = {name: cast("Mapping[str, object]", named[name]) for name in sorted(named)}
    return TerraformState(
        {name: output["value"] for name, output in each.items() if not output.get("sensitive")},
        tuple(name for name, output in each.items() if output.get("sensitive")),
        tuple(sorted(resources or (), key=lambda resource: resource.address)),
    )


def _stored(resources: object) -> Iterator[ForeignResource]:
    """Managed resources of a state file."""
    for resource in _items(resources):
        if resource.get("mode") != "managed":
            continue
        type_ = str(resource.get("type", ""))
        module = f"{resource['module']}." if resource.get("module") else ""
        for instance in _items(resource.get("instances")):
            # what is being replaced waits for its deletion
            if instance.get("deposed"):
                continue
            hidden = frozenset(_paths(instance.get("sensitive_attributes")))
            address = f"{module}{type_}.{resource.get('name')}{_index(instance.get('index_key'))}"
            yield _resource(address, type_, _fields(instance.get("attributes")), hidden)


def _shown(module: Mapping[str, object]) -> Iterator[ForeignResource]:
    """Managed resources of a module of `terraform show -json`, and of those in it."""
    for resource in _items(module.get("resources")):
        if resource.get("mode") == "managed":
            # a block that is sensitive in part has an object there, an empty one where nothing in it is
            marks = _fields(resource.get("sensitive_values"))
            hidden = frozenset(name for name, mark in marks.items() if _is_marked(mark))
            values = _fields(resource.get("values"))
            yield _resource(str(resource.get("address", "")), str(resource.get("type", "")), values, hidden)
    for child in _items(module.get("child_modules")):
        yield from _shown(child)


def _resource(address: str, type_: str, values: Mapping[str, object], hidden: frozenset[str]) -> ForeignResource:
    clear = {name: value for name, value in values.items() if name not in hidden}
    return ForeignResource(address=address, type=type_, values=clear, hidden=hidden)


def _paths(sensitive: object) -> Iterator[str]:
    """The first steps of the paths of sensitive attributes; older versions write none."""
    for path in cast("list[object]", sensitive) if isinstance(sensitive, list) else ():
        steps = _items(path)
        if steps and isinstance(value := steps[0].get("value"), str):
            yield value


def _is_marked(mark: object) -> bool:
    """Whether anything in an attribute is sensitive."""
    if isinstance(mark, dict):
        return any(map(_is_marked, cast("Mapping[str, object]", mark).values()))
    if isinstance(mark, list):
        return any(map(_is_marked, cast("list[object]", mark)))
    return mark is True


def _index(key: object) -> str:
    if key is None:
        return ""
    return f'["{key}"]' if isinstance(key, str) else f"[{key}]"


def _fields(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _items(value: object) -> list[Mapping[str, object]]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Mapping[str, object]", item) for item in items if isinstance(item, dict)]
