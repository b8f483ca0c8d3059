"""What a spec is written with is imported from the package itself, as the documents do."""

from __future__ import annotations

import mlplatform
from mlplatform.spec.platform import PlatformSpec


def test_every_model_of_a_spec_is_imported_from_the_package() -> None:
    models = PlatformSpec.model_json_schema()["$defs"]
    assert len(models) > 90
    assert not [name for name in models if not hasattr(mlplatform, name)]
