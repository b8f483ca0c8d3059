"""Rollouts: the mock cloud refuses as the real one, moves what it owns, and reports what was set back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

import pytest

from mlplatform.mock_cloud import Cloud, CloudRefused, Held
from mlplatform.mock_cloud.rollouts import rollouts_of
from mlplatform.mock_cloud.rollouts.azure import OnlineEndpointRollouts
from mlplatform.mock_cloud.rollouts.azure_template import UnsupportedExpression, evaluate_template
from mlplatform.mock_cloud.rollouts.gcp import CloudRunRollouts
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.providers.schema import resource_schema

MakeCloud = Callable[[str], Cloud]
CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
ANY = "aws:cloudcontrol/resource:Resource"
MODEL = "aws:sagemaker/model:Model"
TARGET = "aws:appautoscaling/target:Target"
SERVING = "aws:sagemaker/endpoint:Endpoint"
NODES = "aws:eks/nodeGroup:NodeGroup"
SERVICE = "gcp:cloudrunv2/service:Service"
VERTEX = "gcp:vertex/aiEndpoint:AiEndpoint"
FLOW = "gcp:workflows/workflow:Workflow"
ONLINE = "azure-native:machinelearningservices:OnlineEndpoint"
ONE_DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
TEMPLATE = "azure-native:resources:Deployment"
WORKFLOW = "azure-native:logic:Workflow"
AGENTS = "azure-native:containerservice:ManagedCluster"
WHERE = {"resourceGroupName": "rg", "workspaceName": "ws", "endpointName": "ep"}
ENDPOINT_ID = (
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws/onlineEndpoints/ep"
)
ML = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"


def _config(aws: Cloud, name: str, machine: str = "ml.m5.large") -> Held:
    variants = [{"variantName": "main", "modelName": "m", "instanceType": machine, "initialInstanceCount": 1}]
    return aws.create(CONFIG, name, {"name": name, "productionVariants": variants})


def _serving(config: str) -> dict[str, object]:
    return {"name": "scorer", "endpointConfigName": config}


def test_a_configuration_in_use_can_be_deleted_and_breaks_the_next_update(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    first = _config(aws, "first")
    _config(aws, "second")
    endpoint = aws.create(SERVING, "endpoint", _serving("first"))
    aws.delete(CONFIG, first.id)
    with pytest.raises(CloudRefused, match='Could not find endpoint configuration "first"') as refused:
        aws.update(SERVING, endpoint.id, _serving("second"))
    assert "retain_on_delete" in refused.value.cause


def test_an_endpoint_needs_its_configuration(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    with pytest.raises(CloudRefused, match="Could not find endpoint configuration"):
        aws.create(SERVING, "endpoint", _serving("none"))
    state = {"EndpointConfigName": "host", "ProductionVariants": []}
    aws.create(ANY, "host", {"typeName": "AWS::SageMaker::EndpointConfig", "desiredState": json.dumps(state)})
    assert aws.create(SERVING, "endpoint", _serving("host")).id == "scorer"


@pytest.mark.parametrize("kept", [True, False])
def test_after_a_rollback_the_former_configuration_runs(cloud: MakeCloud, kept: bool) -> None:
    aws = cloud("aws")
    first = _config(aws, "first")
    for name in ("second", "third"):
        _config(aws, name)
    endpoint = aws.create(SERVING, "endpoint", _serving("first"))
    aws.update(SERVING, endpoint.id, _serving("second"))
    if not kept:
        aws.delete(CONFIG, first.id)
    aws.drift("taken back")
    found = aws.read(SERVING, endpoint.id)
    assert found is not None
    assert found.outputs["endpointConfigName"] == "first"
    if kept:
        aws.update(SERVING, endpoint.id, _serving("third"))
        assert aws.set_back() == ()
    else:
        with pytest.raises(CloudRefused, match='Could not find endpoint configuration "first"'):
            aws.update(SERVING, endpoint.id, _serving("third"))


def test_a_finished_rollout_is_not_rolled_back(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    for name in ("first", "second"):
        _config(aws, name)
    endpoint = aws.create(SERVING, "endpoint", _serving("first"))
    aws.update(SERVING, endpoint.id, _serving("second"))
    aws.drift("rolled out")
    aws.drift("taken back")
    found = aws.read(SERVING, endpoint.id)
    assert found is not None
    assert found.inputs["endpointConfigName"] == "second"


def test_the_machine_of_an_autoscaled_variant_cannot_change(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    _config(aws, "first")
    _config(aws, "second", "ml.m5.xlarge")
    endpoint = aws.create(SERVING, "endpoint", _serving("first"))
    scaled = {"serviceNamespace": "sagemaker", "scalableDimension": "sagemaker:variant:DesiredInstanceCount"}
    target = aws.create(TARGET, "scaling", {**scaled, "resourceId": "endpoint/scorer/variant/main", "maxCapacity": 4})
    with pytest.raises(CloudRefused, match="instance type of variant 'main' cannot be updated"):
        aws.update(SERVING, endpoint.id, _serving("second"))
    aws.delete(TARGET, target.id)
    aws.update(SERVING, endpoint.id, _serving("second"))


def test_a_guarded_rollout_keeps_the_names_of_the_variants(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    _config(aws, "first")
    endpoint = aws.create(SERVING, "endpoint", _serving("first"))
    for number, names in enumerate((("main", "canary"), ("best",))):
        variants = [{"variantName": name, "modelName": "m", "instanceType": "ml.m5.large"} for name in names]
        aws.create(CONFIG, f"other{number}", {"name": f"other{number}", "productionVariants": variants})
        with pytest.raises(CloudRefused, match="must have the names of those that the endpoint runs"):
            aws.update(SERVING, endpoint.id, _serving(f"other{number}"))


def test_an_alarm_takes_a_rollout_back_within_the_update_and_a_deleted_model_is_noticed(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    model = aws.create(MODEL, "model", {"name": "m", "primaryContainer": {"image": "i"}})
    for name in ("first", "second"):
        _config(aws, name)
    endpoint = aws.create(SERVING, "endpoint", _serving("first"))
    assert aws.fire_alarms()
    updated = aws.update(SERVING, endpoint.id, _serving("second"))
    assert updated.outputs["endpointConfigName"] == "first", "the provider reports success, and reads the former one"
    assert aws.broken() == ()
    aws.delete(MODEL, model.id)
    assert [broken.words for broken in aws.broken()] == ["runs model m, which is deleted"]
    aws.fire_alarms(firing=False)
    assert aws.update(SERVING, endpoint.id, _serving("second")).outputs["endpointConfigName"] == "second"
    assert not cloud("gcp").fire_alarms(), "elsewhere a rollout goes on after the update"


def _service(revision: str, traffic: str | None, image: str = "") -> dict[str, object]:
    kind = "TRAFFIC_TARGET_ALLOCATION_TYPE_"
    target = {"type": f"{kind}LATEST"} if traffic is None else {"type": f"{kind}REVISION", "revision": traffic}
    template = {"revision": revision, "containers": [{"image": image or revision}]}
    return {"name": "scorer", "location": "us-central1", "template": template, "traffics": [{**target, "percent": 100}]}


def test_traffic_to_a_missing_revision_is_refused(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    with pytest.raises(CloudRefused, match="Revision 'two' does not exist or is deleted"):
        gcp.create(SERVICE, "service", _service("one", "two"))
    held = gcp.create(SERVICE, "service", _service("one", "one"))
    with pytest.raises(CloudRefused, match="Revision 'three' does not exist or is deleted"):
        gcp.update(SERVICE, held.id, _service("two", "three"))
    gcp.update(SERVICE, held.id, _service("two", "one"))
    # a new service of the name has none of the old one's
    gcp.delete(SERVICE, held.id)
    with pytest.raises(CloudRefused, match="Revision 'one' does not exist"):
        gcp.create(SERVICE, "service", _service("two", "one"))


def test_a_revision_never_changes_and_can_serve_again(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    held = gcp.create(SERVICE, "service", _service("one", "one"))
    gcp.update(SERVICE, held.id, _service("two", "one"))
    with pytest.raises(CloudRefused, match="Revision named 'one' with different configuration already exists"):
        gcp.update(SERVICE, held.id, _service("one", "one", image="other"))
    gcp.update(SERVICE, held.id, _service("one", "one"))


def test_a_rollout_moves_the_traffic_and_deletes_old_revisions(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    held = gcp.create(SERVICE, "service", _service("one", "one"))
    for name in ("two", "three"):
        gcp.update(SERVICE, held.id, {**_service(name, "one"), "traffics": _traffics(gcp, held)})
        gcp.drift("rolled out")
        assert _traffics(gcp, held) == _service(name, name)["traffics"]
    with pytest.raises(CloudRefused, match="Revision 'one' does not exist or is deleted"):
        gcp.update(SERVICE, held.id, _service("four", "one"))
    gcp.update(SERVICE, held.id, _service("four", "two"))
    assert [found.words for found in gcp.set_back()]
    gcp.update(SERVICE, held.id, _service("four", "three"))
    assert gcp.set_back() == ()


def test_a_rollback_returns_to_the_former_revision(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    held = gcp.create(SERVICE, "service", _service("one", "one"))
    gcp.update(SERVICE, held.id, _service("two", "two"))
    gcp.drift("taken back")
    assert _traffics(gcp, held) == _service("two", "one")["traffics"]


def test_a_revision_that_serves_is_not_deleted() -> None:
    held = Held(SERVICE, "service", "services/scorer", _service("one", "one"), {}, "service")
    rollouts = rollouts_of("gcp", lambda: [held])
    assert isinstance(rollouts, CloudRunRollouts)
    rollouts.apply(held)
    held.inputs = _service("two", "one")
    rollouts.apply(held)
    with pytest.raises(CloudRefused, match="Revision 'one' cannot be deleted while traffic is routed to it"):
        rollouts.delete_revision(held, "one")
    rollouts.delete_revision(held, "two")
    assert rollouts.revisions(held) == ("one",)


def _traffics(gcp: Cloud, held: Held) -> object:
    found = gcp.read(SERVICE, held.id)
    assert found is not None
    return found.inputs["traffics"]


def _online(**traffic: int) -> dict[str, object]:
    return {**WHERE, "location": "eastus", "properties": {"authMode": "AADToken", "traffic": traffic}}


def _deployment(name: str) -> dict[str, object]:
    return {**WHERE, "deploymentName": name, "properties": {"endpointComputeType": "Managed"}}


def test_traffic_to_a_missing_deployment_is_refused(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    with pytest.raises(CloudRefused, match="names deployment 'blue', which does not exist"):
        azure.create(ONLINE, "endpoint", _online(blue=100))
    endpoint = azure.create(ONLINE, "endpoint", _online())
    azure.create(ONE_DEPLOYMENT, "blue", _deployment("blue"))
    with pytest.raises(CloudRefused, match="adds up to 90 per cent"):
        azure.update(ONLINE, endpoint.id, _online(blue=90))
    azure.update(ONLINE, endpoint.id, _online(blue=100))


def test_a_deployment_with_traffic_is_not_deleted(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    endpoint = azure.create(ONLINE, "endpoint", _online())
    blue, green = (azure.create(ONE_DEPLOYMENT, name, _deployment(name)) for name in ("blue", "green"))
    azure.update(ONLINE, endpoint.id, _online(blue=100))
    with pytest.raises(CloudRefused, match="'blue' of endpoint blue has traffic and cannot be deleted"):
        azure.delete(ONE_DEPLOYMENT, blue.id)
    azure.update(ONLINE, endpoint.id, _online(green=100))
    azure.delete(ONE_DEPLOYMENT, blue.id)
    with pytest.raises(CloudRefused, match="names deployment 'blue'"):
        azure.update(ONLINE, endpoint.id, _online(blue=50, green=50))
    # with the endpoint all goes
    azure.delete(ONLINE, endpoint.id)
    azure.delete(ONE_DEPLOYMENT, green.id)


def _template(*resources: dict[str, object], name: str = "release") -> dict[str, object]:
    template = {"contentVersion": "1.0.0.0", "resources": list(resources)}
    properties = {"mode": "Incremental", "template": template}
    return {"resourceGroupName": "rg", "deploymentName": name, "properties": properties}


def _released(name: str) -> dict[str, object]:
    return _template({"type": f"{ML}/deployments", "name": f"ws/ep/{name}"}, name=f"release-{name}")


def _settled(**wanted: int) -> dict[str, object]:
    """Keeps the traffic that is there, and begins with what is wanted."""
    found = f"reference('{ENDPOINT_ID}', '2025-12-01')"
    served = f"[if(contains({found}, 'traffic'), {found}.traffic, createObject())]"
    traffic = "[if(empty(parameters('served')), parameters('wanted'), parameters('served'))]"
    inner = {"type": ML, "name": "ws/ep", "properties": {"traffic": traffic}}
    return _template(
        {
            "type": "Microsoft.Resources/deployments",
            "properties": {
                "parameters": {"wanted": {"value": wanted}, "served": {"value": served}},
                "template": {"resources": [inner]},
            },
        },
        name="traffic",
    )


def _rollout(**wanted: int) -> dict[str, object]:
    values = {"endpoint": ENDPOINT_ID, "traffic": json.dumps(wanted), "keep": list(wanted)}
    parameters = {name: {"value": value} for name, value in values.items()}
    return {"resourceGroupName": "rg", "workflowName": "rollout", "parameters": parameters}


def test_templates_create_deployments_and_traffic_as_azure_does(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    azure.create(ONLINE, "endpoint", _online())
    with pytest.raises(CloudRefused, match="names deployment 'blue'"):
        azure.create(TEMPLATE, "traffic", _settled(blue=100))
    azure.create(TEMPLATE, "blue", _released("blue"))
    traffic = azure.create(TEMPLATE, "traffic", _settled(blue=100))
    assert _served(azure) == {"blue": 100}
    # what serves is kept until the rollout has moved it
    azure.create(TEMPLATE, "green", _released("green"))
    azure.update(TEMPLATE, traffic.id, _settled(green=100))
    assert _served(azure) == {"blue": 100}
    azure.create(WORKFLOW, "rollout", _rollout(green=100))
    azure.drift("taken back")
    assert _served(azure) == {"blue": 100}
    azure.drift("rolled out")
    assert _served(azure) == {"green": 100}
    with pytest.raises(CloudRefused, match="names deployment 'blue'"):
        azure.create(
            TEMPLATE, "plain", _template({"type": ML, "name": "ws/ep", "properties": {"traffic": {"blue": 100}}})
        )


def test_an_update_without_the_traffic_sets_it_back(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    endpoint = azure.create(ONLINE, "endpoint", _online())
    azure.create(TEMPLATE, "blue", _released("blue"))
    azure.create(WORKFLOW, "rollout", _rollout(blue=100))
    azure.drift("rolled out")
    before = azure.remember("before")
    azure.update(ONLINE, endpoint.id, {**_online(), "tags": {"a": "b"}})
    (found,) = azure.set_back()
    assert found.words == "its traffic was {'blue': 100} and is {}"
    azure.recall(before)
    assert azure.set_back() == ()
    assert _served(azure) == {"blue": 100}


def _served(azure: Cloud) -> dict[str, int]:
    rollouts = azure._state.rollouts  # pyright: ignore[reportPrivateUsage]
    assert isinstance(rollouts, OnlineEndpointRollouts)
    found = rollouts.served("WS", "ep")
    assert found is not None
    return found.traffic


def test_unsupported_expressions_of_a_template_are_ignored() -> None:
    assert evaluate_template("[[text]", {}, lambda _: {}) == "[text]"
    assert evaluate_template({"a": ["[parameters('it''s')]"]}, {"it's": 3}, lambda _: {}) == {"a": [3]}
    assert evaluate_template("[reference('x').a.b]", {}, lambda _: {"a": {"b": 7}}) == 7
    assert evaluate_template("[createObject('a', -1)]", {}, lambda _: {}) == {"a": -1}
    for text in ("[utcNow()]", "[parameters]", "[if(]", "[a & b]"):
        with pytest.raises(UnsupportedExpression):
            evaluate_template(text, {}, lambda _: {})


def test_autoscalers_own_their_counts(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    bounds = {"minSize": 1, "desiredSize": 1, "maxSize": 2}
    group = {"nodeGroupName": "gpu", "clusterName": "acme", "scalingConfig": bounds}
    held = aws.create(NODES, "nodes", group)
    for _ in range(2):
        aws.drift("scaled")
    found = aws.read(NODES, held.id)
    assert found is not None
    assert found.inputs["scalingConfig"] == {**bounds, "desiredSize": 2}
    aws.update(NODES, held.id, {**group, "tags": {"a": "b"}})
    (undone,) = aws.set_back()
    assert (undone.subject, undone.words) == (f"nodes ({NODES})", "scalingConfig.desiredSize was 2 and is 1")
    # one that is made anew begins with the program's count
    aws.delete(NODES, held.id)
    aws.create(NODES, "nodes", group)
    assert aws.set_back() == ()


def test_a_count_must_be_within_the_bounds_that_an_update_sets(cloud: MakeCloud) -> None:
    aws = cloud("aws")
    bounds = {"minSize": 0, "desiredSize": 0, "maxSize": 4}
    group = {"nodeGroupName": "gpu", "clusterName": "acme", "scalingConfig": bounds}
    held = aws.create(NODES, "nodes", group)
    with pytest.raises(CloudRefused, match="Minimum capacity 1 can't be greater than desired size 0") as refused:
        aws.update(NODES, held.id, {**group, "scalingConfig": {**bounds, "minSize": 1}})
    assert "update-nodegroup-config" in refused.value.cause
    for _ in range(3):
        aws.drift("scaled")
    with pytest.raises(CloudRefused, match="desiredSize 3 can't be greater than maxSize 2"):
        aws.update(NODES, held.id, {**group, "scalingConfig": {**bounds, "desiredSize": 3, "maxSize": 2}})
    aws.update(NODES, held.id, {**group, "scalingConfig": {"minSize": 1, "desiredSize": 3, "maxSize": 3}})


def test_autoscalers_own_counts_in_lists(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    profiles = [{"name": "system", "count": 1, "maxCount": 3}, {"name": "general", "count": 0}]
    inputs = {"resourceGroupName": "rg", "resourceName": "acme", "agentPoolProfiles": profiles}
    held = azure.create(AGENTS, "cluster", inputs)
    azure.drift("scaled")
    found = azure.read(AGENTS, held.id)
    assert found is not None
    after = cast("list[dict[str, object]]", found.inputs["agentPoolProfiles"])
    assert {profile["name"]: profile["count"] for profile in after} == {"system": 2, "general": 0}


@pytest.mark.parametrize("package", ["aws", "gcp", "azure-native"])
def test_autoscaled_counts_are_real_properties(package: str) -> None:
    rules = rules_of(f"{package}:x:X").autoscaled
    assert rules
    for rule in rules:
        schema = resource_schema(rule.token)
        assert schema is not None
        tops = {path.partition(".")[0] for path in (rule.path, rule.maximum, rule.only_if) if path}
        assert tops <= set(schema.inputs.properties)
        assert rule.source.startswith("https://")


def test_a_cloud_without_rollouts_accepts_everything(cloud: MakeCloud) -> None:
    other = cloud("elsewhere")
    for how in ("rolled out", "taken back", "scaled"):
        other.drift(how)
    assert other.set_back() == ()


def test_an_endpoint_of_vertex_ai_is_not_deleted_with_its_models(cloud: MakeCloud) -> None:
    gcp = cloud("gcp")
    variables = {
        "ENDPOINT": "projects/acme/locations/us-central1/endpoints/250111832",
        "VARIANTS": '["main"]',
        "VARIANT_main": '{"id": "11"}',
    }
    flow = gcp.create(FLOW, "chat-deploy", {"name": "chat-deploy", "userEnvVars": variables})
    values = {"name": "250111832", "displayName": "chat", "location": "us-central1"}
    endpoint = gcp.create(VERTEX, "chat", values)
    assert not gcp.serving()
    gcp.drift("rolled out")
    assert {held.id for held in gcp.serving()} == {flow.id, endpoint.id}
    with pytest.raises(CloudRefused, match=r"DeployedModel\(s\) with ID\(s\): \[11\]") as refused:
        gcp.delete(VERTEX, endpoint.id)
    assert "undeploy" in refused.value.cause
    # a release that an alarm takes back is not tried again
    gcp.update(FLOW, flow.id, {**flow.inputs, "userEnvVars": {**variables, "VARIANT_main": '{"id": "22"}'}})
    gcp.drift("taken back")
    gcp.drift("rolled out")
    with pytest.raises(CloudRefused, match=r"\[11\]"):
        gcp.delete(VERTEX, endpoint.id)
    assert gcp.take_models_off() == ("250111832",)
    gcp.delete(VERTEX, endpoint.id)
