"""One broad program per cloud, run in a process of its own with the SDK plain or sped up.

`python sdk_program.py CLOUD plain|fast wire` prints every registration as it goes over the wire and the
type of every output, one line each. With `time` for `wire` it registers about 350 resources with lean
arguments and prints the seconds since the process's imports began and the peak memory in MiB.

Arguments are made up from the types of each resource's Args class, so they reach what a program could say.
"""

# ruff: noqa: ANN401 - values of any type; Pulumi's signatures; tables

import collections.abc
import enum
import gc
import inspect
import json
import re
import resource as process
import sys
import time
import types
import typing

PROGRAMS = {
    "aws": {
        "s3": "Bucket BucketVersioning BucketPublicAccessBlock BucketPolicy BucketLifecycleConfiguration"
        " BucketServerSideEncryptionConfiguration BucketObjectLockConfiguration BucketLogging BucketNotification"
        " BucketReplicationConfig BucketOwnershipControls BucketObjectv2 BucketIntelligentTieringConfiguration",
        "ec2": "Vpc Subnet RouteTable Route RouteTableAssociation NatGateway Eip InternetGateway SecurityGroup"
        " VpcEndpoint FlowLog LaunchTemplate PlacementGroup SecurityGroupRule",
        "vpc": "SecurityGroupIngressRule SecurityGroupEgressRule",
        "eks": "Cluster NodeGroup Addon AccessEntry AccessPolicyAssociation PodIdentityAssociation",
        "sagemaker": "Model Endpoint EndpointConfiguration ModelPackageGroup ModelPackageGroupPolicy Domain",
        "iam": "Role RolePolicy RolePolicyAttachment Policy InstanceProfile OpenIdConnectProvider",
        "kms": "Key Alias Grant",
        "ecr": "Repository LifecyclePolicy RepositoryPolicy PullThroughCacheRule RegistryScanningConfiguration",
        "cloudwatch": "LogGroup MetricAlarm CompositeAlarm Dashboard EventRule EventTarget LogMetricFilter",
        "amp": "Workspace RuleGroupNamespace AlertManagerDefinition Scraper",
        "grafana": "Workspace RoleAssociation",
        "sns": "Topic TopicPolicy TopicSubscription",
        "appautoscaling": "Target Policy ScheduledAction",
        "budgets": "Budget BudgetAction",
        "autoscaling": "Group Tag Policy",
        "cloudcontrol": "Resource",
        "lambda": "Function Permission Alias",
        "codedeploy": "Application DeploymentGroup",
    },
    "gcp": {
        "storage": "Bucket BucketIAMMember BucketObject Notification",
        "compute": "Network Subnetwork Router RouterNat Firewall Address GlobalAddress ForwardingRule"
        " ResourcePolicy Reservation Instance InstanceTemplate RegionInstanceGroupManager BackendService",
        "container": "Cluster NodePool",
        "cloudrunv2": "Service ServiceIamMember Job",
        "kms": "KeyRing CryptoKey CryptoKeyIAMMember",
        "artifactregistry": "Repository RepositoryIamMember",
        "monitoring": "AlertPolicy NotificationChannel Dashboard Slo CustomService UptimeCheckConfig",
        "projects": "Service IAMMember IAMCustomRole IAMAuditConfig ServiceIdentity",
        "serviceaccount": "Account IAMMember",
        "logging": "ProjectSink ProjectBucketConfig Metric LogView",
        "billing": "Budget",
        "dns": "ManagedZone RecordSet Policy",
        "secretmanager": "Secret SecretVersion SecretIamMember",
        "pubsub": "Topic Subscription TopicIAMMember",
        "eventarc": "Trigger",
        "workflows": "Workflow",
        "iam": "WorkloadIdentityPool WorkloadIdentityPoolProvider",
        "vertex": "AiEndpoint AiEndpointWithModelGardenDeployment AiFeatureStore",
        "servicenetworking": "Connection",
    },
    "azure_native": {
        "storage": "StorageAccount BlobContainer BlobServiceProperties ManagementPolicy EncryptionScope"
        " BlobContainerImmutabilityPolicy Blob",
        "network": "VirtualNetwork Subnet NetworkSecurityGroup NatGateway PublicIPAddress PrivateEndpoint"
        " PrivateDnsZoneGroup RouteTable FlowLog",
        "containerservice": "ManagedCluster AgentPool MaintenanceConfiguration",
        "containerregistry": "Registry CacheRule Replication",
        "machinelearningservices": "Workspace OnlineEndpoint OnlineDeployment ModelContainer ModelVersion"
        " Registry Datastore Compute",
        "keyvault": "Vault Key Secret",
        "monitor": "ActionGroup MetricAlert DiagnosticSetting ScheduledQueryRule DataCollectionRule"
        " DataCollectionEndpoint AzureMonitorWorkspace AutoscaleSetting DataCollectionRuleAssociation",
        "managedidentity": "UserAssignedIdentity FederatedIdentityCredential",
        "authorization": "RoleAssignment RoleDefinition PolicyAssignment",
        "alertsmanagement": "PrometheusRuleGroup SmartDetectorAlertRule",
        "dashboard": "Grafana",
        "operationalinsights": "Workspace Table DataExport",
        "privatedns": "PrivateZone VirtualNetworkLink PrivateRecordSet",
        "resources": "ResourceGroup Deployment",
        "consumption": "Budget",
        "app": "ContainerApp ManagedEnvironment Job",
        "logic": "Workflow",
        "applicationinsights": "Component Workbook",
        "compute": "CapacityReservationGroup CapacityReservation ProximityPlacementGroup VirtualMachine",
    },
}


