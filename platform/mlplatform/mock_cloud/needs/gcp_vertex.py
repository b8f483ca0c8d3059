"""Vertex AI: what the deployments need that an endpoint's workflow makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.rollouts.base import as_text
from mlplatform.mock_cloud.rollouts.gcp_vertex import ENDPOINT, wanted_of
from mlplatform.providers.wire import as_list, as_object, value_at_path

_ADDRESS = re.compile(r"gs://[^\s\"]+")


def deployments(endpoint: str, every: Iterable[Held]) -> Iterator[tuple[str, str]]:
    """Model and image of each deployment of an endpoint; nothing where there is no such endpoint, or it waits.

    Args:
        endpoint: the endpoint's number.
        every: all resources of the cloud.
    """
    everything = tuple(every)
    if any(held.token == ENDPOINT and held.inputs.get("name") == endpoint for held in everything):
        for held in everything:
            for number, wanted in wanted_of(held):
                if number == endpoint:
                    container = as_object(value_at_path(wanted, "model.containerSpec")) or {}
                    yield _model(container), as_text(container.get("imageUri"))


def _model(container: Mapping[str, object]) -> str:
    """Address of the model in the server's arguments or variables; empty where the image holds it."""
    variables = [as_text(value_at_path(one, "value")) for one in as_list(container.get("env")) or ()]
    texts = [as_text(argument) for argument in as_list(container.get("args")) or ()]
    found = (_ADDRESS.search(text) for text in (*texts, *variables))
    return next((match.group() for match in found if match), "")
