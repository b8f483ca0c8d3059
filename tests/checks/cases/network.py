"""Networks, endpoints and databases."""

from __future__ import annotations

from tests.checks.cases.case import DEV, TAGS, around, case, policy

EKS, GKE, AKS = (
    "aws:eks/cluster:Cluster",
    "gcp:container/cluster:Cluster",
    "azure-native:containerservice:ManagedCluster",
)
GPOOL, APOOL = "gcp:container/nodePool:NodePool", "azure-native:containerservice:AgentPool"
VPC, NET, VNET = "aws:ec2/vpc:Vpc", "gcp:compute/network:Network", "azure-native:network:VirtualNetwork"
SUBNET, ASUBNET = "gcp:compute/subnetwork:Subnetwork", "azure-native:network:Subnet"
ACCOUNT, VAULT = "azure-native:storage:StorageAccount", "azure-native:keyvault:Vault"
REGISTRY, WORKSPACE = "azure-native:containerregistry:Registry", "azure-native:machinelearningservices:Workspace"
RUN, SQL = "gcp:cloudrunv2/service:Service", "gcp:sql/databaseInstance:DatabaseInstance"
CLOSED = {"publicNetworkAccess": "Disabled"}
PRIVATE = ("azure-native:network:PrivateEndpoint", "privateLinkServiceConnections", {})
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
REDIS = {"minimumTlsVersion": "1.2"}
NO_TLS = policy(Effect="Deny", Principal="*", Action="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
RULE = {
    "name": "r",
    "priority": 100,
    "protocol": "*",
    "direction": "Inbound",
    "access": "Allow",
    "sourcePortRange": "*",
}


def _guard(**changes: object):
    return {"securityRules": [{**RULE, **changes}]}


def _ip(**inputs: object):
    return {"settings": {"tier": "t", "ipConfiguration": inputs}}


CASES = (
    case(
        "cluster-private-endpoint",
        EKS,
        [
            {"vpcConfig": {"endpointPublicAccess": False}},
            {"vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]}},
        ],
        [{}, {"vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]}}],
    ),
    case(
        "cluster-private-endpoint",
        GKE,
        [
            {"privateClusterConfig": {"enablePrivateEndpoint": True}},
            {"controlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enabled": False}}},
            {"masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "203.0.113.0/24"}]}},
        ],
        [
            {},
            {"masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "0.0.0.0/0"}]}},
            {
                "privateClusterConfig": {"enablePrivateEndpoint": True},
                "controlPlaneEndpointsConfig": {
                    "dnsEndpointConfig": {"allowExternalTraffic": True, "enableK8sTokensViaDns": True}
                },
            },
        ],
    ),
    case(
        "cluster-private-endpoint",
        AKS,
        [
            {"apiServerAccessProfile": {"enablePrivateCluster": True}},
            {"apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"]}},
        ],
        [
            {},
            {"apiServerAccessProfile": {"authorizedIPRanges": ["0.0.0.0/0"]}},
            {"apiServerAccessProfile": {"enablePrivateCluster": True, "enablePrivateClusterPublicFQDN": True}},
        ],
    ),
    case(
        "node-private",
        "aws:ec2/launchTemplate:LaunchTemplate",
        [{}, {"networkInterfaces": [{"associatePublicIpAddress": "false"}]}],
        {"networkInterfaces": [{"associatePublicIpAddress": "true"}]},
    ),
    case("node-private", "aws:ec2/subnet:Subnet", [{}, {"mapPublicIpOnLaunch": False}], {"mapPublicIpOnLaunch": True}),
    case("node-private", "aws:ec2/instance:Instance", {}, {"associatePublicIpAddress": True}),
    case(
        "node-private",
        GPOOL,
        [
            {"networkConfig": {"enablePrivateNodes": True}},
            around({}, (GKE, "<cluster", {"privateClusterConfig": {"enablePrivateNodes": True}})),
        ],
        [{}, around({}, (GKE, "<cluster", {}))],
    ),
    case("node-private", GKE, {"privateClusterConfig": {"enablePrivateNodes": True}}, {}),
    case(
        "node-private",
        "gcp:compute/instance:Instance",
        {"networkInterfaces": [{"subnetwork": "s"}]},
        {"networkInterfaces": [{"accessConfigs": [{"natIp": "198.51.100.1"}]}]},
    ),
    case("node-private", APOOL, [{}, {"enableNodePublicIP": False}], {"enableNodePublicIP": True}),
    case(
        "node-private",
        AKS,
        {"agentPoolProfiles": [{"name": "a"}]},
        {"agentPoolProfiles": [{"name": "a", "enableNodePublicIP": True}]},
    ),
    case(
        "open-ingress",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"cidrIpv4": "10.0.0.0/8"},
        [{"cidrIpv4": "0.0.0.0/0"}, {"cidrIpv6": "::/0"}],
    ),
    case(
        "open-ingress",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        [{"type": "ingress", "cidrBlocks": ["10.0.0.0/8"]}, {"type": "egress", "cidrBlocks": ["0.0.0.0/0"]}],
        {"type": "ingress", "cidrBlocks": ["0.0.0.0/0"]},
    ),
    case(
        "open-ingress",
        "aws:ec2/securityGroup:SecurityGroup",
        [{}, {"ingress": [{"cidrBlocks": ["10.0.0.0/8"]}]}],
        {"ingress": [{"cidrBlocks": ["0.0.0.0/0"]}]},
    ),
    case(
        "open-ingress",
        "gcp:compute/firewall:Firewall",
        [
            {"allows": [{"protocol": "tcp"}], "sourceRanges": ["10.0.0.0/8"]},
            {"allows": [{"protocol": "tcp"}], "sourceTags": ["a"]},
        ],
        [{"allows": [{"protocol": "tcp"}], "sourceRanges": ["0.0.0.0/0"]}, {"allows": [{"protocol": "tcp"}]}],
        [
            {"direction": "EGRESS", "allows": [{"protocol": "tcp"}]},
            {"denies": [{"protocol": "all"}], "sourceRanges": ["0.0.0.0/0"]},
        ],
    ),
    case(
        "open-ingress",
        "azure-native:network:NetworkSecurityGroup",
        [
            {},
            _guard(sourceAddressPrefix="VirtualNetwork"),
            _guard(access="Deny", sourceAddressPrefix="*"),
            _guard(direction="Outbound", sourceAddressPrefix="*"),
        ],
        [
            _guard(sourceAddressPrefix="*"),
            _guard(sourceAddressPrefix="Internet"),
            _guard(sourceAddressPrefixes=["0.0.0.0/0"]),
        ],
    ),
    case(
        "open-ingress",
        "azure-native:network:SecurityRule",
        {**RULE, "sourceAddressPrefix": "10.0.0.0/8"},
        {**RULE, "sourceAddressPrefix": "*"},
    ),
    case(
        "open-egress",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        [
            {"ipProtocol": "tcp", "cidrIpv4": "0.0.0.0/0", "fromPort": 443},
            {"ipProtocol": "-1", "cidrIpv4": "10.0.0.0/8"},
        ],
        {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"},
    ),
    case(
        "open-egress",
        "aws:ec2/securityGroup:SecurityGroup",
        [{}, {"egress": [{"protocol": "tcp", "cidrBlocks": ["0.0.0.0/0"]}]}],
        {"egress": [{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]},
    ),
    case(
        "default-network",
        VPC,
        around({}, ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "vpcId", {})),
        [
            {},
            around(
                {}, ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "vpcId", {"ingress": [{"protocol": "-1"}]})
            ),
        ],
    ),
    case("default-network", NET, {"autoCreateSubnetworks": False}, {}),
    case(
        "default-network",
        ASUBNET,
        {"defaultOutboundAccess": False},
        [{}, {"defaultOutboundAccess": True}],
        {"subnetName": "GatewaySubnet"},
    ),
    case("subnet-guard", ASUBNET, {"networkSecurityGroup": {"id": "/nsg"}}, {}, {"subnetName": "AzureFirewallSubnet"}),
    case("flow-logs", VPC, around({}, ("aws:ec2/flowLog:FlowLog", "vpcId", {})), {}),
    case("flow-logs", SUBNET, {"logConfig": {"flowSampling": 0.5}}, {}, {"purpose": "REGIONAL_MANAGED_PROXY"}),
    case(
        "flow-logs",
        VNET,
        around({}, ("azure-native:network:FlowLog", "targetResourceId", {"enabled": True})),
        [{}, around({}, ("azure-native:network:FlowLog", "targetResourceId", {"enabled": False}))],
    ),
    case(
        "firewall-logs",
        "gcp:compute/firewall:Firewall",
        {"allows": [{"protocol": "tcp"}], "logConfig": {"metadata": "INCLUDE_ALL_METADATA"}},
        {"allows": [{"protocol": "tcp"}]},
        {"denies": [{"protocol": "all"}]},
    ),
    case("firewall-logs", "gcp:compute/routerNat:RouterNat", {"logConfig": {"enable": True, "filter": "ALL"}}, {}),
    case(
        "firewall-logs",
        NET,
        around({}, ("gcp:dns/policy:Policy", "networks", {"enableLogging": True})),
        [
            {},
            around({}, ("gcp:dns/policy:Policy", "networks", {"enableLogging": False})),
            around({"deleteDefaultRoutesOnCreate": True}, ("gcp:compute/router:Router", "network", {})),
        ],
        {"deleteDefaultRoutesOnCreate": True},
    ),
    case(
        "private-services",
        VPC,
        around({}, ("aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId", {"serviceName": "com.amazonaws.us-east-1.s3"})),
        [{}, around({}, ("aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId", {"serviceName": "com.amazonaws.us-east-1.sts"}))],
    ),
    case("private-services", SUBNET, {"privateIpGoogleAccess": True}, {}, {"purpose": "REGIONAL_MANAGED_PROXY"}),
    case(
        "private-services",
        ACCOUNT,
        around(CLOSED, PRIVATE),
        CLOSED,
        [{}, around(CLOSED, ("azure-native:network:FlowLog", "storageId", {}))],
    ),
    case("private-services", REGISTRY, around(CLOSED, PRIVATE), CLOSED, {}),
    case("private-services", WORKSPACE, around(CLOSED, PRIVATE), CLOSED, {}),
    case(
        "private-services",
        VAULT,
        around({"properties": {"publicNetworkAccess": "disabled"}}, PRIVATE),
        {"properties": {"publicNetworkAccess": "disabled"}},
        {"properties": {}},
    ),
    case(
        "service-public-network",
        ACCOUNT,
        [CLOSED, {"networkRuleSet": {"defaultAction": "Deny"}}],
        [{}, {"networkRuleSet": {"defaultAction": "Allow"}}],
    ),
    case("service-public-network", REGISTRY, CLOSED, {}),
    case(
        "service-public-network",
        VAULT,
        [
            {"properties": {"publicNetworkAccess": "disabled"}},
            {"properties": {"networkAcls": {"defaultAction": "Deny"}}},
        ],
        {"properties": {}},
        around({"properties": {}}, ("azure-native:keyvault:Key", "vaultName", {}), (REGISTRY, "^encryption", {})),
    ),
    case("service-public-network", WORKSPACE, CLOSED, {}),
    case(
        "service-public-network", "azure-native:cognitiveservices:Account", {"properties": CLOSED}, {"properties": {}}
    ),
    case("service-public-network", "azure-native:search:Service", CLOSED, {}),
    case(
        "service-public-network",
        "aws:sagemaker/notebookInstance:NotebookInstance",
        {"directInternetAccess": "Disabled"},
        {},
    ),
    case("service-public-network", "aws:sagemaker/domain:Domain", {"appNetworkAccessType": "VpcOnly"}, {}),
    case("service-public-network", "gcp:workbench/instance:Instance", {"gceSetup": {"disablePublicIp": True}}, {}),
    case(
        "endpoint-private",
        "aws:sagemaker/model:Model",
        {"vpcConfig": {"subnets": ["s"], "securityGroupIds": ["g"]}},
        {},
    ),
    case(
        "endpoint-private",
        RUN,
        {"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"},
        [{}, {"ingress": "INGRESS_TRAFFIC_ALL"}],
        {"ingress": "INGRESS_TRAFFIC_ALL", "iapEnabled": True},
    ),
    case(
        "endpoint-private",
        "gcp:vertex/aiEndpoint:AiEndpoint",
        {"privateServiceConnectConfig": {"enablePrivateServiceConnect": True}},
        [
            {},
            {"dedicatedEndpointEnabled": True},
            {"privateServiceConnectConfig": {"enablePrivateServiceConnect": False}},
        ],
        {"network": "projects/1/global/networks/n"},
    ),
    case(
        "endpoint-private",
        "azure-native:machinelearningservices:OnlineEndpoint",
        {"properties": CLOSED},
        {"properties": {}},
    ),
    case("endpoint-private", "azure-native:app:ManagedEnvironment", {"vnetConfiguration": {"internal": True}}, {}),
    case(
        "endpoint-private",
        "azure-native:app:ContainerApp",
        [{}, {"configuration": {"ingress": {"allowInsecure": False}}}],
        {"configuration": {"ingress": {"allowInsecure": True}}},
    ),
    case("endpoint-authentication", RUN, {}, {"invokerIamDisabled": True}),
    case(
        "endpoint-authentication",
        "gcp:vertex/aiEndpoint:AiEndpoint",
        [
            {"dedicatedEndpointEnabled": True},
            {
                "privateServiceConnectConfig": {
                    "enablePrivateServiceConnect": True,
                    "enableSecurePrivateServiceConnect": True,
                }
            },
        ],
        [
            {"privateServiceConnectConfig": {"enablePrivateServiceConnect": True}},
            {"network": "projects/1/global/networks/n"},
        ],
    ),
    case(
        "endpoint-authentication",
        "azure-native:machinelearningservices:OnlineEndpoint",
        {"properties": {"authMode": "AADToken"}},
        {"properties": {"authMode": "Key"}},
    ),
    case(
        "endpoint-authentication",
        "azure-native:app:ContainerApp",
        around(
            {"configuration": {"ingress": {"targetPort": 80}}},
            (
                "azure-native:app:ContainerAppsAuthConfig",
                "containerAppName",
                {"platform": {"enabled": True}, "globalValidation": {"unauthenticatedClientAction": "Return401"}},
            ),
        ),
        [
            {"configuration": {"ingress": {"targetPort": 80}}},
            around(
                {"configuration": {"ingress": {"targetPort": 80}}},
                (
                    "azure-native:app:ContainerAppsAuthConfig",
                    "containerAppName",
                    {
                        "platform": {"enabled": True},
                        "globalValidation": {"unauthenticatedClientAction": "AllowAnonymous"},
                    },
                ),
            ),
        ],
        {},
    ),
    case(
        "workload-egress",
        "aws:sagemaker/model:Model",
        {"enableNetworkIsolation": True},
        {},
        {"vpcConfig": {"subnets": ["s"]}},
    ),
    case(
        "workload-egress",
        RUN,
        {"template": {"vpcAccess": {"egress": "ALL_TRAFFIC"}}},
        [{}, {"template": {"vpcAccess": {"egress": "PRIVATE_RANGES_ONLY"}}}],
        {"iapEnabled": True},
    ),
    case(
        "workload-egress",
        WORKSPACE,
        {"managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound"}},
        [{}, {"managedNetwork": {"isolationMode": "AllowInternetOutbound"}}],
    ),
    case("database-public-access", "aws:rds/instance:Instance", {}, {"publiclyAccessible": True}),
    case("database-public-access", "aws:rds/clusterInstance:ClusterInstance", {}, {"publiclyAccessible": True}),
    case(
        "database-public-access",
        SQL,
        _ip(ipv4Enabled=False),
        [{}, _ip(ipv4Enabled=True), _ip(ipv4Enabled=False, authorizedNetworks=[{"value": "0.0.0.0/0"}])],
    ),
    case(
        "database-public-access",
        "azure-native:dbforpostgresql:Server",
        {"network": CLOSED},
        {},
        {"network": {"delegatedSubnetResourceId": "/s"}},
    ),
    case("database-public-access", "azure-native:redis:Redis", CLOSED, {}),
    case("database-public-access", "azure-native:cosmosdb:DatabaseAccount", CLOSED, {}),
    case("database-tls", CACHE, {"transitEncryptionEnabled": True}, {}),
    case("database-tls", SQL, _ip(sslMode="ENCRYPTED_ONLY"), [{}, _ip(sslMode="ALLOW_UNENCRYPTED_AND_ENCRYPTED")]),
    case("database-tls", "gcp:redis/instance:Instance", {"transitEncryptionMode": "SERVER_AUTHENTICATION"}, {}),
    case("database-tls", "azure-native:redis:Redis", REDIS, [{}, {**REDIS, "enableNonSslPort": True}]),
    case(
        "database-backups",
        "aws:rds/instance:Instance",
        {"backupRetentionPeriod": 7},
        {"backupRetentionPeriod": 1},
        {"tags": DEV},
    ),
    case("database-backups", "aws:rds/cluster:Cluster", {"backupRetentionPeriod": 7}, {}, {"tags": DEV}),
    case(
        "database-backups",
        "aws:dynamodb/table:Table",
        {"pointInTimeRecovery": {"enabled": True}, "tags": TAGS},
        {},
        {"tags": DEV},
    ),
    case(
        "database-backups",
        SQL,
        {"settings": {"tier": "t", "backupConfiguration": {"enabled": True}}},
        {},
        {"settings": {"userLabels": DEV}},
    ),
    case(
        "database-backups",
        "azure-native:dbforpostgresql:Server",
        [{}, {"backup": {"backupRetentionDays": 14}}],
        {"backup": {"backupRetentionDays": 3}},
        {"tags": DEV},
    ),
    case(
        "message-tls",
        "aws:sns/topic:Topic",
        around({}, ("aws:sns/topicPolicy:TopicPolicy", "arn", {"policy": NO_TLS})),
        [{}, around({}, ("aws:sns/topicPolicy:TopicPolicy", "arn", {"policy": policy(Action="sns:Publish")}))],
    ),
    case(
        "message-tls",
        "aws:sqs/queue:Queue",
        around({}, ("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", {"policy": NO_TLS})),
        {},
    ),
    case("message-tls", "azure-native:servicebus:Namespace", {"minimumTlsVersion": "1.2"}, {}),
    case("message-tls", "azure-native:eventhub:Namespace", {"minimumTlsVersion": "1.2"}, {"minimumTlsVersion": "1.0"}),
)
