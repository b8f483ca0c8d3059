"""What a real API server says to the layer, to what its charts make, and to jobs.

Without a controller or webhook: what those refuse, only a real cluster tells. The definitions of other projects' kinds
come from their charts (`helm` on PATH, and `MLPLATFORM_CHARTS`) and from the folder that `MLPLATFORM_CRDS` names.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import yaml

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[3]))

from server import ApiServer, Json, Refused, running
from tests.cluster.conftest import small_spec
from tests.cluster.test_jobs import rendered
from tests.cluster.test_quantity import STORED
from tests.pipelines.in_cluster import platform
from tests.pipelines.test_gangs import gang_pipeline
from tests.providers.test_kubernetes import BAD, queue

from mlplatform import AllAtOnce, ClusterSpec, EndpointSpec, ModelMonitorSpec, PlatformSpec, TeamSpec
from mlplatform.cluster.charts.inside import CHARTS, find_chart
from mlplatform.cluster.charts.registry import chart
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.plan.record import record
from mlplatform.plan.sources.fields import mapping
from mlplatform.reading.load import load
from mlplatform.render.manifests.files import manifest_files

ROOT = Path(__file__).parents[3]
CLOUDS = ("aws", "gcp", "azure")

OF_CLOUDS = frozenset({"networking.gke.io", "monitoring.googleapis.com", "azmonitoring.coreos.com"})
"""Groups of kinds that a managed cluster brings, and nobody publishes as a chart."""

WATCHED = EndpointSpec(
    name="watched",
    on="cluster",
    pool="shared",
    server="vllm",
    model="chat/3",
    accelerator="T4:1",
    replicas=(1, 1),
    rollout=AllAtOnce(),
    capture_percent=10,
    monitor=ModelMonitorSpec(task="language", on="cluster", pool="prep", workers=2, image="docker.io/acme/monitor:1"),
)

OURS_ALONE = {
    "an old version": "the server still serves it; what is stored is another one",
    "a resource in two groups": "only Kueue's webhook refuses it",
}
"""Planted errors that an API server lets pass."""

_DEFINITION = "CustomResourceDefinition"
_RELEASE = "namespace of the release"


def specs() -> Iterator[tuple[str, str, PlatformSpec]]:
    """Name, target and spec of each layer: the production stacks, and small platforms of the tests, with teams and a
    language model that is watched from inside, and with a pipeline whose steps are pods."""
    loaded = load(ROOT / "stacks" / "prod.py")
    assert loaded.spec is not None, loaded.problems
    teams = (
        TeamSpec("fraud", quota={"big": 8, "shared": 0}, lend={"big": 0}),
        TeamSpec("vision", quota={"shared": 4}, borrow={"shared": 2}),
    )
    for cloud in CLOUDS:
        yield f"prod-{cloud}", cloud, loaded.spec
        yield f"pipelines-{cloud}", cloud, platform(cloud, gang_pipeline("H100:8"))
        layer = ClusterSpec(engines=("trainer", "ray"), teams=teams)
        yield f"teams-{cloud}", cloud, small_spec(cloud, cluster=layer, endpoints=(WATCHED,))


class Layer:
    """What one layer applies: its own objects in order, and those of its charts."""

    def __init__(self, name: str, target: str, spec: PlatformSpec) -> None:
        self.name = name
        outputs = record(spec, target, resolve=True, layer="cloud").outputs
        items = layer_items(layer_context(spec, target))
        self.objects = [
            body
            for file in manifest_files(items, "flux", mapping(outputs), ".")
            for body in _documents(file.text)
            # Flux's own kinds stand for the releases
            if ".toolkit.fluxcd.io/" not in body["apiVersion"]
        ]
        self.objects += [made for each in self.objects for made in _made_by_steps(each)]
        self.charts: dict[str, list[Json]] = {}
        self.not_rendered: set[str] = set()
        for release, values in _releases(items, outputs):
            place = find_chart(release.chart)
            if place is None:
                self.not_rendered.add(release.chart)
            else:
                self.charts[release.chart] = list(_render(release, place, values))


def _made_by_steps(body: Json) -> Iterator[Json]:
    """The objects that a template of Argo makes, with a name as the server would give them."""
    for template in body["spec"].get("templates", ()) if body["kind"] == "WorkflowTemplate" else ():
        if "resource" in template:
            made = json.loads(template["resource"]["manifest"])
            yield {**made, "metadata": {**made["metadata"], "name": f"{made['metadata']['generateName']}a1b2c"}}


def _releases(
    items: Sequence[LayerItem], outputs: Mapping[str, object]
) -> Iterator[tuple[ChartRelease, Mapping[str, object]]]:
    """Each release with its values, as the files of Flux have them."""
    written = {
        body["metadata"]["name"]: body["spec"]["values"]
        for file in manifest_files(items, "flux", outputs, ".")
        for body in _documents(file.text)
        if body["kind"] == "HelmRelease"
    }
    for item in items:
        if isinstance(item.body, ChartRelease):
            yield item.body, written[chart(item.body.chart).name]


def _render(release: ChartRelease, place: Path, values: Mapping[str, object]) -> Iterator[Json]:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        yaml.safe_dump(dict(values), file)
        file.flush()
        command = ["helm", "template", chart(release.chart).name, str(place), "--namespace", release.namespace]
        command += ["--values", file.name, "--include-crds", "--no-hooks", "--kube-version", "1.35.0"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{release.chart}: helm refuses the values: {done.stderr}")
    # whether a kind lives in namespaces, only the server knows
    yield from ({**body, _RELEASE: release.namespace} for body in _documents(done.stdout))


def _documents(text: str) -> Iterator[Json]:
    yield from (_without_null(each) for each in yaml.safe_load_all(text) if each)


def _without_null(value: Any) -> Any:  # noqa: ANN401 - the same shape
    if isinstance(value, dict):
        return {key: _without_null(item) for key, item in value.items() if item is not None}
    return [_without_null(item) for item in value] if isinstance(value, list) else value


def published() -> Iterator[Json]:
    """Definitions in the folder that `MLPLATFORM_CRDS` names."""
    folder = Path(os.environ.get("MLPLATFORM_CRDS", "/none"))
    for file in sorted(folder.rglob("*.yaml.gz")):
        yield from _documents(gzip.decompress(file.read_bytes()).decode())


class Proof:
    """One run: counts and failures."""

    def __init__(self, server: ApiServer) -> None:
        self.server = server
        self.failures: list[str] = []
        self.counts: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()

    def define(self, layers: Sequence[Layer]) -> None:
        """Add the kinds of all layers, each once: a chart's own definition goes before the folder's."""
        definitions: dict[str, Json] = {each["metadata"]["name"]: each for each in published()}
        for layer in layers:
            for bodies in layer.charts.values():
                definitions |= {each["metadata"]["name"]: each for each in bodies if each["kind"] == _DEFINITION}
        plain = [{k: v for k, v in each.items() if k != _RELEASE} for each in definitions.values()]
        for each in plain:
            # no webhook runs here: objects are stored in the version in which they are sent
            each["spec"].pop("conversion", None)
        self.server.define(plain)
        self.counts["definitions"] = len(plain)

    def accepts(self, where: str, body: Mapping[str, Any], count: str, *, unchanged: bool = True) -> None:
        """An object must be accepted, and stored as it is where it is our own."""
        name = f"{where}: {body['kind']} {body['metadata'].get('namespace', '')}/{body['metadata']['name']}"
        if not self.server.knows(body):
            self.unknown[f"{body['apiVersion']} {body['kind']}"] += 1
            return
        try:
            stored = self.server.apply(body, keep=body["kind"] == "Namespace")
        except Refused as error:
            self.failures.append(f"{name}: {error}")
            return
        self.counts[count] += 1
        if unchanged:
            self.failures += [f"{name}: {change}" for change in changes(body, stored, "")]

    def stores(self, given: str, stored: str) -> None:
        """A quantity must be stored in the form that our own objects have."""
        hard = {"requests.memory": given}
        body = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "a", "namespace": "training"}}
        found = self.server.apply({**body, "spec": {"hard": hard}})["spec"]["hard"]["requests.memory"]
        if found == stored:
            self.counts["quantities"] += 1
        else:
            self.failures.append(f"the quantity {given} is stored as {found}, expected {stored}")

    def refuses(self, what: str, body: Mapping[str, Any]) -> None:
        """A planted error must be refused."""
        try:
            self.server.apply(body)
        except Refused:
            self.counts["planted errors refused"] += 1
            return
        self.failures.append(f"the planted error passes: {what}")


def changes(sent: object, stored: object, path: str) -> Iterator[str]:
    """Where the server stores something else than it was sent: tools that compare would find drift for ever."""
    if isinstance(sent, Mapping) and isinstance(stored, Mapping):
        for key, value in cast("Mapping[str, object]", sent).items():
            yield from changes(value, cast("Mapping[str, object]", stored).get(key), f"{path}.{key}")
    elif isinstance(sent, list) and isinstance(stored, list) and len(sent) == len(stored):
        for at, (one, other) in enumerate(zip(sent, stored, strict=True)):
            yield from changes(one, other, f"{path}[{at}]")
    elif sent != stored and not (stored is None and not sent):
        yield f"{path} is stored as {stored!r}, sent was {sent!r}"


def main() -> int:
    """Run the proof; its last line says what it counted."""
    layers = [Layer(name, target, spec) for name, target, spec in specs()]
    with tempfile.TemporaryDirectory(prefix="mlplatform-apiserver-") as folder, running(Path(folder)) as server:
        proof = Proof(server)
        proof.define(layers)
        for layer in layers:
            for body in layer.objects:
                proof.accepts(layer.name, body, "objects")
            for name, bodies in layer.charts.items():
                for body in bodies:
                    _accept_inside(proof, f"{layer.name}, chart {name}", body)
        namespaces = {"b", "training"}
        for cloud in CLOUDS:
            jobs = rendered(cloud)
            namespaces |= {body["metadata"]["namespace"] for body in jobs}
        for name in sorted(namespaces):
            server.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, keep=True)
        for cloud in CLOUDS:
            for body in rendered(cloud):
                proof.accepts(f"jobs of {cloud}", body, "jobs")
        proof.accepts("the planted errors' own", queue(), "objects")
        for given, stored in STORED.items():
            proof.stores(given, stored)
        for what, (body, _) in BAD.items():
            if what not in OURS_ALONE:
                proof.refuses(what, body)
        return report(proof, server.version, layers)


def _accept_inside(proof: Proof, where: str, body: Json) -> None:
    """An object of a chart, in its release's namespace where it names none."""
    namespace = body.pop(_RELEASE)
    if body["kind"] == _DEFINITION:
        return
    if proof.server.knows(body):
        # as Helm's client does it
        given = body["metadata"].pop("namespace", namespace)
        if proof.server.in_namespace(body):
            body["metadata"]["namespace"] = given
    proof.accepts(where, body, "objects of charts", unchanged=False)


