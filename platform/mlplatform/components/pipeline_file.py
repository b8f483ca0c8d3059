"""A written form of a pipeline."""

from __future__ import annotations

from mlplatform.fast.record import record


@record(kw_only=True)
class FormFile:
    """One file."""

    name: str
    """Its name: `fraud-retrain.sagemaker.json`."""

    text: str
    """Its content."""

    use: str
    """What a person does with it, one line."""
