"""Models that few specs name, and that are defined only for a spec that does.

To define a model and its validator costs as much as to validate a small spec; a target's existing resources alone have
some forty of them. In an annotation, `later(…)` stands for such a model:

    if TYPE_CHECKING:
        from mlplatform.backends.aws.adopted import AwsAdopted as _Existing
    else:
        _Existing = later("mlplatform.backends.aws.adopted:AwsAdopted")

    class AwsTarget(Target):
        existing: _Existing | None = None
"""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

if TYPE_CHECKING:
    from mlplatform.spec.base import SpecModel


class LaterModel:
    """What stands for a model until its first use; a subclass for each."""

    place: str
    """Module and class, `package.module:Class`."""

    @classmethod
    def model(cls) -> "type[SpecModel]":
        """The model, whose module is imported now if it was not."""
        module, _, name = cls.place.partition(":")
        return cast("type[SpecModel]", getattr(import_module(module), name))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        # where pydantic makes everything of the model that names it; `fast/validator.py` asks for `model` instead
        return handler.generate_schema(cls.model())


@cache
def later(place: str) -> type[LaterModel]:
    """What stands for a model in the annotation of a field.

    Args:
        place: `package.module:Class`. A module or class that does not exist is told at the first use.
    """
    return type(place.rpartition(":")[2], (LaterModel,), {"place": place})
