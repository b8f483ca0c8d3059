"""The public names of the test kit, and the former paths of some."""

from __future__ import annotations

import importlib
import sys

import pytest

from mlplatform import mock_cloud, testing


def test_every_public_name_is_there() -> None:
    assert set(testing.__all__) == set(testing._MODULES)  # pyright: ignore[reportPrivateUsage]
    for name in testing.__all__:
        assert getattr(testing, name).__name__ == name
    with pytest.raises(AttributeError, match="nonsense"):
        _ = testing.nonsense  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("module", "names"),
    [("mlplatform.testing.cloud", ("Cloud", "CloudRefused", "Held")), ("mlplatform.testing.serve", ("serving",))],
)
def test_former_paths_work_and_say_where_the_names_are(module: str, names: tuple[str, ...]) -> None:
    sys.modules.pop(module, None)
    with pytest.warns(DeprecationWarning, match=f"{module} is deprecated: import .* from mlplatform.testing"):
        former = importlib.import_module(module)
    for name in names:
        home = mock_cloud if name == "Held" else testing
        assert getattr(former, name) is getattr(home, name)