def report(proof: Proof, version: str, layers: Sequence[Layer]) -> int:
    """Print what was found; the exit code."""
    lacking = sorted(kind for kind in proof.unknown if kind.split("/")[0] not in OF_CLOUDS)
    if lacking:
        proof.failures.append(
            f"kinds that nobody defines here: {', '.join(lacking)}: put `helm` on PATH and their charts into the "
            f"folder that {CHARTS} names, or their definitions into that of MLPLATFORM_CRDS"
        )
    for failure in proof.failures:
        print(failure)
    charts = {name for layer in layers for name in layer.charts}
    if absent := {name for layer in layers for name in layer.not_rendered}:
        print(f"charts that are not at hand, whose own objects are not judged: {', '.join(sorted(absent))}")
    if given := sorted(set(proof.unknown) - set(lacking)):
        print(f"kinds that only a managed cluster has, not judged: {', '.join(given)}")
    words = [f"{number} {what}" for what, number in proof.counts.items()]
    words += [f"{len(charts)} charts", f"{sum(proof.unknown.values())} objects of unknown kinds not judged"]
    print(f"kube-apiserver {version}, {len(layers)} layers: {', '.join(words)}, {len(proof.failures)} failures")
    return 1 if proof.failures else 0


if __name__ == "__main__":
    sys.exit(main())
