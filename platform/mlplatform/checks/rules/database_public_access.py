"""Databases have no public address."""

from __future__ import annotations

from mlplatform.checks.predicates import both, is_false, is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry


def _networks(instance: Resource) -> list[CheckFault]:
    ranges = instance.texts("settings.ipConfiguration.authorizedNetworks[].value")
    if any(one in ("0.0.0.0/0", "::/0") for one in ranges):
        return [CheckFault("The whole internet can connect.", "settings.ipConfiguration.authorizedNetworks")]
    return []


RULE = CheckRule(
    id="database-public-access",
    level="critical",
    topic="public access",
    title="Databases have no public address",
    why="Attackers guess passwords of public databases all the time.",
    fix="Give the database a private address only.",
    entries=(
        Entry(
            ("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"),
            is_false("publiclyAccessible", "The database has a public address."),
            refs=("CIS AWS 5.0 2.2.3", "AWS FSBP RDS.2"),
            link="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        ),
        Entry(
            ("gcp:sql/databaseInstance:DatabaseInstance",),
            both(
                is_false("settings.ipConfiguration.ipv4Enabled", "The database has a public address.", default=True),
                _networks,
            ),
            refs=("CIS GCP 4.0 6.5", "CIS GCP 4.0 6.6"),
            link="https://cloud.google.com/sql/docs/postgres/configure-private-ip",
        ),
        Entry(
            ("azure-native:dbforpostgresql:Server",),
            is_one_of("network.publicNetworkAccess", ("Disabled",), "The database has a public address"),
            refs=("MCSB NS-2",),
            link="https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private",
            when=lambda server: not server.has("network.delegatedSubnetResourceId"),
        ),
        Entry(
            (
                "azure-native:redis:Redis",
                "azure-native:cosmosdb:DatabaseAccount",
                "azure-native:documentdb:DatabaseAccount",
            ),
            is_one_of("publicNetworkAccess", ("Disabled",), "The database has a public address"),
            refs=("MCSB NS-2",),
            link="https://learn.microsoft.com/azure/azure-cache-for-redis/cache-private-link",
        ),
    ),
)
