"""The plugin's process: serves the package to Pulumi's engine over gRPC."""

from __future__ import annotations

import sys
from importlib.metadata import version

import pulumi
from pulumi.provider import main
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.provider import ConstructResult
from pulumi.provider.server import ComponentInitError

from mlplatform.components.options import option_problems
from mlplatform.package.components import COMPONENTS
from mlplatform.package.reading import refusal
from mlplatform.package.shape import schema_problems, written_path

NAME = "mlplatform"
"""Name of the package."""


class Host(ComponentProvider):
    """Pulumi's own host, except that refused arguments are shown by property and without a stack trace."""

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Make a component.

        Raises:
            pulumi.InputPropertiesError: its arguments are refused; every problem is in it.
        """
        own = self._component_defs.get(resource_type.rpartition(":")[2])
        if own and (problems := list(schema_problems(inputs, own.inputs, self._type_defs))):
            raise refusal("the arguments are refused", *problems)
        if options and (refused := [(f"opts.{_written(option)}", words) for option, words in option_problems(options)]):
            raise refusal("the options are refused", *refused)
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if own and isinstance(error.inner, pulumi.InputPropertiesError):
                for each in error.inner.errors or []:
                    each["property_path"] = written_path(
                        each["property_path"], own.inputs, own.inputs_mapping, self._type_defs
                    )
                raise error.inner from None
            if isinstance(error.inner, ValueError | ImportError | NotImplementedError):
                raise refusal(str(error.inner)) from error
            raise


def _written(option: str) -> str:
    """An option's name in other languages: `ignoreChanges`."""
    first, *rest = option.strip("_").split("_")
    return first + "".join(word.title() for word in rest)


def serve() -> None:
    """Serve until the engine goes; its address is the first argument."""
    main(Host(COMPONENTS, NAME, version=version(NAME)), sys.argv[1:])
