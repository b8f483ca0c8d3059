"""What a shell completes: stacks and files of specs, targets, clouds, regions, CI systems, fields and machines.

Nothing of the project is run for it: the names are those of its files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import click
from click.shell_completion import CompletionItem


def complete_parameters(command: click.Command) -> None:
    """Tell a command's parameters, and those of its own commands, what completes them.

    Args:
        command: a command of mlplatform.
    """
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            if inner := command.get_command(ctx, name):
                complete_parameters(inner)
    for parameter in command.params:
        words = _WORDS.get(parameter.name or "")
        if command.name == "explain" and parameter.name == "arguments":
            words = _specs_and_fields
        # what has a type of its own, a file or a list of choices, completes itself
        if words and isinstance(parameter.type, click.types.StringParamType):
            _attach(parameter, words, files=parameter.name in _FILES)


def _attach(parameter: click.Parameter, words: Callable[[str], Iterable[str]], *, files: bool) -> None:
    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        del ctx, param
        found = [CompletionItem(word) for word in sorted(set(words(incomplete))) if word.startswith(incomplete)]
        # the shell's own completion of files, where no name fits
        return [CompletionItem(incomplete, type="file"), *found] if files else found

    parameter._custom_shell_complete = complete  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]


def _project() -> Path | None:
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").is_file()), None)


def _stacks(incomplete: str) -> Iterable[str]:
    del incomplete
    folder = (_project() or Path.cwd()) / "stacks"
    for file in folder.glob("*"):
        if file.suffix in (".py", ".yaml", ".yml", ".json") and not file.name.startswith(("Pulumi.", "_")):
            yield file.stem


def _targets(incomplete: str) -> Iterable[str]:
    """The targets in the names of the stacks' files, `Pulumi.prod-aws.yaml`, and the clouds."""
    del incomplete
    folder = (_project() or Path.cwd()) / "stacks"
    for file in folder.glob("Pulumi.*-*.yaml"):
        yield file.name.split(".")[1].partition("-")[2].removesuffix("-cluster")
    yield from _clouds("")


def _clouds(incomplete: str) -> Iterable[str]:
    del incomplete
    from mlplatform import discovery

    return discovery.clouds()


def _regions(incomplete: str) -> Iterable[str]:
    from mlplatform import discovery

    return (region for cloud in _clouds(incomplete) for region in discovery.backend(cloud).catalog.regions)


def _systems(incomplete: str) -> Iterable[str]:
    del incomplete
    from mlplatform.cli.commands.init import SYSTEMS

    return (system for system in SYSTEMS if system != "none")


def _accelerators(incomplete: str) -> Iterable[str]:
    from mlplatform import discovery

    machines = (machine for cloud in _clouds(incomplete) for machine in discovery.backend(cloud).catalog.machines)
    return {str(machine.accelerator) for machine in machines}


def _machines(incomplete: str) -> Iterable[str]:
    from mlplatform import discovery

    catalogs = [discovery.backend(cloud).catalog for cloud in _clouds(incomplete)]
    return {machine.machine_type for each in catalogs for machine in (*each.cpu_machines, *each.machines)}


def _specs_and_fields(incomplete: str) -> Iterable[str]:
    yield from _stacks(incomplete)
    from mlplatform.plan.matrix import spec_fields

    yield from (field.path for field in spec_fields())


_FILES = ("spec", "specs", "base", "head", "source", "sources", "arguments")
"""Parameters that take files too."""

_WORDS: Mapping[str, Callable[[str], Iterable[str]]] = MappingProxyType(
    {
        **dict.fromkeys(("spec", "specs", "head", "source", "sources", "environment", "environments"), _stacks),
        **dict.fromkeys(("target", "targets"), _targets),
        **dict.fromkeys(("cloud", "clouds"), _clouds),
        **dict.fromkeys(("region", "regions"), _regions),
        "base": _stacks,
        "system": _systems,
        "accelerator": _accelerators,
        "machine_type": _machines,
    }
)
"""By name of a parameter: the words that complete it."""
