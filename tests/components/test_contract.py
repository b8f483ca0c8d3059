"""Contracts of a backend's modules: every cloud fulfils them, and what breaks one is named."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

import mlplatform
from mlplatform import discovery
from mlplatform.components.adoption import PicksAdopted
from mlplatform.components.artifact_store import BuildsStore
from mlplatform.components.backend import Backend, MissingExtra
from mlplatform.components.budget import BuildsBudget
from mlplatform.components.ci_login import BuildsCiLogin
from mlplatform.components.cluster import BuildsCluster, UsesExistingCluster
from mlplatform.components.contract import BrokenContract, contract, module_of
from mlplatform.components.endpoint import BuildsEndpoint
from mlplatform.components.existing import ShowsAsExisting
from mlplatform.components.file_system import BuildsFileSystem
from mlplatform.components.foundation import BuildsFoundation
from mlplatform.components.identity import BuildsIdentity, UsesExistingIdentity
from mlplatform.components.keys import BuildsKeys, UsesExistingKeys
from mlplatform.components.monitoring import BuildsMonitoring
from mlplatform.components.network import BuildsNetwork, UsesExistingNetwork
from mlplatform.components.node_pool import BuildsCpuPool, BuildsNodePool
from mlplatform.components.registry import BuildsImageRegistry, BuildsModelRegistry
from mlplatform.components.routes import BuildsRoutes
from mlplatform.components.telemetry import BuildsTelemetry

from ..conftest import CLOUDS

CONTRACTS = (
    BuildsBudget,
    BuildsCiLogin,
    BuildsCluster,
    BuildsCpuPool,
    BuildsEndpoint,
    BuildsFileSystem,
    BuildsFoundation,
    BuildsIdentity,
    BuildsImageRegistry,
    BuildsKeys,
    BuildsModelRegistry,
    BuildsMonitoring,
    BuildsNetwork,
    BuildsNodePool,
    BuildsRoutes,
    BuildsStore,
    BuildsTelemetry,
    PicksAdopted,
    ShowsAsExisting,
    UsesExistingCluster,
    UsesExistingIdentity,
    UsesExistingKeys,
    UsesExistingNetwork,
)


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("kind", CONTRACTS, ids=lambda kind: kind.__name__)
def test_every_cloud_fulfils_every_contract(cloud: str, kind: type[object]) -> None:
    assert callable(discovery.backend(cloud).load(kind))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_type_checker_compares_every_builder(cloud: str, root: Path) -> None:
    text = (root / "platform" / "mlplatform" / "backends" / cloud / "contracts.py").read_text("utf-8")
    for kind in CONTRACTS:
        leaf = module_of(kind).rpartition(".")[2]
        assert f"    _{leaf}: {kind.__name__} = {leaf}.build\n" in text


def test_every_contract_has_a_module_of_its_own() -> None:
    assert len({module_of(kind) for kind in CONTRACTS}) == len(CONTRACTS)


@contract("moon.base")
class BuildsMoon(Protocol):
    """Makes a moon."""

    def __call__(self, scope: object, spec: object, /) -> object: ...


class _Toy(Backend):
    name = "toy"
    title = "Toy"
    package = "toy_cloud"
    extra = "toy[sdk]"
    sdks = ("pulumi_toy",)

    def check(self, spec: object) -> Iterator[object]:  # type: ignore[override]
        yield from ()

    def account(self, target: object) -> object:  # type: ignore[override]
        raise NotImplementedError

    def provider(self, context: object) -> object:  # type: ignore[override]
        raise NotImplementedError


def _toy(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str | None, *, room: bool = True) -> Backend:
    """A backend whose only module has this source."""
    package = folder / "toy_cloud"
    package.mkdir()
    (package / "__init__.py").touch()
    if room:
        (package / "moon").mkdir()
        (package / "moon" / "__init__.py").touch()
    if source is not None:
        (package / "moon" / "base.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    for name in [name for name in sys.modules if name.split(".")[0] == "toy_cloud"]:
        monkeypatch.delitem(sys.modules, name)
    return _Toy()


def test_a_module_that_fulfils_its_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = _toy(tmp_path, monkeypatch, "def build(scope, _spec):\n    return [scope, _spec]\n")
    assert toy.load(BuildsMoon)(1, 2) == [1, 2]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def build(scope):\n    pass\n", "found build(scope)"),
        ("def build(scope, spec, keys):\n    pass\n", "found build(scope, spec, keys)"),
        ("def build(spec, scope):\n    pass\n", "found build(spec, scope)"),
        ("def make(scope, spec):\n    pass\n", "found none"),
        ("build = 1\n", "found none"),
    ],
)
def test_a_module_that_breaks_its_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, found: str
) -> None:
    toy = _toy(tmp_path, monkeypatch, source)
    with pytest.raises(BrokenContract) as caught:
        toy.load(BuildsMoon)
    text = str(caught.value)
    assert text.startswith("toy_cloud.moon.base breaks BuildsMoon: expected ")
    assert "build(scope, spec)" in text
    assert text.endswith(found)


@pytest.mark.parametrize("room", [True, False])
def test_a_module_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: bool) -> None:
    toy = _toy(tmp_path, monkeypatch, None, room=room)
    with pytest.raises(NotImplementedError, match=r"the backend of Toy has no 'moon\.base'"):
        toy.load(BuildsMoon)


def test_a_missing_sdk_names_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = _toy(tmp_path, monkeypatch, "import pulumi_toy.network\n")
    with pytest.raises(MissingExtra, match=r"Toy needs pulumi_toy, which is not installed: pip install 'toy\[sdk\]'"):
        toy.load(BuildsMoon)


def test_another_missing_module_is_reported_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = _toy(tmp_path, monkeypatch, "import elsewhere_entirely\n")
    with pytest.raises(ModuleNotFoundError, match="elsewhere_entirely"):
        toy.load(BuildsMoon)


@pytest.mark.parametrize(
    "component",
    [
        "ArtifactStore",
        "Budget",
        "Cluster",
        "ClusterEndpoint",
        "CpuNodePool",
        "Endpoint",
        "GpuNodePool",
        "Identity",
        "ImageRegistry",
        "Keys",
        "ModelRegistry",
        "Monitoring",
        "Network",
    ],
)
def test_constructors_take_their_arguments_in_one_order(component: str) -> None:
    parameters = list(inspect.signature(getattr(mlplatform, component)).parameters.values())
    positional = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    assert positional[0] == "name"
    assert positional[1] in ("spec", "purpose")
    assert positional[2:] == ["context", "opts"]
    assert all(each.kind is each.KEYWORD_ONLY for each in parameters[4:])
