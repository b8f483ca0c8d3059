"""The base of every spec model: immutable, without unknown fields, and validated again when overlaid.

Modules of models do not use `from __future__ import annotations`: pydantic would get every annotation as text and
compile it again, which takes a fifth of their import time. Here it would for each of its subclasses.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Never, Self, TypeVar

from pydantic import ConfigDict, StringConstraints

from mlplatform.spec.lazy_model import LazyModel

if TYPE_CHECKING:
    from mlplatform.spec.overlays import Overlay  # pyright: ignore[reportMissingModuleSource] - it has types alone

Name = Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]{0,30}[a-z0-9])?$")]
"""A lower-case name of letters, digits and inner hyphens that starts with a letter, at most 32 characters.

The strictest common form of the three clouds; physical names are derived from it and cut to each limit.
"""


class SpecModel(LazyModel):
    """A part of the spec: immutable, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False)

    by_meaning: ClassVar[frozenset[str]] = frozenset()
    """Fields whose order has a meaning; the order of all other lists and mappings has none (`spec.order`)."""

    def __iter__(self) -> Never:
        """Refused: as pairs of names and values, one part without its comma would be read as a list of its fields."""
        raise TypeError(f"{type(self).__name__} is one part of a spec, not a list: write (part,) with a comma")

    if TYPE_CHECKING:
        overlay: ClassVar[Overlay]
        """A copy with changes applied, validated again: `base.overlay(environment="dev", …)`.

        Environments differ from their shared base by overlays. It takes the fields of the model, each of which may be
        left out; a type checker knows them from `overlays.pyi`.

        Raises:
            pydantic.ValidationError: a changed field is unknown or its value is refused.
        """
    else:

        def overlay(self, **changes: object) -> Self:
            """A copy with `changes` applied, validated again."""
            return self.overlaid(changes)

    def overlaid(self, changes: Mapping[str, object]) -> Self:
        """As `overlay`, for code that gathers the changed fields.

        Raises:
            pydantic.ValidationError: a changed field is unknown or its value is refused.
        """
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        return type(self).model_validate({**fields, **changes})

    def rejoined(self, changes: Mapping[str, object]) -> Self:
        """As `overlaid`, of parts that are valid by themselves: only what takes several fields to see is checked.

        For code that leaves parts out, or puts in one that `overlaid` made. It needs no validator: to build those of a
        whole spec takes a tenth of `mlplatform validate`.

        Args:
            changes: values of fields, each as a validator would give it.

        Raises:
            pydantic.ValidationError: the fields do not fit together.
        """
        kind = type(self)
        fields = {name: value for name, value in self.__dict__.items() if name in kind.__pydantic_fields__}
        copy = kind.model_construct(self.model_fields_set | changes.keys(), **{**fields, **changes})
        return copy if copy.fits_together() else self.overlaid(changes)

    def fits_together(self) -> bool:
        """Whether the validators of the whole model, which see several of its fields, refuse nothing."""
        try:
            for name in type(self).__pydantic_decorators__.model_validators:
                getattr(self, name)()
        except ValueError:
            return False
        return True


M = TypeVar("M", bound=SpecModel)


def default(model: type[M]) -> M:
    """A model with its defaults alone, as the default of a field.

    Calling the class would also build its validator, at import and again inside its owner's: a third of the time that
    a small command takes.
    """
    return model.model_construct()
