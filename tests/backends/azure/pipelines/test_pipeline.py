"""Pipelines as resources of the workspace, and a run of one as the mock cloud takes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from mlplatform import discovery
from mlplatform.backends.azure.pipelines import form
from mlplatform.components.imagined_releases import as_released
from mlplatform.mock_cloud.runs.azure import RunRefused, start_run
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import record
from mlplatform.spec.platform import PlatformSpec

from ....pipelines.fraud import pipeline, platform, step

SENDER = "someone"
Data = dict[str, Any]


@pytest.fixture(scope="module")
def spec() -> PlatformSpec:
    """The example on Azure, with a checkpoint, and a second pipeline on the same machines."""
    data = pipeline("azure")
    step(data, "train").update(checkpoint=True)
    cast("list[str]", step(data, "train")["command"]).append("{{checkpoint}}")
    whole = platform("azure", pipelines=(data, {**data, "name": "fraud-weekly"}))
    return as_released(whole, ("azure",)).on("azure")


@pytest.fixture(scope="module")
def plan(spec: PlatformSpec) -> Plan:
    """Its plan."""
    return record(spec, "azure", resolve=True)


def _of(plan: Plan, kind: str) -> list[Step]:
    return [each for each in plan.resources() if each.type == f"azure-native:{kind}"]


def _run(spec: PlatformSpec) -> tuple[str, Data]:
    (file,) = form.build(discovery.backend("azure"), spec, spec.pipelines[0])
    request = json.loads(file.text)[-1]
    return request["path"].rpartition("/")[0], request["body"]


def _sender(plan: Plan) -> str:
    """Somebody who may start runs: the identity of pipelines may."""
    (identity,) = (s for s in _of(plan, "managedidentity:UserAssignedIdentity") if "pipelines" in s.name)
    return str(identity.outputs["principalId"])


def test_the_plan_has_what_the_written_requests_make(spec: PlatformSpec, plan: Plan) -> None:
    """The file that a person would send, and `up`, make the same clusters and versions."""
    (file,) = form.build(discovery.backend("azure"), spec, spec.pipelines[0])
    requests: list[Data] = json.loads(file.text)
    wanted = {each["path"].rpartition("/")[2]: each["body"] for each in requests if "/computes/" in each["path"]}
    made = {str(s.inputs["computeName"]): s.inputs for s in _of(plan, "machinelearningservices:Compute")}
    for name, body in wanted.items():
        ours = cast("Data", made[name]["properties"])["properties"]
        assert {key: ours[key] for key in body["properties"]["properties"]} == body["properties"]["properties"]
    (versions,) = (s for s in _of(plan, "resources:Deployment") if s.name.endswith("fraud-retrain-versions"))
    template = cast("Data", versions.inputs["properties"])["template"]["resources"]
    written = {
        each["name"].partition("/")[2]: each["properties"] for each in template if each["type"].endswith("/versions")
    }
    for each in requests:
        if "/versions/" in each["path"]:
            _, _, name = each["path"].partition("/workspaces/")
            holder, number = name.split("/")[2], name.split("/")[4]
            assert written[f"{holder}/{number}"].items() >= each["body"]["properties"].items()


def test_pipelines_share_clusters_which_cost_nothing_at_rest(plan: Plan) -> None:
    clusters = [s for s in _of(plan, "machinelearningservices:Compute") if "-cluster-" in s.name]
    assert [s.name for s in clusters] == ["acme-ml-models-cluster-d4dsv5n1", "acme-ml-models-cluster-d8dsv5n1"]
    for each in clusters:
        assert cast("Data", each.inputs["properties"])["properties"]["scaleSettings"]["minNodeCount"] == 0


def test_a_run_starts(spec: PlatformSpec, plan: Plan) -> None:
    jobs, body = _run(spec)
    start_run(plan.resources(), jobs, body, sender=_sender(plan))


def _without(*words: str) -> Callable[[Step], bool]:
    return lambda each: all(word in f"{each.type} {each.name}" for word in words)


MISSING: dict[str, tuple[Callable[[Step], bool], str]] = {
    "the right to send a run": (_without("RoleAssignment", "models-start-pipelines"), "AuthorizationFailed"),
    "a cluster": (_without("cluster-d8dsv5n1"), "no compute"),
    "the versions": (_without("fraud-retrain-versions"), "no version"),
    "the right to pull images": (_without("images-pipelines-acr-pull"), "may not pull"),
    "the right to read data": (_without("store-data-pipelines"), "has no role on data"),
    "the right to keep outputs": (_without("store-pipelines-pipelines"), "has no role on pipelines"),
    "a datastore": (_without("datastore-pipelines"), "no datastore pipelines"),
    "the identity": (_without("UserAssignedIdentity", "pipelines-identity"), "no identity"),
}


@pytest.mark.parametrize("name", MISSING)
def test_a_run_is_refused_without(name: str, spec: PlatformSpec, plan: Plan) -> None:
    gone, words = MISSING[name]
    jobs, body = _run(spec)
    kept = [each for each in plan.resources() if not gone(each)]
    assert len(kept) < len(plan.resources())
    with pytest.raises(RunRefused, match=words):
        start_run(kept, jobs, body, sender=_sender(plan))


def _outside(body: Data) -> None:
    body["properties"]["jobs"]["train"]["outputs"]["Checkpoint"]["uri"] = "https://acme.blob.core.windows.net/x/"


def test_a_run_that_writes_outside_a_datastore_is_refused(spec: PlatformSpec, plan: Plan) -> None:
    jobs, body = _run(spec)
    _outside(body)
    with pytest.raises(RunRefused, match="in no datastore"):
        start_run(plan.resources(), jobs, body, sender=_sender(plan))


def test_a_run_reaches_only_what_the_workspaces_network_names(spec: PlatformSpec, plan: Plan) -> None:
    jobs, body = _run(spec)
    (workspace,) = _of(plan, "machinelearningservices:Workspace")
    network = cast("Mapping[str, Data]", workspace.inputs["managedNetwork"])
    rules = {key: rule for key, rule in network["outboundRules"].items() if not key.startswith("store-")}
    closed = _Changed(workspace, {**workspace.inputs, "managedNetwork": {**network, "outboundRules": rules}})
    others = [each for each in plan.resources() if each is not workspace]
    with pytest.raises(RunRefused, match="network does not reach"):
        start_run([*others, closed], jobs, body, sender=_sender(plan))


class _Changed:
    def __init__(self, step: Step, inputs: Mapping[str, object]) -> None:
        self.type, self.outputs, self.inputs = step.type, step.outputs, inputs
