"""Guards of a network: what refuses, filters or keeps traffic inside, and openings that are no addresses."""

from __future__ import annotations

from mlplatform.plan.cost.values import value_at
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import text
from mlplatform.risk.guards.directions import Appears, Differs, Extra, Fewer, Gone, Less, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting

_REFUSED = "What it refused is let through"
_WIDER = "More of the network is let in"
_ANY_ENDPOINT = "Data can leave through it to any account"
_PAST = "Traffic leaves the private network"
_PUBLIC_WAY = "Traffic to the service takes the public way, or finds no way"
_BYPASS = "The cloud's own services pass by its firewall"
_FIREWALL = "Attacks on it are no longer filtered"
_PERIMETER = "Data can leave the perimeter"
_PODS = "Pods can reach each other freely"
_MORE_PODS = "More reaches its pods, or is reached by them"
_CERTIFICATE = "Callers see another certificate: whoever has its key proves to be this service"

_ENDPOINT_POLICY = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"
_PERIMETERS = "https://docs.cloud.google.com/vpc-service-controls/docs/overview"
_NAMESPACES = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"


def _denies(step: Step) -> bool:
    """Whether it is a rule that refuses."""
    words = (text(step.inputs.get(key)).lower() for key in ("access", "ruleAction", "action"))
    return bool(step.inputs.get("denies")) or any(word.startswith(("deny", "block", "drop")) for word in words)


def _allows(step: Step) -> bool:
    return not _denies(step)


def _way_in(step: Step) -> bool:
    return text(step.inputs.get("direction")).lower() not in ("egress", "outbound") and _allows(step)


def _by_group(step: Step) -> bool:
    return bool(
        step.inputs.get("referencedSecurityGroupId")
        or step.inputs.get("prefixListId")
        or step.inputs.get("sourceSecurityGroupId")
    )


def _by_tag(step: Step) -> bool:
    return _way_in(step) and not step.inputs.get("sourceRanges") and bool(step.inputs.get("allows"))


def _is_balanced(step: Step) -> bool:
    return value_at(step.inputs, "spec", "type") == "LoadBalancer"


