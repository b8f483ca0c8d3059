"""How connections are encrypted: settings whose names the rule of encryption cannot guess."""

from __future__ import annotations

from mlplatform.plan.model import Step
from mlplatform.risk.guards.directions import Gone, Off, On, Ranked
from mlplatform.risk.guards.rows import Row, Setting

_PLAIN = "Connections without TLS are accepted"
_WHO = "Nobody checks who is at the other end"

_POLICIES = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"


def _is_listener(step: Step) -> bool:
    return "istener" in step.type or "TargetHttps" in step.type


TRANSPORT: tuple[Row, ...] = (
    Setting("*", "enforceHttps enforceSSL requireHttps requireSsl sslEnforcement enableHttpsTrafficOnly httpsOnly", Off(), "high", _PLAIN),
    Setting("*", "allowInsecure insecure enableNonSslPort", On(), "high", _PLAIN),
    Setting("*", "insecureSkipVerification insecureSsl ignoreCertificateExpiry ignoreClientCertificateExpiry", On(), "high", _WHO),
    Setting("*", "enforceCertificateNameCheck", Off(default="true"), "high", _WHO),
    Setting("aws:*", "/protocol", Off(("https", "tls")), "high", _PLAIN, where=_is_listener),
    Setting("aws:*", "viewerProtocolPolicy originProtocolPolicy", Off(("https-only", "redirect-to-https")), "high", _PLAIN),
    Setting("aws:*", "sslPolicy", Ranked(("elbsecuritypolicy-tls-1-0-2015-04", "elbsecuritypolicy-2016-08", "elbsecuritypolicy-fs-2018-06", "elbsecuritypolicy-tls-1-1-2017-01", "elbsecuritypolicy-fs-1-1-2019-08", "elbsecuritypolicy-tls-1-2-ext-2018-06", "elbsecuritypolicy-tls-1-2-2017-01", "elbsecuritypolicy-fs-1-2-2019-08", "elbsecuritypolicy-fs-1-2-res-2020-10", "elbsecuritypolicy-tls13-1-0-2021-06", "elbsecuritypolicy-tls13-1-1-2021-06", "elbsecuritypolicy-tls13-1-2-ext2-2021-06", "elbsecuritypolicy-tls13-1-2-ext1-2021-06", "elbsecuritypolicy-tls13-1-2-2021-06", "elbsecuritypolicy-tls13-1-2-res-2021-06", "elbsecuritypolicy-tls13-1-3-2021-06")), "high", "An older protocol is allowed", source=_POLICIES),
    Setting("aws:msk/*", "encryptionInTransit.clientBroker", Ranked(("plaintext", "tls_plaintext", "tls"), default="tls"), "high", _PLAIN),
    Setting("aws:sns/* aws:sqs/*", "protocol", On(("http",)), "high", _PLAIN),
    Setting("gcp:sql/*", "sslMode", Ranked(("allow_unencrypted_and_encrypted", "encrypted_only", "trusted_client_certificate_required"), default="allow_unencrypted_and_encrypted"), "high", _PLAIN),
    Setting("gcp:redis/* gcp:memorystore/*", "transitEncryptionMode", On(("disabled", "transit_encryption_disabled", "transit_encryption_mode_disabled"), default="disabled"), "high", _PLAIN),
    Setting("gcp:compute/*", "/profile", Ranked(("compatible", "modern", "restricted", "fips_202205")), "high", "An older protocol is allowed", where=lambda step: "SSLPolicy" in step.type),
    Setting("gcp:compute/*", "/sslPolicy", Gone(), "high", "An older protocol is allowed"),
    Setting("gcp:appengine/*", "securityLevel", Off(("secure_always",)), "high", _PLAIN),
    Setting("azure-native:*", "minTlsVersion minimalTlsVersion minimumTlsVersion minTlsCipherSuite", Gone(), "medium", "The cloud chooses the protocol"),
    Setting("azure-native:*", "peerTrafficConfiguration.encryption.enabled mtls.enabled", Off(), "high", "Traffic between its parts is no longer encrypted"),
    Setting("azure-native:*", "clientCertEnabled", Off(), "high", _WHO),
    Setting("azure-native:*", "httpSettings.requireHttps", Off(), "high", _PLAIN),
    Setting("azure-native:cdn:* azure-native:frontdoor:*", "httpsRedirect", Off(), "high", _PLAIN),
    Setting("azure-native:cdn:* azure-native:frontdoor:*", "forwardingProtocol", On(("httponly",)), "high", _PLAIN),
    Setting("kubernetes:*", "mtls.mode tls.mode", Off(("strict", "istio_mutual", "mutual")), "high", _PLAIN),
    Setting("kubernetes:*:Ingress", "spec.tls", Gone(), "high", _PLAIN),
    Setting("kubernetes:*", "insecureSkipTLSVerify insecureSkipVerify", On(), "high", _WHO),
)  # fmt: skip
