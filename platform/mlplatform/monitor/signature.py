"""The inputs of a model by its signature: the file `MLmodel` that MLflow writes beside a model.

https://mlflow.org/docs/latest/ml/model/signatures (2026-11)
"""

from __future__ import annotations

import json
import re
from typing import cast

from mlplatform.monitor.places import MonitorPlace, Unreadable
from mlplatform.spec.monitor_job import MonitorSettings
from mlplatform.spec.monitor_questions import InputKind, MonitorInput

FILE = "MLmodel"

_KINDS: dict[str, InputKind] = {
    **dict.fromkeys(("integer", "long", "float", "double"), "number"),
    **dict.fromkeys(("string", "boolean"), "category"),
}

# a file of YAML that MLflow writes: the inputs are JSON in quotes, which may be folded over several lines
_INPUTS = re.compile(r"^signature:\n(?:(?:  .*)?\n)*?  inputs: (?P<quote>['\"])(?P<json>(?:.|\n)*?)(?P=quote)\n", re.M)


def with_inputs(settings: MonitorSettings, model: MonitorPlace) -> MonitorSettings:
    """The settings with the inputs of the model's signature, where they name none.

    Args:
        settings: what is judged.
        model: the folder of the model's version.

    Raises:
        Unreadable: there is no signature, or an input is neither a number nor a category.
        FieldsRefused: a slice is none of the inputs.
    """
    if settings.inputs or settings.task == "language":
        return settings
    text = model.text(FILE)
    if text is None:
        raise Unreadable(
            f"{model.address}: there is no {FILE} with a signature, and the spec names no inputs; name them in "
            "monitor.inputs, or log the model with a signature"
        )
    return settings.overlay(inputs=signature_inputs(text, f"{model.address}/{FILE}"))


def signature_inputs(text: str, where: str) -> tuple[MonitorInput, ...]:
    """The inputs that a signature names.

    Args:
        text: the file.
        where: its address, for errors.

    Raises:
        Unreadable: there is no signature of columns in it, or an input is neither a number nor a category.
    """
    found = _INPUTS.search(text)
    try:
        if found is None:
            raise ValueError
        columns: object = json.loads(re.sub(r"\n\s*", " ", found["json"].replace("''", "'").replace('\\"', '"')))
    except ValueError:
        raise Unreadable(f"{where}: expected a signature with inputs; name them in monitor.inputs") from None
    made: list[MonitorInput] = []
    for each in cast("list[object]", columns) if isinstance(columns, list) else []:
        column = cast("dict[str, object]", each) if isinstance(each, dict) else {}
        name, kind = column.get("name"), _KINDS.get(str(column.get("type")))
        if not isinstance(name, str) or kind is None:
            raise Unreadable(
                f"{where}: the input {name or each} of type {column.get('type')} is neither a number nor a category; "
                "name the inputs to judge in monitor.inputs"
            )
        made.append(MonitorInput(name=name, kind=kind))
    if not made:
        raise Unreadable(f"{where}: the signature has no input; name them in monitor.inputs")
    return tuple(made)