class Maker:
    """Values of a type: every property down to `depth`, required ones alone below it."""

    def __init__(self, depth: int, breadth: int) -> None:
        self.depth = depth
        self.breadth = breadth
        self.made = 0
        self.source: object = None

    def value(self, typ: typing.Any, level: int) -> object:
        from pulumi import _types

        typ = _types.unwrap_type(typ)
        origin, args = typing.get_origin(typ), typing.get_args(typ)
        if origin is typing.Union or origin is types.UnionType:
            classes = [arg for arg in args if inspect.isclass(arg) and issubclass(arg, enum.Enum)]
            return self.value((classes or [arg for arg in args if arg is not type(None)])[0], level)
        if origin in (list, collections.abc.Sequence):
            return [self.value(args[0], level)]
        if origin in (dict, collections.abc.Mapping):
            return {"some_key": self.value(args[1], level)}
        if inspect.isclass(typ) and issubclass(typ, enum.Enum):
            return next(iter(typ))
        if inspect.isclass(typ) and _types.is_input_type(typ):
            made = self.arguments(typ, level + 1)
            self.made += 1
            return typ(**made) if self.made % 3 else made
        if typ is str:
            self.made += 1
            return self.source if self.source is not None and self.made % 7 == 0 else f"text-{level}"
        return {bool: True, int: 3, float: 1.5}.get(typ, "anything")

    def arguments(self, args_type: type, level: int) -> dict[str, object]:
        from pulumi import _types

        by_wire = _types.input_type_types(args_type)
        wire = _types.input_type_py_to_pulumi_names(args_type)
        made: dict[str, object] = {}
        optional = 0
        for name, parameter in list(inspect.signature(args_type.__init__).parameters.items())[1:]:
            if parameter.default is not inspect.Parameter.empty:
                optional += 1
                if level > self.depth or optional > self.breadth:
                    continue
            if level < self.depth + 4:
                made[name] = self.value(by_wire[wire[name]], level)
        return made


def shape(value: object) -> str:
    from pulumi import _types

    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if _types.is_output_type(type(value)):
        inner = _types.output_type_to_dict(value)
        return f"{kind}({', '.join(f'{k}={shape(v)}' for k, v in sorted(inner.items()))})"
    if isinstance(value, dict):
        return f"{kind}({', '.join(f'{k}={shape(v)}' for k, v in sorted(value.items()))})"
    if isinstance(value, list):
        return f"{kind}({', '.join(map(shape, value))})"
    return f"{kind}={value!r}"


