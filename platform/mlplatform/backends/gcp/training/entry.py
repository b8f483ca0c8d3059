"""The way to the cluster's API: its DNS endpoint, at which IAM decides who may send a request.

https://docs.cloud.google.com/kubernetes-engine/docs/concepts/network-isolation#dns-based-endpoint
"""

from __future__ import annotations

import pulumi
from pulumi_gcp import container

from mlplatform.backends.gcp.naming import rbac_subject
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.cluster import ClusterApi, FabricNetwork
from mlplatform.components.names import short_hash
from mlplatform.components.scope import Scope
from mlplatform.spec.access import JOB_ROLES
from mlplatform.spec.platform import PlatformSpec


def credentials(target: GcpTarget, name: str, spec: PlatformSpec, cluster: container.Cluster) -> pulumi.Output[str]:
    """The command for a kubeconfig: by the DNS endpoint, the public address, or inside the network by the private one.

    A peered network cannot reach the private address: that peering would have to be transitive. The DNS endpoint works
    from every network with a way to Google's services.
    """
    command = f"gcloud container clusters get-credentials {name} --location {target.region} --project {target.project}"
    if spec.entry != "none":
        command += " --dns-endpoint"
    elif not (spec.training and spec.training.public_api_cidrs):
        command += " --internal-ip"
    return cluster.name.apply(lambda _: command)


def access_commands(
    target: GcpTarget, name: str, spec: PlatformSpec, cluster: container.Cluster
) -> tuple[pulumi.Output[str], ...]:
    """The commands for people outside; none if nothing is known to lead to the private address."""
    if spec.entry == "none" and not (spec.training and spec.training.api_cidrs):
        return ()
    return (credentials(target, name, spec, cluster),)


def layer_api(
    spec: PlatformSpec, cluster: container.Cluster, volumes_key: pulumi.Output[str], fabric: tuple[FabricNetwork, ...]
) -> ClusterApi:
    """What the layer inside the cluster is told: by the DNS endpoint where it is open, as people are.

    Google's own authority signs the DNS endpoint's certificate; the cluster's signs that of an address.
    """
    # https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters/getJwks
    keys = pulumi.Output.concat("https://container.googleapis.com/v1/", cluster.id, "/jwks")
    if spec.entry != "none":
        name = cluster.control_plane_endpoints_config.apply(_dns_endpoint)
        return ClusterApi(
            server=_https(name),
            authority=None,
            cluster_id=cluster.id,
            volumes_key=volumes_key,
            token_keys=keys,
            fabric=fabric,
        )
    address = cluster.endpoint
    if not (spec.training and spec.training.public_api_cidrs):
        address = cluster.private_cluster_config.apply(
            lambda config: (config.private_endpoint if config else None) or ""
        )
    authority = cluster.master_auth.apply(lambda auth: auth.cluster_ca_certificate or "")
    return ClusterApi(
        server=_https(address),
        authority=authority,
        cluster_id=cluster.id,
        volumes_key=volumes_key,
        token_keys=keys,
        fabric=fabric,
    )


def _dns_endpoint(config: container.outputs.ClusterControlPlaneEndpointsConfig | None) -> str:
    endpoint = config.dns_endpoint_config if config else None
    return (endpoint.endpoint if endpoint else None) or ""


def _https(address: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.concat("https://", address)


def note_namespace_rights(scope: Scope, target: GcpTarget) -> None:
    """Say how data scientists get their rights in the training namespace: IAM's roles hold for the whole project.

    The layer inside the cluster makes the namespace and the binding, but groups need the target's security group.
    """
    if scope.spec.cluster:
        groups = [
            name
            for person in (person for role in JOB_ROLES for person in target.people.get(role, ()))
            for kind, name in [rbac_subject(person)]
            if kind != "user"
        ]
        if groups and not target.security_group:
            scope.note(
                "targets[gcp].people",
                f"to run jobs, the groups {', '.join(dict.fromkeys(groups))} must be members of a group that the "
                "target's security_group names: RBAC knows no others",
            )
        return
    namespace = scope.spec.access.training_namespace
    for person in target.people.get("data-scientist", ()):
        kind, name = rbac_subject(person)
        scope.note(
            "targets[gcp].people",
            "IAM lets a data scientist see the cluster; to run jobs in it, an operator binds a role once: "
            f"`kubectl create namespace {namespace}` and `kubectl create rolebinding data-scientist-{short_hash(name)} "
            f"--namespace {namespace} --clusterrole edit --{kind} {name}`"
            + ("" if kind == "user" or target.security_group else "; a group needs the target's security_group"),
        )
