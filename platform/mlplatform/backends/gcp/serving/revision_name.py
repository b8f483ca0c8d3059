"""Names of revisions. A revision never changes, so its name is a hash of all that is in its template."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import cast

import pulumi
from pulumi_gcp import cloudrunv2

from mlplatform.components.names import short_hash


def name_revision(service: str, template: cloudrunv2.ServiceTemplateArgs) -> pulumi.Output[str]:
    """The name of the revision that a template makes; known as soon as everything in the template is.

    Cloud Run refuses another template under the name of a revision that exists, so nothing may be left out:
    https://github.com/hashicorp/terraform-provider-google/issues/9438

    Args:
        service: name of the service, with which the name must begin.
        template: the template, without a name.
    """
    resolved = pulumi.Output.from_input(template)
    return resolved.apply(lambda known: f"{service}-{short_hash(json.dumps(_plain(known), sort_keys=True))}")


def _plain(value: object) -> object:
    """The template as JSON-like data; settings that are not there do not count."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
    elif isinstance(value, Iterable):
        return [_plain(item) for item in cast("Iterable[object]", value)]
    else:
        entries = cast("Mapping[str, object]", vars(value))
    return {key: plain for key, item in entries.items() if (plain := _plain(item)) is not None}
