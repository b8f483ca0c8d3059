"""What the program beside a router is told to remove: one document per endpoint, as the platform writes it."""

from typing import ClassVar

from mlplatform.spec.capture_redaction import FieldName, RedactionRules
from mlplatform.spec.endpoints import EndpointSpec


class RedactionJob(RedactionRules):
    """All that the program beside a router is told."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"columns"})

    columns: tuple[FieldName, ...] = ()
    """The model's inputs, in the order of requests without names. Omitted: not known."""


def redaction_job(endpoint: EndpointSpec) -> RedactionJob | None:
    """What the program is told; None where nothing is removed."""
    redact, monitor = endpoint.redact, endpoint.monitor
    if redact is None:
        return None
    columns = tuple(each.name for each in monitor.inputs) if monitor and monitor.task != "language" else ()
    return RedactionJob(fields=redact.fields, kinds=redact.kinds, patterns=redact.patterns, columns=columns)
