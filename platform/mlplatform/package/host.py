"""The plugin's process: serves the package to Pulumi's engine over gRPC."""

from __future__ import annotations

import sys
from importlib.metadata import version

import pulumi
from pulumi.provider import main
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.provider import ConstructResult
from pulumi.provider.server import ComponentInitError

from mlplatform.package.components import COMPONENTS
from mlplatform.package.reading import refused
from mlplatform.package.shape import as_written, wrong

NAME = "mlplatform"
"""Name of the package."""


class Host(ComponentProvider):
    """Pulumi's own host, except that what is refused is shown by property and without a stack trace."""

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
        if own and (found := list(wrong(inputs, own.inputs, self._type_defs))):
            raise refused("the arguments are refused", *found)
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if own and isinstance(error.inner, pulumi.InputPropertiesError):
                for each in error.inner.errors or []:
                    each["property_path"] = as_written(
                        each["property_path"], own.inputs, own.inputs_mapping, self._type_defs
                    )
                raise error.inner from None
            if isinstance(error.inner, ValueError | ImportError | NotImplementedError):
                raise refused(str(error.inner)) from error
            raise


def serve() -> None:
    """Serve until the engine goes; its address is the first argument."""
    main(Host(COMPONENTS, NAME, version=version(NAME)), sys.argv[1:])
