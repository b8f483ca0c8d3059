"""What keeps code apart from other code, from its host and from the outside."""

from __future__ import annotations

from mlplatform.risk.guards.directions import Appears, Differs, Extra, Fewer, Gone, More, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Row, Setting

_NETWORK = "The code reaches the outside, and can send data there"
_HOST = "The code can reach its host, and what else runs there"
_METADATA = "Code can take the identity of its host"
_BOOT = "Changed software of a host is no longer refused"
_SANDBOX = "The code shares the kernel of its host"
_MEMORY = "The memory of the machine is no longer encrypted"
_ADMISSION = "What the cluster refuses is let in"
_LOGIN = "Keys and passwords open its machines"

_IMDS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html"
_STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"

ISOLATION: tuple[Row, ...] = (
    # network of code
    Setting("aws:*", "enableNetworkIsolation", Off(), "high", _NETWORK),
    Setting("aws:*", "vpcConfig vpcConfiguration networkConfig.vpcConfig", Gone(), "high", _NETWORK),
    Setting("aws:*", "networkMode", On(("public",)), "high", _NETWORK),
    Setting("aws:*", "enableInterContainerTrafficEncryption", Off(), "high", "Traffic between its machines is no longer encrypted"),
    Setting("aws:codebuild/* aws:batch/* aws:ecs/*", "privilegedMode privileged", On(), "high", _HOST),
    Setting("aws:ecs/* aws:batch/*", "networkMode pidMode ipcMode", On(("host",)), "high", _HOST),
    Setting("aws:ecs/* aws:batch/*", "readonlyRootFilesystem readonlyRootFileSystem", Off(), "medium", _HOST),
    Setting("azure-native:machinelearningservices:*", "isolatedNetwork", Off(), "high", _NETWORK),
    Setting("azure-native:*", "enableDataIsolation isComputeIsolationEnabled enableComputeIsolation", Off(), "medium", "It shares machines or data with others"),
    Guard("aws:bedrock/guardrail:Guardrail gcp:modelarmor/* azure-native:cognitiveservices:RaiPolicy", "medium", "Dangerous questions and answers are let through"),
    Setting("aws:bedrock/*", "filtersConfigs topicsConfigs wordsConfigs piiEntitiesConfigs regexesConfigs", Fewer(), "medium", "Dangerous questions and answers are let through"),
    Setting("azure-native:cognitiveservices:*", "contentFilters.blocking contentFilters.enabled", Off(), "medium", "Dangerous questions and answers are let through"),
    Setting("gcp:modelarmor/*", "inspectAndBlock enableFloorSettingEnforcement", Off(), "medium", "Dangerous questions and answers are let through"),
    # metadata of hosts
    Setting("aws:*", "metadataOptions.httpTokens", Off(("required",)), "high", _METADATA, source=_IMDS),
    Setting("aws:*", "httpPutResponseHopLimit", More(), "medium", _METADATA, source=_IMDS),
    Setting("aws:*", "metadataOptions", Gone(), "high", _METADATA, source=_IMDS),
    Setting("aws:*", "minimumInstanceMetadataServiceVersion", Ranked(("1", "2")), "high", _METADATA, source=_IMDS),
    Setting("gcp:*", "workloadMetadataConfig.mode", Off(("gke_metadata",)), "high", _METADATA),
    Setting("gcp:*", "workloadMetadataConfig", Gone(), "high", _METADATA),
    Setting("gcp:*", "metadata.disable-legacy-endpoints", Off(), "high", _METADATA),
    Setting("gcp:*", "insecureKubeletReadonlyPortEnabled", On(("true",)), "high", "Everything in the network reads what runs on the nodes"),
    Setting("gcp:*", "canIpForward", On(), "medium", "Its machines pass on traffic of others"),
    Setting("aws:*", "sourceDestCheck", Off(default="true"), "medium", "Its machines pass on traffic of others"),
    Setting("azure-native:network:NetworkInterface", "enableIPForwarding", On(), "medium", "Its machines pass on traffic of others"),
    # logins of hosts
    Setting("gcp:*", "metadata.enable-oslogin", Off(), "high", _LOGIN),
    Setting("gcp:*", "metadata.block-project-ssh-keys", Off(), "medium", _LOGIN),
    Setting("gcp:*", "metadata.serial-port-enable", On(("true", "1")), "high", _LOGIN),
    Setting("gcp:*", "metadata.ssh-keys metadata.sshkeys", Differs(), "high", _LOGIN),
    Setting("gcp:*", "metadata.ssh-keys metadata.sshkeys", Appears(), "high", _LOGIN),
    Setting("azure-native:*", "disablePasswordAuthentication", Off(), "high", _LOGIN),
    Setting("azure-native:*", "sshAccess", Off(("disabled",)), "medium", _LOGIN),
    Setting("azure-native:machinelearningservices:*", "sshSettings.sshPublicAccess sshPublicAccess remoteLoginPortPublicAccess", On(), "high", _LOGIN),
    Setting("aws:*", "keyName remoteAccess ec2SshKey", Appears(), "high", _LOGIN),
    Setting("aws:sagemaker/*", "rootAccess", On(("enabled",)), "medium", _HOST),
    # hosts
    Setting("*", "enableSecureBoot secureBootEnabled secureBoot", Off(), "medium", _BOOT),
    Setting("*", "enableIntegrityMonitoring enableVtpm enableVTPM vTpmEnabled", Off(), "medium", _BOOT),
    Setting("*", "shieldedInstanceConfig shieldedVmConfig", Gone(), "medium", _BOOT),
    Setting("gcp:*", "enableShieldedNodes", Off(default="true"), "medium", _BOOT),
    Setting("azure-native:*", "securityType", Ranked(("standard", "trustedlaunch", "confidentialvm"), default="standard"), "medium", _BOOT),
    Setting("azure-native:*", "enableFIPS", Off(), "medium", "Weaker cryptography is allowed"),
    Setting("*", "confidentialNodes.enabled enableConfidentialCompute confidentialInstanceConfig.enableConfidentialCompute enclaveOptions.enabled", Off(), "medium", _MEMORY),
    Setting("*", "confidentialInstanceConfig confidentialNodes confidentialInstanceType amdSevSnp", Gone(), "medium", _MEMORY),
    Setting("gcp:*", "sandboxConfig sandboxConfig.type sandboxConfig.sandboxType", Gone(), "medium", _SANDBOX),
    Setting("azure-native:containerservice:*", "workloadRuntime", Off(("kataccisolation", "katavmisolation", "katamshvvmisolation", "kata")), "medium", _SANDBOX),
    Setting("azure-native:containerservice:*", "nodeResourceGroupProfile.restrictionLevel restrictionLevel", Off(("readonly",)), "medium", "Machines of the cluster can be changed past the cluster"),
    Setting("gcp:*", "soleTenantConfig nodeAffinities", Gone(), "medium", "Its machines share hosts with other customers"),
    Setting("aws:*", "tenancy instanceTenancy placement.tenancy", Off(("dedicated", "host")), "medium", "Its machines share hosts with other customers"),
    Setting("gcp:container/*", "allowNetAdmin", On(), "high", _HOST),
    Setting("gcp:container/*", "enableKubernetesAlpha", On(), "medium", "Unfinished features run, and the cluster ends after a month"),
    # pods
    Setting("kubernetes:*", "hostNetwork hostPID hostIPC privileged allowPrivilegeEscalation", On(), "high", _HOST, on_create=True),
    Setting("kubernetes:*", "hostPath", Appears(()), "high", _HOST, on_create=True),
    Setting("kubernetes:*", "capabilities.add", Extra(), "high", _HOST),
    Setting("kubernetes:*", "capabilities.drop", Fewer(), "high", _HOST),
    Setting("kubernetes:*", "runAsNonRoot readOnlyRootFilesystem", Off(), "medium", _HOST),
    Setting("kubernetes:*", "runAsUser", On(("0",)), "medium", _HOST),
    Setting("kubernetes:*", "seccompProfile.type", Off(("runtimedefault", "localhost")), "medium", _HOST),
    Setting("kubernetes:*", "securityContext seccompProfile", Gone(), "medium", _HOST),
    Setting("kubernetes:*", "runtimeClassName", Gone(), "medium", _SANDBOX),
    Setting("kubernetes:*", "automountServiceAccountToken", On(), "medium", _METADATA),
    Setting("kubernetes:*", "labels.pod-security*enforce", Ranked(("privileged", "baseline", "restricted"), default="privileged"), "high", _ADMISSION, source=_STANDARDS),
    # admission
    Guard("kubernetes:*:ValidatingWebhookConfiguration kubernetes:*:MutatingWebhookConfiguration kubernetes:*:ValidatingAdmissionPolicy kubernetes:*:ValidatingAdmissionPolicyBinding kubernetes:*:ClusterPolicy kubernetes:*:Policy kubernetes:constraints.gatekeeper.sh/* kubernetes:*:ConstraintTemplate kubernetes:*:ClusterImagePolicy", "high", _ADMISSION),
    Setting("kubernetes:*", "failurePolicy", Off(("fail",), default="fail"), "high", _ADMISSION, where=lambda step: "Webhook" in step.type or "Policy" in step.type),
    Setting("kubernetes:*", "validationActions", Fewer(("deny",)), "high", _ADMISSION),
    Setting("kubernetes:*", "enforcementAction", Off(("deny",), default="deny"), "high", _ADMISSION),
    Setting("kubernetes:*", "validationFailureAction failureAction", Off(("enforce",)), "high", _ADMISSION),
    Setting("azure-native:containerservice:*", "azurepolicy.enabled imageIntegrity.enabled imageCleaner.enabled", Off(), "high", _ADMISSION),
    Setting("azure-native:containerservice:*", "addonProfiles.azurepolicy", Gone(), "high", _ADMISSION),
    Setting("gcp:*", "policyControllerHubConfig.installSpec", Off(("true", "install_spec_enabled")), "high", _ADMISSION),
    Setting("gcp:*", "podSecurityPolicyConfig.enabled", Off(), "high", _ADMISSION),
)  # fmt: skip
