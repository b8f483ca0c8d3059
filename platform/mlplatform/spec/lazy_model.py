"""Pydantic models whose validator is built at their first use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel, ConfigDict

from mlplatform.fast.fields import quick_fields


class _PendingValidator:
    """A placeholder for a model's validator, which replaces it at the first use."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def __getattr__(self, name: str) -> object:
        from mlplatform.fast import validator

        validator.build_validator(self._model)
        return getattr(self._model.__pydantic_validator__, name)


class LazyModel(BaseModel):
    """A model that a command can define without paying for validators that it never uses."""

    model_config = ConfigDict(defer_build=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        cast("Any", cls).__pydantic_validator__ = _PendingValidator(cls)

    @classmethod
    def model_rebuild(
        cls,
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
    ) -> bool | None:
        """Build validator, serializer and schema; pydantic calls it when more than the validator is needed."""
        if cls.__pydantic_complete__:
            from mlplatform.fast import validator

            force = validator.give_back_to_pydantic(cls) or force
        return super().model_rebuild(
            force=force,
            raise_errors=raise_errors,
            _parent_namespace_depth=_parent_namespace_depth + 1,
            _types_namespace=_types_namespace,
        )


quick_fields(LazyModel)
