"""Older protocols and weaker ciphers, as each service writes them; TLS that is no longer asked for."""

from __future__ import annotations

from .edit import REMOVED, Edit, more

_R = "encryption-weakened"

EDITS: tuple[Edit, ...] = (
    Edit("an older policy", "aws", "aws:lb/listener:Listener", "sslPolicy", "ELBSecurityPolicy-2016-08", "high", _R, inputs={"sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}),
    Edit("a policy with TLS 1.0", "aws", "aws:lb/listener:Listener", "sslPolicy", "ELBSecurityPolicy-TLS13-1-0-2021-06", "high", _R, inputs={"sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}),
    Edit("a newer policy", "aws", "aws:lb/listener:Listener", "sslPolicy", "ELBSecurityPolicy-TLS13-1-3-2021-06", None, inputs={"sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}),
    Edit("TLS 1.0", "aws", "aws:cloudfront/distribution:Distribution", "viewerCertificate.minimumProtocolVersion", "TLSv1", "high", _R, inputs={"viewerCertificate": {"minimumProtocolVersion": "TLSv1.2_2021"}}),
    Edit("older ciphers", "aws", "aws:cloudfront/distribution:Distribution", "viewerCertificate.minimumProtocolVersion", "TLSv1.2_2018", "medium", _R, inputs={"viewerCertificate": {"minimumProtocolVersion": "TLSv1.2_2021"}}),
    Edit("TLS 1.0 to the origin", "aws", "aws:cloudfront/distribution:Distribution", "origins[0].customOriginConfig.originSslProtocols", more("TLSv1"), "high", _R, inputs={"origins": [{"customOriginConfig": {"originSslProtocols": ["TLSv1.2"]}}]}),
    Edit("TLS 1.0", "aws", "aws:apigateway/domainName:DomainName", "securityPolicy", "TLS_1_0", "high", _R, inputs={"securityPolicy": "TLS_1_2"}),
    Edit("TLS 1.0", "aws", "aws:opensearch/domain:Domain", "domainEndpointOptions.tlsSecurityPolicy", "Policy-Min-TLS-1-0-2019-07", "high", _R, inputs={"domainEndpointOptions": {"tlsSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"}}),
    Edit("TLS 1.0", "gcp", "gcp:compute/sSLPolicy:SSLPolicy", "minTlsVersion", "TLS_1_0", "high", _R, inputs={"minTlsVersion": "TLS_1_2", "profile": "MODERN"}),
    Edit("weaker ciphers", "gcp", "gcp:compute/sSLPolicy:SSLPolicy", "profile", "COMPATIBLE", "high", _R, inputs={"minTlsVersion": "TLS_1_2", "profile": "RESTRICTED"}),
    Edit("stronger ciphers", "gcp", "gcp:compute/sSLPolicy:SSLPolicy", "profile", "RESTRICTED", None, inputs={"minTlsVersion": "TLS_1_2", "profile": "MODERN"}),
    Edit("no policy any more", "gcp", "gcp:compute/targetHttpsProxy:TargetHttpsProxy", "sslPolicy", REMOVED, "high", _R, inputs={"sslPolicy": "projects/p/global/sslPolicies/modern"}),
    Edit("plain connections", "gcp", "gcp:sql/databaseInstance:DatabaseInstance", "settings.ipConfiguration.sslMode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED", "high", _R, inputs={"settings": {"ipConfiguration": {"sslMode": "ENCRYPTED_ONLY"}}}),
    Edit("TLS 1.0", "azure", "StorageAccount", "minimumTlsVersion", "TLS1_0", "high", _R),
    Edit("the default of old accounts", "azure", "StorageAccount", "minimumTlsVersion", REMOVED, "high"),
    Edit("HTTP", "azure", "StorageAccount", "enableHttpsTrafficOnly", False, "high", _R),
    Edit("TLS 1.0", "azure", "azure-native:web:WebApp", "siteConfig.minTlsVersion", "1.0", "high", _R, inputs={"siteConfig": {"minTlsVersion": "1.2"}}),
    Edit("TLS 1.1", "azure", "azure-native:sql:Server", "minimalTlsVersion", "1.1", "high", _R, inputs={"minimalTlsVersion": "1.2"}),
    Edit("an older policy", "azure", "azure-native:network:ApplicationGateway", "sslPolicy.policyName", "AppGwSslPolicy20150501", "high", _R, inputs={"sslPolicy": {"policyName": "AppGwSslPolicy20220101"}}),
    Edit("TLS 1.3", "azure", "azure-native:web:WebApp", "siteConfig.minTlsVersion", "1.3", None, inputs={"siteConfig": {"minTlsVersion": "1.2"}}),
)  # fmt: skip
