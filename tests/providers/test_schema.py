"""Schemas are read out of the installed SDKs."""

from __future__ import annotations

import pytest
from pulumi.runtime import rpc

from mlplatform.providers.functions import function_schema
from mlplatform.providers.schema import nearest_tokens, resource_schema
from mlplatform.providers.types import EnumOf, ListOf, MapOf, ObjectOf, Scalar, SchemaType, UnionOf


def _touch(type_: SchemaType, seen: set[str]) -> None:
    match type_:
        case ListOf(item=inner) | MapOf(value=inner):
            _touch(inner, seen)
        case UnionOf(members=members):
            for member in members:
                _touch(member, seen)
        case ObjectOf() if type_.name not in seen:
            seen.add(type_.name)
            assert set(type_.constants) <= set(type_.properties), type_.name
            for prop in type_.properties.values():
                _touch(prop.type, seen)
        case _:
            pass


def _object(type_: SchemaType) -> ObjectOf:
    assert isinstance(type_, ObjectOf)
    return type_


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("package", "module", "at_least"),
    [
        ("aws", "s3", 40),
        ("aws", "eks", 9),
        ("aws", "sagemaker", 30),
        ("gcp", "container", 5),
        ("gcp", "storage", 20),
        ("azure-native", "storage", 15),
        ("azure-native", "containerservice", 15),
        ("azure-native", "machinelearningservices", 50),
    ],
)
def test_every_type_of_a_module_has_a_schema_to_its_last_property(package: str, module: str, at_least: int) -> None:
    assert resource_schema(f"pulumi:providers:{package}") is not None
    registry = rpc._RESOURCE_MODULES
    tokens = [
        token
        for key, modules in registry.items()
        if key.split(":")[0] == package and key.split(":")[1].split("/")[0] == module
        for token in modules[0].mod_info["classes"]
    ]
    assert len(tokens) >= at_least
    for token in tokens:
        schema = resource_schema(token)
        assert schema is not None, token
        assert schema.token == token
        _touch(schema.inputs, set())
        _touch(schema.outputs, set())


def test_required_and_types_come_from_the_args_class() -> None:
    schema = resource_schema("aws:eks/nodeGroup:NodeGroup")
    assert schema is not None
    assert set(schema.inputs.required) == {"clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"}
    properties = schema.inputs.properties
    assert properties["subnetIds"].type == ListOf(Scalar("string"))
    assert properties["labels"].type == MapOf(Scalar("string"))
    assert properties["forceUpdateVersion"].type == Scalar("boolean")
    scaling = _object(properties["scalingConfig"].type)
    assert set(scaling.required) == {"desiredSize", "maxSize", "minSize"}
    assert scaling.properties["maxSize"].type == Scalar("integer")


def test_init_args_are_the_resource_and_plain_args_the_nested_type() -> None:
    schema = resource_schema("azure-native:network:VirtualNetwork")
    assert schema is not None
    assert "resourceGroupName" in schema.inputs.required
    assert "addressSpace" in schema.inputs.properties


def test_outputs_include_computed_properties() -> None:
    schema = resource_schema("aws:eks/nodeGroup:NodeGroup")
    assert schema is not None
    assert "resources" in schema.outputs.properties
    assert "resources" not in schema.inputs.properties


def test_enums_of_azure_are_whole_lists_and_those_of_aws_are_not() -> None:
    storage = resource_schema("azure-native:storage:StorageAccount")
    instance = resource_schema("aws:ec2/instance:Instance")
    assert storage is not None
    assert instance is not None
    kind = storage.inputs.properties["kind"].type
    size = instance.inputs.properties["instanceType"].type
    assert isinstance(kind, EnumOf)
    assert "StorageV2" in kind.values
    assert not kind.open
    assert isinstance(size, EnumOf)
    assert size.open


def test_constants_discriminate_unions() -> None:
    schema = resource_schema("azure-native:machinelearningservices:OnlineDeployment")
    assert schema is not None
    kinds = schema.inputs.properties["properties"].type
    assert isinstance(kinds, UnionOf)
    constants = [_object(member).constants for member in kinds.members]
    assert {"endpointComputeType": "Managed"} in constants
    assert {"endpointComputeType": "Kubernetes"} in constants


def test_a_default_in_an_args_class_is_not_taken_for_a_constant() -> None:
    schema = resource_schema("azure-native:containerservice:AgentPool")
    assert schema is not None
    assert schema.inputs.constants == {}


def test_secret_outputs_are_known() -> None:
    schema = resource_schema("gcp:container/cluster:Cluster")
    assert schema is not None
    assert "effectiveLabels" in schema.secret_outputs
    plain = resource_schema("aws:s3/bucket:Bucket")
    assert plain is not None
    assert plain.secret_outputs == frozenset()


def test_unknown_types_and_packages_have_no_schema() -> None:
    assert resource_schema("aws:s3/bucket:Bukket") is None
    assert resource_schema("aws:nonsense") is None
    assert resource_schema("nobodyknows:index:Thing") is None


def test_nearest_tokens_prefer_the_same_name() -> None:
    assert "aws:s3/bucket:Bucket" in nearest_tokens("aws:s3/buckett:Bucket")
    assert nearest_tokens("nobodyknows:index:Thing") == []


@pytest.mark.parametrize(
    ("token", "required", "results"),
    [
        ("aws:eks/getAddonVersion:getAddonVersion", {"addonName", "kubernetesVersion"}, {"version"}),
        ("aws:index/getAvailabilityZones:getAvailabilityZones", set(), {"names", "zoneIds"}),
        ("gcp:organizations/getProject:getProject", set(), {"number"}),
        ("azure-native:authorization:getClientConfig", set(), {"tenantId"}),
        (
            "azure-native:containerservice:listManagedClusterUserCredentials",
            {"resourceGroupName", "resourceName"},
            {"kubeconfigs"},
        ),
    ],
)
def test_functions(token: str, required: set[str], results: set[str]) -> None:
    schema = function_schema(token)
    assert schema is not None
    assert set(schema.arguments.required) == required
    assert schema.result is not None
    assert results <= set(schema.result.properties)


def test_unknown_function_has_no_schema() -> None:
    assert function_schema("aws:index/getNonsense:getNonsense") is None
    assert function_schema("nobodyknows:index:getThing") is None
