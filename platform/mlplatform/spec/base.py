"""The base of every spec model: frozen, closed, documented, and re-validated when overlaid.

Modules of models do without `from __future__ import annotations`: pydantic would get every annotation as text and
compile it by itself, a fifth of the time their import takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]{0,30}[a-z0-9])?$")]
"""A lower-case name of letters, digits and inner hyphens that starts with a letter, at most 32 characters.

The strictest common form of the three clouds; physical names are derived from it and cut to each limit.
"""


class _Pending:
    """Stands for a model's validator until it is used first, and is then replaced by it."""

    def __init__(self, model: type[SpecModel]) -> None:
        self._model = model

    def __getattr__(self, name: str) -> object:
        from mlplatform.fast import validator

        validator.make(self._model)
        return getattr(self._model.__pydantic_validator__, name)


class SpecModel(BaseModel):
    """A part of the spec: immutable, with unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    by_meaning: ClassVar[frozenset[str]] = frozenset()
    """Fields whose order means something; in all other lists and mappings it means nothing (`spec.order`)."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        cast("Any", cls).__pydantic_validator__ = _Pending(cls)

    @classmethod
    def model_rebuild(
        cls,
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
    ) -> bool | None:
        """Make validator, serializer and schema; pydantic calls it when more than the validator is asked for."""
        if cls.__pydantic_complete__:
            from mlplatform.fast import validator

            force = validator.taken_back(cls) or force
        return super().model_rebuild(
            force=force,
            raise_errors=raise_errors,
            _parent_namespace_depth=_parent_namespace_depth + 1,
            _types_namespace=_types_namespace,
        )

    def overlay(self, **changes: object) -> Self:
        """A copy with `changes` applied and everything validated again.

        This is how environments differ from their shared base: `base.overlay(environment="dev", …)`.

        Raises:
            pydantic.ValidationError: a changed field is unknown or its value is refused.
        """
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        return type(self).model_validate({**fields, **changes})


M = TypeVar("M", bound=SpecModel)


def default(model: type[M]) -> M:
    """A model with nothing but its defaults, for use as a field's default.

    Calling the class would do the same and also build its validator, at import and once more within its owner's:
    a third of the time a small command takes.
    """
    return model.model_construct()