NETWORK_OPENED: tuple[Row, ...] = (
    Setting("*", "defaultAction ipSecurityRestrictionsDefaultAction scmIpSecurityRestrictionsDefaultAction", On(("allow", "forward")), "high", "Every address that no rule names is let in", on_create=True, where=lambda step: step.package == "azure-native"),
    Setting("azure-native:*", "networkAcls networkRuleSet ipSecurityRestrictions", Gone(), "high", "Every address is let in"),
    Setting("kubernetes:*:Service", "spec.loadBalancerSourceRanges", Gone(), "high", "Every address is let in", where=_is_balanced),
    Setting("azure-native:*", "bypass networkRuleBypassOptions networkAclBypass trustedServiceAccessEnabled trustedExternalTenants", On(("azureservices", "logging", "metrics", "true", "logging, metrics", "logging, metrics, azureservices"), default="azureservices"), "medium", _BYPASS),
    Setting("*", "trustedServiceBypassEnabled isTrustedServiceEnabled allowAllServiceAgentAccess", On(), "medium", _BYPASS),
    Setting("azure-native:*", "virtualNetworkRules resourceAccessRules networkAclBypassResourceIds allowedFqdnList", Extra(), "medium", _WIDER),
    Setting("azure-native:*", "firewallAllowAzureIps", On(), "high", "Machines of every customer of the cloud are let in"),
    Setting("azure-native:*", "access", On(("allow",)), "high", _REFUSED, where=lambda step: step.type.endswith(("SecurityRule", "NetworkSecurityGroup"))),
    Setting("azure-native:network:*", "sourceApplicationSecurityGroups sourceAddressPrefixes", Extra(), "medium", _WIDER, where=_allows),
    Setting("azure-native:network:*", "destinationPortRange destinationPortRanges", On(("*", "0-65535")), "high", "Every port is let in", where=_way_in),
    Setting("azure-native:network:*", "protocol", On(("*",)), "medium", "Every protocol is let in", where=_way_in),
    Setting("aws:*", "referencedSecurityGroupId sourceSecurityGroupId prefixListId", Differs(), "medium", _WIDER, where=lambda step: "Egress" not in step.type),
    Setting("aws:*", "ingress.securityGroups ingress.prefixListIds", Extra(), "medium", _WIDER),
    Setting("aws:*", "ingress.self", On(), "low", _WIDER),
    Setting("aws:*", "ipProtocol protocol", On(("-1", "all")), "high", "Every protocol and port is let in", where=lambda step: "Egress" not in step.type and step.inputs.get("type") != "egress"),
    Setting("aws:*", "fromPort", Less(None), "medium", "More ports are let in", where=lambda step: "Egress" not in step.type and step.inputs.get("type") != "egress"),
    Opening("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule aws:ec2/securityGroupRule:SecurityGroupRule", "medium", _WIDER, where=lambda step: _by_group(step) and step.inputs.get("type") != "egress"),
    Opening("gcp:compute/firewall:Firewall", "medium", _WIDER, where=_by_tag),
    Setting("gcp:compute/*", "sourceTags sourceServiceAccounts srcSecureTags srcAddressGroups srcFqdns srcRegionCodes srcThreatIntelligences", Extra(), "medium", _WIDER, where=_way_in),
    Setting("gcp:compute/*", "targetTags targetServiceAccounts", Gone(), "high", "It lets in to every machine of the network", where=_way_in),
    Setting("gcp:compute/*", "allows.ports", Fewer(), "low", "Other ports are let in", where=_way_in),
    Setting("gcp:compute/*", "allows.protocol", On(("all",)), "high", "Every protocol and port is let in", where=_way_in),
    Setting("gcp:compute/*", "/disabled", On(), "high", _REFUSED, where=_denies),
    Setting("gcp:compute/*", "/disabled", Off(), "medium", _WIDER, where=_allows),
    Setting("gcp:compute/*", "/action", On(("allow", "goto_next")), "high", _REFUSED),
    # other networks
    Opening("aws:ec2/vpcPeeringConnection:VpcPeeringConnection aws:ec2/vpcPeeringConnectionAccepter:* aws:ec2transitgateway/vpcAttachment:VpcAttachment aws:ec2transitgateway/peeringAttachment:* aws:ec2/vpnConnection:VpnConnection aws:ec2clientvpn/endpoint:Endpoint gcp:compute/networkPeering:NetworkPeering gcp:compute/vPNTunnel:VPNTunnel gcp:networkconnectivity/spoke:Spoke azure-native:network:VirtualNetworkPeering azure-native:network:VirtualNetworkGatewayConnection azure-native:network:HubVirtualNetworkConnection", "high", "Machines of another network can reach this one"),
    Opening("aws:ec2/vpcEndpointService:VpcEndpointService gcp:compute/serviceAttachment:ServiceAttachment azure-native:network:PrivateLinkService", "high", "Other accounts can connect to it privately"),
    Opening("aws:ec2/vpcEndpointServiceAllowedPrinciple:*", "high", "Another account can connect to it privately"),
    Setting("*", "acceptanceRequired", Off(), "high", "Connections of other accounts need no approval"),
    Setting("gcp:compute/serviceAttachment:ServiceAttachment", "connectionPreference", On(("accept_automatic",)), "high", "Connections of other projects need no approval"),
    Setting("*", "allowedPrincipals consumerAcceptLists autoApproval.subscriptions visibility.subscriptions autoAcceptProjects", Extra(), "high", "Another account can connect to it privately"),
    Setting("*", "autoAccept autoAcceptSharedAttachments", On(("true", "enable")), "high", "Connections of other accounts need no approval"),
    Setting("azure-native:*:PrivateEndpointConnection*", "privateLinkServiceConnectionState.status", On(("approved",)), "high", "A connection of another network is approved", on_create=True),
    Setting("azure-native:network:VirtualNetworkPeering", "allowForwardedTraffic allowGatewayTransit useRemoteGateways allowVirtualNetworkAccess", On(), "medium", _WIDER),
    Setting("gcp:compute/networkPeering:NetworkPeering", "importCustomRoutes exportCustomRoutes importSubnetRoutesWithPublicIp exportSubnetRoutesWithPublicIp", On(), "medium", _WIDER),
    Setting("aws:*", "assignGeneratedIpv6CidrBlock", On(), "medium", "Its machines get public addresses of IPv6"),
    Setting("gcp:compute/subnetwork:Subnetwork", "ipv6AccessType", On(("external",)), "high", "Its machines get public addresses of IPv6"),
    Opening("aws:ec2/internetGateway:InternetGateway aws:ec2/internetGatewayAttachment:*", "medium", "The network gets a way to and from the internet"),
    Setting("aws:ec2/route:Route aws:ec2/*RouteTable:*", "gatewayId", Appears(), "medium", "Its subnets get a way to and from the internet"),
    Setting("azure-native:network:*", "nextHopType", On(("internet",)), "high", _PAST),
)  # fmt: skip

