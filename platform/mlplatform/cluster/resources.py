"""Kubernetes' resources of Pulumi, for objects that are known as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from mlplatform.cluster.tokens import type_token


class KubernetesObject(pulumi.CustomResource):
    """Any object, by its version and kind.

    Of the SDK's own classes, `core.v1` alone takes a second to import, and `apiextensions.CustomResource` has no fields
    beside `spec`, and takes no `v1`: the provider reads group and version from the type, as `core/v1`.
    """

    def __init__(self, name: str, body: Mapping[str, pulumi.Input[Any]], opts: pulumi.ResourceOptions) -> None:
        """Register an object.

        Args:
            name: logical name.
            body: the object as it is sent, with `apiVersion` and `kind`.
            opts: parent, provider, dependencies.
        """
        super().__init__(type_token(cast("str", body["apiVersion"]), cast("str", body["kind"])), name, dict(body), opts)
