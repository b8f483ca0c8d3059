"""What is removed from captured requests and answers before they are stored."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldPath, FieldProblem, refuses, repeated
from mlplatform.spec.base import SpecModel
from mlplatform.spec.variants import Image

if TYPE_CHECKING:
    from mlplatform.spec.endpoints import EndpointSpec
    from mlplatform.spec.platform import PlatformSpec
    from mlplatform.spec.target import EndpointOverride

PersonalData = Literal["email", "phone", "card", "iban", "ip"]
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]


class RedactionRules(SpecModel):
    """What is removed."""

    fields: tuple[FieldName, ...] = Field(default=(), max_length=200)
    """Names of fields, columns and tensors whose values are removed, at any depth of requests and answers. Upper and
    lower case are alike."""

    kinds: tuple[PersonalData, ...] = ()
    """Personal data that are replaced in every text, by a mark such as `[email]`: addresses of mail, telephone numbers
    that begin with + or 0 or are written in groups, numbers of cards and bank accounts whose check digits are right,
    and addresses of machines. Names of people have no form that could be found: use `fields`."""

    patterns: tuple[Annotated[str, StringConstraints(min_length=1, max_length=500)], ...] = Field(
        default=(), max_length=50
    )
    """Regular expressions as Python writes them, whose matches are replaced in every text by `[redacted]`."""

    @model_validator(mode="after")
    @refuses
    def _can_be_read(self) -> Iterator[FieldProblem]:
        yield from repeated("fields", [each.lower() for each in self.fields], inner=None, of="field")
        yield from repeated("kinds", self.kinds, inner=None, of="kind")
        for place, each in enumerate(self.patterns):
            why = _why_refused(each)
            if why:
                yield FieldProblem(
                    ("patterns", place), f"a regular expression of Python: {why}", "correct it", got=f"'{each}'"
                )


class CaptureRedactionSpec(RedactionRules):
    """Removes personal data from captured requests and answers, before they are stored.

    It needs `capture_percent`, and a router of the platform: endpoints on the cluster, and those on Cloud Run. Of the
    headers only those stay that say which request it was and how it was answered. What cannot be read, such as bodies
    that are compressed, is not kept.
    """

    image: Image | None = None
    """Image with `mlplatform-redact`, such as a pipeline's `programs_image`. Omitted: the image of `monitor`."""

    @model_validator(mode="after")
    @refuses
    def _removes_something(self) -> Iterator[FieldProblem]:
        if not (self.fields or self.kinds or self.patterns):
            yield FieldProblem(
                (), "fields, kinds or patterns to remove", "name what must not be stored, or remove redact",
                got="none",
            )  # fmt: skip


def _why_refused(pattern: str) -> str | None:
    try:
        found = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return "it is found in a text without letters, so that it would be found everywhere" if found.search("") else None


def redaction_problems(spec: "PlatformSpec") -> Iterator[FieldProblem]:
    """Problems of what is removed with the rest of an endpoint."""
    for index, endpoint in enumerate(spec.endpoints):
        if endpoint.redact is not None:
            yield from _endpoint_problems(spec, ("endpoints", index), endpoint, endpoint.redact)


def _endpoint_problems(
    spec: "PlatformSpec", at: FieldPath, endpoint: "EndpointSpec", redact: CaptureRedactionSpec
) -> Iterator[FieldProblem]:
    if endpoint.capture_percent == 0:
        yield FieldProblem(
            (*at, "redact"),
            "an endpoint that keeps requests: without capture_percent nothing is stored",
            "set capture_percent, or remove redact",
            got="redact, and capture_percent 0",
            fields=((*at, "capture_percent"),),
        )
    monitor = endpoint.monitor
    without = [each.name for each in spec.targets if _has_no_monitor(each.endpoints.get(endpoint.name))]
    if redact.image is None and (monitor is None or without):
        yield FieldProblem(
            (*at, "redact", "image"),
            "the image with mlplatform-redact" + (f": {', '.join(without)} has no monitor" if monitor else ""),
            "set image",
            got="none",
            fields=((*at, "redact", "image"), (*at, "monitor")),
        )
    if monitor is None:
        return
    needed = {
        **{each.name.lower(): "an input" for each in monitor.inputs},
        **{
            name.lower(): what
            for name, what in (
                (monitor.score, "its score"),
                (monitor.predicted, "its predicted class"),
                (monitor.row_id if monitor.labels else None, "its row_id"),
            )
            if name and monitor.task != "language"
        },
    }
    for place, name in enumerate(redact.fields):
        what = needed.get(name.lower())
        if what:
            yield FieldProblem(
                (*at, "redact", "fields", place),
                f"a field that the monitor does not need: it is {what}",
                "remove it here, or in monitor",
                got=f"'{name}'",
                fields=((*at, "monitor"),),
            )


def _has_no_monitor(override: "EndpointOverride | None") -> bool:
    """Whether a target keeps requests of an endpoint, and has no monitor of it."""
    if override is None:
        return False
    return override.enabled is not False and override.monitor == "none" and override.capture_percent != 0


def redaction_image(endpoint: "EndpointSpec", spec: "PlatformSpec") -> str:
    """The image with the program, of a spec that is narrowed to one target.

    Raises:
        LookupError: nothing names one; validation refuses that first.
    """
    if endpoint.redact and endpoint.redact.image:
        return endpoint.redact.image
    if endpoint.monitor:
        # asked only where a service is made: to check a spec loads no module for it
        from mlplatform.spec.monitored import monitor_image

        return monitor_image(endpoint.monitor, spec)
    raise LookupError("redact.image: nothing names the image with mlplatform-redact")