GUARDS: tuple[Row, ...] = (
    # rules that refuse
    Guard("aws:ec2/networkAclRule:NetworkAclRule azure-native:network:SecurityRule gcp:compute/firewall:Firewall gcp:compute/firewallPolicyRule:* gcp:compute/networkFirewallPolicyRule:* gcp:compute/regionNetworkFirewallPolicyRule:* gcp:compute/securityPolicyRule:*", "high", _REFUSED, where=_denies),
    Guard("aws:ec2/networkAcl:NetworkAcl aws:ec2/networkAclAssociation:NetworkAclAssociation aws:ec2/defaultSecurityGroup:DefaultSecurityGroup aws:networkfirewall/firewall:Firewall aws:networkfirewall/firewallPolicy:FirewallPolicy aws:networkfirewall/ruleGroup:RuleGroup aws:route53/resolverFirewallRuleGroupAssociation:* aws:route53/resolverFirewallRule:* gcp:compute/networkFirewallPolicyAssociation:* gcp:compute/firewallPolicyAssociation:* gcp:compute/networkFirewallPolicy:* azure-native:network:NetworkSecurityGroup azure-native:network:AzureFirewall azure-native:network:FirewallPolicy* azure-native:network:DdosProtectionPlan azure-native:network:NetworkSecurityPerimeter*", "high", _REFUSED),
    Setting("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "/ingress /egress", Extra(), "high", "The default group, which refuses everything, lets traffic through"),
    Setting("aws:ec2/*Acl*", "/ingress /egress", Fewer(), "medium", _REFUSED),
    Setting("aws:ec2/networkAclRule:NetworkAclRule aws:ec2/*Acl*", "ruleAction action", On(("allow",)), "high", _REFUSED),
    Setting("azure-native:network:NetworkSecurityGroup", "/securityRules", Fewer(), "high", _REFUSED),
    Setting("azure-native:network:Subnet azure-native:network:NetworkInterface azure-native:network:VirtualNetwork", "networkSecurityGroup routeTable", Gone(), "high", "Nothing filters its traffic any more"),
    Setting("azure-native:network:Subnet azure-native:network:VirtualNetwork", "privateEndpointNetworkPolicies", Off(("enabled", "networksecuritygroupenabled", "routetableenabled")), "medium", "Its rules do not count for private endpoints"),
    Setting("azure-native:network:VirtualNetwork", "enableDdosProtection", Off(), "medium", _FIREWALL),
    Setting("azure-native:network:VirtualNetwork", "encryption.enabled", Off(), "high", "Traffic between its machines is no longer encrypted"),
    Setting("gcp:compute/*", "/denies", Fewer(), "high", _REFUSED),
    Setting("gcp:compute/*", "/denies", Gone(), "high", _REFUSED),
    # endpoints of services; deleted endpoints, zones and ways out are reported by `service-deleted`
    Guard("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "high", _ANY_ENDPOINT, source=_ENDPOINT_POLICY),
    Setting("aws:ec2/vpcEndpoint:VpcEndpoint", "/policy", Gone(), "high", _ANY_ENDPOINT, source=_ENDPOINT_POLICY),
    Setting("aws:ec2/*", "policy.Statement.Condition", Gone(), "high", _ANY_ENDPOINT, source=_ENDPOINT_POLICY, where=lambda step: "Endpoint" in step.type),
    Setting("aws:ec2/vpcEndpoint:VpcEndpoint", "privateDnsEnabled", Off(), "high", _PUBLIC_WAY),
    Setting("aws:ec2/vpcEndpoint:VpcEndpoint", "subnetIds routeTableIds", Fewer(), "medium", _PUBLIC_WAY),
    Setting("aws:ec2/vpcEndpoint:VpcEndpoint", "securityGroupIds", Extra(), "medium", "Other rules filter its callers"),
    Setting("aws:ec2/vpc:Vpc", "enableDnsSupport enableDnsHostnames", Off(), "high", _PUBLIC_WAY),
    Guard("aws:route53/zone:Zone aws:route53/zoneAssociation:ZoneAssociation gcp:dns/policy:Policy gcp:dns/responsePolicy:ResponsePolicy gcp:dns/recordSet:RecordSet azure-native:*:VirtualNetworkLink azure-native:*:PrivateRecordSet azure-native:network:PrivateDnsZoneGroup gcp:compute/globalForwardingRule:GlobalForwardingRule gcp:networkconnectivity/serviceConnectionPolicy:*", "high", _PUBLIC_WAY),
    Setting("gcp:dns/managedZone:ManagedZone", "/visibility", Off(("private",)), "high", "Its names can be looked up from outside"),
    Setting("gcp:dns/managedZone:ManagedZone", "privateVisibilityConfig.networks privateVisibilityConfig", Fewer(), "high", _PUBLIC_WAY),
    Setting("gcp:dns/managedZone:ManagedZone", "privateVisibilityConfig", Gone(), "high", _PUBLIC_WAY),
    Setting("gcp:dns/recordSet:RecordSet", "/rrdatas", Extra(), "high", "Its name leads to another address"),
    Setting("azure-native:*:PrivateRecordSet", "aRecords.ipv4Address cnameRecord.cname", Differs(), "high", "Its name leads to another address"),
    Setting("aws:route53/record:Record", "/records", Extra(), "high", "Its name leads to another address"),
    Setting("kubernetes:*:Service kubernetes:*:Ingress", "annotations.*/host annotations.*/hostname", Differs(), "medium", "Callers reach it by another name"),
    Setting("kubernetes:*:Service kubernetes:*:Ingress", "annotations.*certificate annotations.*certificates annotations.*ssl-cert annotations.*pre-shared-cert tls.secretName", Differs(), "medium", _CERTIFICATE),
    Setting("aws:*", "/certificateArn defaultActions.certificateArn", Differs(), "medium", _CERTIFICATE, where=lambda step: "istener" in step.type),
    Setting("gcp:compute/*", "/sslCertificates /certificateMap", Fewer(), "medium", _CERTIFICATE, where=lambda step: "TargetHttps" in step.type or "TargetSSL" in step.type),
    Setting("azure-native:*:VirtualNetworkLink", "resolutionPolicy", On(("nxdomainredirect",)), "medium", _PUBLIC_WAY),
    Setting("azure-native:network:PrivateDnsZoneGroup", "/privateDnsZoneConfigs", Fewer(), "high", _PUBLIC_WAY),
    Setting("gcp:compute/subnetwork:Subnetwork", "privateIpGoogleAccess", Off(), "high", _PUBLIC_WAY),
    Setting("gcp:compute/subnetwork:Subnetwork", "privateIpv6GoogleAccess", Off(("enable_bidirectional_access_to_google", "enable_outbound_vm_access_to_google")), "medium", _PUBLIC_WAY),
    # the way out
    Guard("aws:ec2/route:Route gcp:compute/route:Route azure-native:network:Route azure-native:network:RouteTable aws:ec2/routeTableAssociation:RouteTableAssociation", "medium", "Traffic takes another way, or none"),
    Setting("azure-native:network:Subnet", "natGateway", Gone(), "high", "Machines lose their one way out, or need public addresses"),
    Setting("aws:ec2/natGateway:NatGateway", "connectivityType", Differs(), "high", "Machines lose their one way out, or need public addresses"),
    Setting("gcp:compute/routerNat:RouterNat", "natIps", Fewer(), "medium", "Calls leave with another address, which others may refuse"),
    Setting("aws:ec2/route:Route", "natGatewayId transitGatewayId vpcEndpointId networkInterfaceId", Gone(), "high", _PAST),
    Setting("azure-native:network:RouteTable azure-native:network:Route", "nextHopIpAddress", Gone(), "high", _PAST),
    Setting("azure-native:machinelearningservices:*", "managedNetwork.isolationMode", Ranked(("disabled", "allowinternetoutbound", "allowonlyapprovedoutbound")), "high", _PAST),
    Setting("azure-native:machinelearningservices:*", "managedNetwork.outboundRules", Extra(), "medium", "More of the outside can be reached from it"),
    Opening("azure-native:machinelearningservices:ManagedNetworkSettingsRule", "medium", "More of the outside can be reached from the workspace"),
    Setting("azure-native:machinelearningservices:*", "managedNetwork", Gone(), "high", _PAST),
    Setting("azure-native:machinelearningservices:*", "managedNetwork.firewallSku", Ranked(("basic", "standard"), default="standard"), "medium", _PAST),
    Setting("gcp:*", "vpcAccess vpcConnector vpcAccess.connector vpcAccess.networkInterfaces", Gone(), "high", _PAST),
    Setting("gcp:*", "vpcAccess.egress vpcConnectorEgressSettings", Off(("all_traffic",)), "high", _PAST),
    Setting("gcp:*", "annotations.run*vpc-access-egress", Off(("all-traffic", "all_traffic")), "high", _PAST),
    Setting("azure-native:containerservice:*", "outboundType", Off(("userdefinedrouting", "none", "block")), "high", _PAST),
    Setting("azure-native:web:* azure-native:app:*", "vnetRouteAllEnabled", Off(), "high", _PAST),
    Setting("azure-native:web:* azure-native:app:*", "virtualNetworkSubnetId vnetConfiguration infrastructureSubnetId", Gone(), "high", _PAST),
    Setting("azure-native:containerregistry:* azure-native:storage:*", "exportPolicy.status", On(), "medium", "Images can be copied to other registries"),
    Setting("azure-native:storage:StorageAccount", "allowedCopyScope", Off(("aad", "privatelink")), "high", "Data can be copied to accounts of other tenants"),
    Setting("azure-native:*", "restrictOutboundNetworkAccess preventDataExfiltration disablePublicEgress", Off(), "high", _PAST),
    Setting("azure-native:*", "dataExfiltrationProtections", Fewer(), "high", _PAST),
    Setting("*", "egressPublicNetworkAccess", On(), "high", _PAST),
    Setting("*", "enableInternetAccess enableDefaultInternetAccess", On(), "high", _PAST),
    # perimeters, rules of the organisation
    Guard("gcp:accesscontextmanager/*", "high", _PERIMETER, source=_PERIMETERS),
    Setting("gcp:accesscontextmanager/*", "restrictedServices resources spec.restrictedServices", Fewer(), "high", _PERIMETER, source=_PERIMETERS),
    Setting("gcp:accesscontextmanager/*", "accessLevels ingressPolicies egressPolicies allowedServices", Extra(), "high", _PERIMETER, source=_PERIMETERS),
    Setting("gcp:accesscontextmanager/*", "useExplicitDryRunSpec enableRestriction", Off(), "high", _PERIMETER, source=_PERIMETERS),
    Setting("gcp:accesscontextmanager/*", "ipSubnetworks members regions", Extra(), "high", _PERIMETER, source=_PERIMETERS),
    Guard("gcp:orgpolicy/policy:Policy gcp:projects/organizationPolicy:OrganizationPolicy gcp:organizations/policy:Policy gcp:folder/organizationPolicy:OrganizationPolicy gcp:iam/denyPolicy:DenyPolicy gcp:iam/*AccessBoundary* aws:organizations/policy:Policy aws:organizations/policyAttachment:PolicyAttachment aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock aws:ec2/*BlockPublicAccess* aws:emr/blockPublicAccessConfiguration:* aws:s3/bucketOwnershipControls:BucketOwnershipControls", "high", "A rule against what nobody should do is gone"),
    Setting("gcp:orgpolicy/* gcp:projects/* gcp:organizations/* gcp:folder/*", "enforce enforced booleanPolicy.enforced", Off(), "high", "A rule against what nobody should do is gone"),
    Setting("gcp:orgpolicy/* gcp:projects/* gcp:organizations/* gcp:folder/*", "rules.allowAll listPolicy.allow.all", On(), "high", "A rule against what nobody should do is gone"),
    Setting("gcp:orgpolicy/* gcp:projects/* gcp:organizations/* gcp:folder/*", "deniedValues listPolicy.deny.values", Fewer(), "high", "A rule against what nobody should do is gone"),
    Setting("gcp:orgpolicy/* gcp:projects/* gcp:organizations/* gcp:folder/*", "allowedValues listPolicy.allow.values", Extra(), "high", "A rule of the organisation allows more"),
    Setting("gcp:iam/denyPolicy:DenyPolicy", "deniedPermissions deniedPrincipals", Fewer(), "high", "A rule against what nobody should do is gone"),
    Setting("gcp:iam/denyPolicy:DenyPolicy", "exceptionPrincipals exceptionPermissions", Extra(), "high", "A rule against what nobody should do leaves somebody out"),
    Setting("aws:ec2/*BlockPublicAccess*", "internetGatewayBlockMode", Off(("block-bidirectional", "block-ingress")), "high", _REFUSED),
    Setting("aws:ec2/*BlockPublicAccess*", "/state", Off(("block-all-sharing", "block-new-sharing")), "high", "It can be shared with everybody"),
    Opening("aws:ec2/vpcBlockPublicAccessExclusion:*", "high", _REFUSED),
    # firewalls of applications
    Guard("aws:wafv2/webAclAssociation:WebAclAssociation aws:wafv2/webAcl:WebAcl aws:shield/protection:Protection gcp:compute/securityPolicy:SecurityPolicy gcp:compute/regionSecurityPolicy:* azure-native:network:WebApplicationFirewallPolicy azure-native:frontdoor:Policy azure-native:cdn:SecurityPolicy", "high", _FIREWALL),
    Setting("gcp:compute/*", "/securityPolicy /edgeSecurityPolicy", Gone(), "high", _FIREWALL),
    Setting("aws:cloudfront/*", "webAclId", Gone(), "high", _FIREWALL),
    Setting("azure-native:network:* azure-native:cdn:*", "firewallPolicy webApplicationFirewallConfiguration", Gone(), "high", _FIREWALL),
    Setting("azure-native:network:* azure-native:cdn:* azure-native:frontdoor:*", "policySettings.mode", Off(("prevention",)), "high", _FIREWALL),
    Setting("azure-native:network:* azure-native:cdn:* azure-native:frontdoor:*", "policySettings.state policySettings.enabledState", Off(), "high", _FIREWALL),
    Setting("azure-native:network:*", "threatIntelMode intrusionDetection.mode", Ranked(("off", "alert", "deny")), "high", _FIREWALL),
    Setting("aws:wafv2/*", "/rules", Fewer(), "high", _FIREWALL),
    Setting("aws:wafv2/*", "defaultAction.allow rules.overrideAction.count rules.action.count", Appears(()), "high", _FIREWALL),
    Setting("gcp:compute/*ecurityPolicy*", "/rules", Fewer(), "high", _FIREWALL),
    Setting("gcp:compute/*ecurityPolicy*", "preview", On(), "high", _FIREWALL),
    # in the cluster
    Guard("kubernetes:*:NetworkPolicy kubernetes:*:GlobalNetworkPolicy kubernetes:*:CiliumNetworkPolicy kubernetes:*:CiliumClusterwideNetworkPolicy kubernetes:*:AuthorizationPolicy kubernetes:*:PeerAuthentication", "high", _PODS, source=_NAMESPACES),
    Setting("kubernetes:*:NetworkPolicy", "spec.policyTypes", Fewer(), "high", _PODS, source=_NAMESPACES),
    Setting("kubernetes:*:NetworkPolicy", "spec.ingress spec.egress ingress.from", Extra(), "medium", _MORE_PODS, source=_NAMESPACES),
    Setting("kubernetes:*:NetworkPolicy", "ingress.from egress.to", Gone(), "high", _PODS, source=_NAMESPACES),
    Setting("gcp:container/*", "networkPolicy.enabled enableIntranodeVisibility", Off(), "high", _PODS),
    Setting("gcp:container/*", "networkPolicyConfig.disabled", On(), "high", _PODS),
    Setting("gcp:container/*", "datapathProvider", Off(("advanced_datapath",)), "high", _PODS),
    Setting("gcp:container/*", "enableCiliumClusterwideNetworkPolicy enableFqdnNetworkPolicy", Off(), "medium", _PODS),
    Setting("azure-native:containerservice:*", "networkProfile.networkPolicy networkPolicy", Off(("calico", "azure", "cilium")), "high", _PODS),
    Setting("azure-native:containerservice:*", "advancedNetworking.enabled advancedNetworking.security.enabled", Off(), "medium", _PODS),
    Setting("aws:eks/*", "configurationValues.enableNetworkPolicy", Off(), "high", _PODS),
)  # fmt: skip
