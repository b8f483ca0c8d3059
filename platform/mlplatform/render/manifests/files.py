"""Writes the layer's items as files: a folder per stage, a file per item, the same bytes for the same spec."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, cast

import yaml

from mlplatform.cluster.charts.registry import PinnedChart, chart
from mlplatform.cluster.items import STAGES, ChartRelease, LayerItem
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.wire import resolve, wire_object, wire_value
from mlplatform.fast.record import record
from mlplatform.plan.sources.fields import mapping

Style = Literal["flux", "argocd"]
"""Who applies the files: Flux, by its HelmReleases, or Argo CD, by its Applications."""

Objects = Sequence[Mapping[str, object]]
_FLUX_NAMESPACE = "flux-system"
_ARGO_NAMESPACE = "argocd"
_WAVE = "argocd.argoproj.io/sync-wave"


class UnknownOutput(LookupError):
    """The outputs that were given lack one."""


@record(kw_only=True)
class ManifestFile:
    """One file."""

    path: str
    """Its path below the output folder."""

    text: str
    """Its content."""


def manifest_files(
    items: Sequence[LayerItem], style: Style, outputs: Mapping[str, object] | None, path: str
) -> tuple[ManifestFile, ...]:
    """The files of a layer.

    Args:
        items: in the order of their stages.
        style: who applies them.
        outputs: outputs of the cloud's stack (`pulumi stack output --json`). None: each stands as a variable
            `${layer_volumesKey}`, which Flux fills in after its build (`postBuild.substitute`).
        path: the output folder's path in its repository, for Flux.

    Raises:
        UnknownOutput: an output is not among them.
    """
    known = _from_outputs(outputs) if outputs is not None else _variable
    files: list[ManifestFile] = []
    used = tuple(stage for stage in STAGES if any(item.stage == stage for item in items))
    for item in items:
        number = STAGES.index(item.stage) + 1
        folder = f"{number:02}-{item.stage}"
        objects = _objects(item, style, number, known)
        files.append(ManifestFile(path=f"{folder}/{item.role}.yaml", text=_text(objects)))
    if style == "flux":
        stages = [_kustomization(stage, used[at - 1] if at else None, path) for at, stage in enumerate(used)]
        files.append(ManifestFile(path="stages.yaml", text=_text(stages)))
    return tuple(sorted(files, key=lambda file: file.path))


def _objects(item: LayerItem, style: Style, number: int, known: Callable[[FromCloud], object]) -> Objects:
    match item.body:
        case ChartRelease() as release:
            values = cast("Mapping[str, object]", resolve(wire_value(release.values), known))
            pinned = chart(release.chart)
            if style == "flux":
                return _flux_release(pinned, release.namespace, values)
            return [_argo_application(pinned, release.namespace, values, number)]
        case body:
            wire = cast("dict[str, object]", resolve(wire_object(body), known))
            return [_with_wave(wire, number) if style == "argocd" else wire]


def _flux_release(pinned: PinnedChart, namespace: str, values: Mapping[str, object]) -> Objects:
    """The source of a chart and its release: https://fluxcd.io/flux/components/helm/helmreleases/"""
    metadata = {"name": pinned.name, "namespace": _FLUX_NAMESPACE}
    if pinned.repository.startswith("oci://"):
        kind = "OCIRepository"
        source = {"interval": "1h", "url": pinned.address, "ref": {"tag": pinned.version}}
        reference: dict[str, object] = {"chartRef": {"kind": kind, **metadata}}
    else:
        kind = "HelmRepository"
        source = {"interval": "1h", "url": pinned.repository}
        chart_spec = {"chart": pinned.name, "version": pinned.version, "sourceRef": {"kind": kind, **metadata}}
        reference = {"chart": {"spec": chart_spec}}
    return [
        {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": kind, "metadata": metadata, "spec": source},
        {
            "apiVersion": "helm.toolkit.fluxcd.io/v2",
            "kind": "HelmRelease",
            "metadata": {"name": pinned.name, "namespace": namespace},
            "spec": {
                "interval": "1h",
                "releaseName": pinned.name,
                "targetNamespace": namespace,
                **reference,
                # as Helm does not, so that a newer chart finds its kinds
                "install": {"crds": "CreateReplace"},
                "upgrade": {"crds": "CreateReplace"},
                "values": values,
            },
        },
    ]


def _kustomization(stage: str, before: str | None, path: str) -> Mapping[str, object]:
    """A stage, applied after the one before is ready: https://fluxcd.io/flux/components/kustomize/kustomizations/"""
    folder = f"{STAGES.index(stage) + 1:02}-{stage}"  # pyright: ignore[reportArgumentType] - one of them
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": f"layer-{stage}", "namespace": _FLUX_NAMESPACE},
        "spec": {
            "interval": "10m",
            "path": f"{path.rstrip('/')}/{folder}",
            "prune": True,
            "wait": True,
            "sourceRef": {"kind": "GitRepository", "name": _FLUX_NAMESPACE},
            **({"dependsOn": [{"name": f"layer-{before}"}]} if before else {}),
            "postBuild": {"substituteFrom": [{"kind": "ConfigMap", "name": "layer-outputs", "optional": True}]},
        },
    }


def _argo_application(
    pinned: PinnedChart, namespace: str, values: Mapping[str, object], number: int
) -> Mapping[str, object]:
    """https://argo-cd.readthedocs.io/en/stable/user-guide/helm/"""
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": pinned.name, "namespace": _ARGO_NAMESPACE, "annotations": {_WAVE: str(number)}},
        "spec": {
            "project": "default",
            "source": {
                "repoURL": pinned.repository.removeprefix("oci://"),
                "chart": pinned.name,
                "targetRevision": pinned.version,
                "helm": {"releaseName": pinned.name, "valuesObject": values},
            },
            "destination": {"server": "https://kubernetes.default.svc", "namespace": namespace},
            "syncPolicy": {"syncOptions": ["ServerSideApply=true"]},
        },
    }


def _with_wave(wire: dict[str, object], number: int) -> dict[str, object]:
    metadata = cast("dict[str, object]", wire["metadata"])
    annotations = cast("dict[str, object]", metadata.get("annotations") or {})
    return {**wire, "metadata": {**metadata, "annotations": {**annotations, _WAVE: str(number)}}}


def _variable(value: FromCloud) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", value.output)
    return value.around(f"${{{name}}}")


def _from_outputs(outputs: Mapping[str, object]) -> Callable[[FromCloud], str]:
    def find(value: FromCloud) -> str:
        found: object = outputs
        for part in value.output.split("."):
            found = mapping(found).get(part)
        if found is None:
            raise UnknownOutput(value.output)
        return value.around(found)

    return find


def _text(objects: Objects) -> str:
    return "---\n".join(yaml.safe_dump(dict(each), sort_keys=True, width=1000) for each in objects)