def answered(inputs: typing.Any) -> typing.Any:
    """Inputs as the provider answers them: Azure takes identities as a list and gives them as a map."""
    if isinstance(inputs, list):
        return [answered(item) for item in inputs]

    def named(key: str, value: typing.Any) -> bool:
        return (
            key in ("userAssignedIdentities", "grafanaPlugins")
            and isinstance(value, list)
            and isinstance(value[0], str)
        )

    if isinstance(inputs, dict):
        return {
            key: {item: {} for item in value} if named(key, value) else answered(value) for key, value in inputs.items()
        }
    return inputs


def main(cloud: str, way: str, purpose: str) -> None:
    began = time.perf_counter()
    import importlib
    from contextlib import nullcontext

    import pulumi
    from pulumi.runtime import mocks as pulumi_mocks
    from pulumi.runtime.stack import run_pulumi_func
    from pulumi.runtime.sync_await import _sync_await

    collector: typing.ContextManager[object] = nullcontext()
    if way == "fast":
        from mlplatform.fast.sdk import fast_sdk, quiet_gc

        fast_sdk([f"pulumi_{cloud}"])
        collector = quiet_gc()

    lines: list[str] = []

    class Echo(pulumi_mocks.Mocks):
        def new_resource(self, args: pulumi_mocks.MockResourceArgs) -> tuple[str, dict]:
            return f"{args.name}-id", answered(args.inputs)

        def call(self, args: pulumi_mocks.MockCallArgs) -> dict:
            return {}

    if purpose == "wire":
        gc.disable()  # it changes no bytes, and the plain way would spend most of its time on it

        registered = pulumi_mocks.MockMonitor.RegisterResource

        def register(self: object, request: typing.Any) -> object:
            lines.append(f"{request.name} {request.SerializeToString(deterministic=True).hex()}")
            return registered(self, request)

        pulumi_mocks.MockMonitor.RegisterResource = register

    pulumi_mocks.set_mocks(Echo())
    sdk = importlib.import_module(f"pulumi_{cloud}")
    resources: list[typing.Any] = []

    def program() -> None:
        rounds = 1 if purpose == "wire" else 4
        for turn in range(rounds):
            maker = Maker(2, 1000) if purpose == "wire" else Maker(1, 3)
            for module_name, names in PROGRAMS[cloud].items():
                module = getattr(sdk, module_name + "_" if module_name == "lambda" else module_name)
                for name in names.split():
                    args_type = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
                    said = maker.arguments(args_type, 0)
                    title, kind = f"{module_name}-{name}-{turn}", getattr(module, name)
                    if "resource_name" in said:  # the SDK's own constructor trips over it inside Args
                        made = kind(title, resource_name_=said.pop("resource_name"), **said)
                    else:
                        made = kind(title, args_type(**said))
                    maker.source = pulumi.Output.secret(made.id) if len(resources) % 4 == 0 else made.id
                    resources.append(made)

    with collector:
        _sync_await(run_pulumi_func(program))

    if purpose == "time":
        peak = process.getrusage(process.RUSAGE_SELF).ru_maxrss / 1024
        print(
            json.dumps(
                {
                    "seconds": time.perf_counter() - began,
                    "cpu": time.process_time(),
                    "mib": peak,
                    "resources": len(resources),
                }
            )
        )
        return

    from pulumi import _types

    for made in resources:
        for wire, typ in sorted(_types.resource_types(type(made)).items()):
            lines.append(f"{made._name} {wire}: {typ!r}")
        for attribute, output in sorted(vars(made).items()):
            if isinstance(output, pulumi.Output):
                data = _sync_await(output._data)
                deps = sorted(resource._name for resource in data.resources)
                state = f"known={data.is_known} secret={data.is_secret} {deps}"
                lines.append(f"{made._name}.{attribute} = {shape(data.value)} {state}")
    for line in sorted(lines):
        print(re.sub(r" at 0x[0-9a-f]+", "", line))


if __name__ == "__main__":
    main(*sys.argv[1:])
