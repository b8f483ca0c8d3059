"""The run that trained a model version, as it stamped itself: what a second run needs to be the same."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel
from mlplatform.spec.later import later

if TYPE_CHECKING:
    from mlplatform.spec.base_models import BaseModelSpec as _BaseModel
else:
    _BaseModel = later("mlplatform.spec.base_models:BaseModelSpec")

Word = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
ParameterName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,99}$")]

_PASSWORD = re.compile(r"://[^/@:]*:[^/@]*@")


class TrainingRun(SpecModel):
    """How a model version was trained. The commit and the version of the data stand beside it in the release."""

    by_meaning = frozenset({"command"})

    repository: str | None = Field(default=None, pattern=r"^(git|hg|svn)\+(https|ssh|file)://\S+$", max_length=400)
    """Address of the code with its version control, as pip writes it: `git+https://…`, `hg+https://…`, `svn+https://…`,
    without a password. Omitted: unknown, or the code is in the image alone."""

    pipeline: str | None = Field(default=None, pattern=r"^\S(.*\S)?$", max_length=400)
    """Name of the pipeline that ran. Omitted: none did, or it is unknown."""

    image: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}$")
    """Container image that trained, with its digest. Omitted: unknown, or no container."""

    command: tuple[Word, ...] = ()
    """The program and its arguments, as they ran at the top of the repository. Omitted: unknown."""

    parameters: dict[ParameterName, bool | int | float | str] = Field(default_factory=dict)
    """Parameters of the run by name. Omitted: unknown, or it had none."""

    metrics: dict[ParameterName, float] = Field(default_factory=dict)
    """What the run measured, by name: a second run is held against it. Omitted: unknown."""

    definition: str | None = Field(default=None, pattern=r"^sha256:[0-9a-f]{64}$")
    """Digest of the pipeline as the spec had it, as `mlplatform render pipeline` prints it. Omitted: unknown, or no
    pipeline ran."""

    base_models: tuple[_BaseModel, ...] = ()
    """The models of others that it started from. Omitted: none, or it is unknown."""

    spec: str | None = Field(default=None, pattern=r"^(sha256:[0-9a-f]{64}|[0-9a-f]{7,64})$")
    """Version of the platform's spec, as `mlplatform provenance --format id` prints it. Omitted: unknown."""

    @model_validator(mode="after")
    @refuses
    def _without_password(self) -> Iterator[FieldProblem]:
        if self.repository and _PASSWORD.search(self.repository):
            yield FieldProblem(
                ("repository",),
                "an address without a password: the record is in Git for ever",
                "remove the password, and change it where it was valid",
                got="an address with a password",
                secret=True,
            )
