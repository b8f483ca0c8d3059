"""What decides which software runs: admission, signatures, scans, immutable tags, sources of images, versions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlplatform.plan.model import Value
from mlplatform.risk.guards.directions import Differs, Extra, Fewer, Gone, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Row, Setting

_ANY_IMAGE = "Images that nobody vouched for can run"
_UNSIGNED = "Code that nobody signed can run"
_UNSCANNED = "Known weaknesses of images are no longer found"
_OVERWRITTEN = "What runs under a tag can be exchanged unseen"
_UPSTREAM = "Images and packages come from somewhere else"
_OLDER = "Weaknesses that the newer version mends come back"
_STAYS = "Corrections are no longer installed by themselves"
_SYSTEM = "Its machines start from another image"

_BINARY = "https://docs.cloud.google.com/binary-authorization/docs/policy-yaml-reference"
_SIGNING = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html"
_TAGS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html"
_CHANNELS = "https://docs.cloud.google.com/kubernetes-engine/docs/concepts/release-channels"
_UPGRADES = "https://learn.microsoft.com/azure/aks/auto-upgrade-cluster"

ADMISSION: tuple[Row, ...] = (
    Setting("gcp:container/*", "binaryAuthorization.evaluationMode", Off(("project_singleton_policy_enforce", "policy_bindings", "policy_bindings_and_project_singleton_policy_enforce")), "high", _ANY_IMAGE, source=_BINARY),
    Setting("gcp:container/* gcp:cloudrun*", "binaryAuthorization", Gone(), "high", _ANY_IMAGE, source=_BINARY),
    Setting("gcp:cloudrun*", "binaryAuthorization.useDefault", Off(), "high", _ANY_IMAGE, source=_BINARY),
    Setting("gcp:*", "breakglassJustification", Differs(), "high", _ANY_IMAGE, source=_BINARY),
    Setting("gcp:binaryauthorization/*", "evaluationMode", Ranked(("always_allow", "require_attestation", "always_deny")), "high", _ANY_IMAGE, source=_BINARY),
    Setting("gcp:binaryauthorization/*", "enforcementMode", Off(("enforced_block_and_audit_log",)), "high", _ANY_IMAGE, source=_BINARY),
    Setting("gcp:binaryauthorization/*", "admissionWhitelistPatterns publicKeys", Extra(), "high", _ANY_IMAGE, source=_BINARY),
    Setting("gcp:binaryauthorization/*", "requireAttestationsBies clusterAdmissionRules", Fewer(), "high", _ANY_IMAGE, source=_BINARY),
    Setting("gcp:binaryauthorization/*", "globalPolicyEvaluationMode", Off(("enable",)), "medium", _ANY_IMAGE, source=_BINARY),
    Guard("gcp:binaryauthorization/policy:Policy gcp:binaryauthorization/attestor:Attestor", "high", _ANY_IMAGE, source=_BINARY),
    Setting("aws:lambda/function:Function", "/codeSigningConfigArn", Gone(), "high", _UNSIGNED, source=_SIGNING),
    Setting("aws:lambda/codeSigningConfig:CodeSigningConfig", "untrustedArtifactOnDeployment", Off(("enforce",)), "high", _UNSIGNED, source=_SIGNING),
    Setting("aws:lambda/codeSigningConfig:CodeSigningConfig", "signingProfileVersionArns", Extra(), "high", _UNSIGNED, source=_SIGNING),
    Guard("aws:lambda/codeSigningConfig:CodeSigningConfig aws:signer/signingProfile:SigningProfile", "high", _UNSIGNED, source=_SIGNING),
    Setting("aws:ecr/* aws:ecrpublic/*", "scanOnPush", Off(), "high", _UNSCANNED),
    Setting("aws:ecr/*", "imageScanningConfiguration", Gone(), "high", _UNSCANNED),
    Setting("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "/scanType", Ranked(("basic", "enhanced")), "high", _UNSCANNED),
    Setting("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "/rules", Fewer(), "high", _UNSCANNED),
    Guard("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration aws:inspector2/enabler:Enabler", "high", _UNSCANNED),
    Setting("aws:ecr/*", "imageTagMutability", Off(("immutable",)), "high", _OVERWRITTEN, source=_TAGS),
    Setting("aws:ecr/*", "imageTagMutabilityExclusionFilters", Extra(), "high", _OVERWRITTEN, source=_TAGS),
    Setting("gcp:artifactregistry/*", "vulnerabilityScanningConfig.enablementConfig", On(("disabled",)), "high", _UNSCANNED),
    Setting("gcp:artifactregistry/*", "dockerConfig.immutableTags", Off(), "high", _OVERWRITTEN),
    Setting("gcp:artifactregistry/*", "versionPolicy", Off(("release",)), "medium", _OVERWRITTEN),
    Setting("gcp:artifactregistry/*", "allowSnapshotOverwrites", On(), "high", _OVERWRITTEN),
    Setting("azure-native:containerregistry:*", "quarantinePolicy.status trustPolicy.status", Off(), "high", _UNSIGNED),
    # where images and packages come from
    Setting("aws:ecr/pullThroughCacheRule:PullThroughCacheRule", "/upstreamRegistryUrl /upstreamRepositoryPrefix", Differs(), "high", _UPSTREAM),
    Setting("aws:codeartifact/repository:Repository", "upstreams", Extra(), "high", _UPSTREAM),
    Setting("aws:codeartifact/repository:Repository", "externalConnections.externalConnectionName", Differs(), "high", _UPSTREAM),
    Setting("gcp:artifactregistry/*", "remoteRepositoryConfig.*.publicRepository customRepository.uri commonRepository.uri", Differs(), "high", _UPSTREAM),
    Setting("gcp:artifactregistry/*", "disableUpstreamValidation", On(), "medium", _UPSTREAM),
    Setting("gcp:artifactregistry/*", "upstreamPolicies", Extra(), "high", _UPSTREAM),
    Setting("gcp:artifactregistry/*", "upstreamPolicies.repository upstreamPolicies.priority", Differs(), "high", _UPSTREAM),
    Setting("azure-native:containerregistry:CacheRule", "/sourceRepository /targetRepository", Differs(), "high", _UPSTREAM),
    Setting("azure-native:containerregistry:*", "loginServer", Differs(), "high", _UPSTREAM),
    Setting("azure-native:containerregistry:CredentialSet", "/loginServer", Differs(), "high", _UPSTREAM),
    Setting("azure-native:containerregistry:Task", "contextPath dockerFilePath encodedTaskContent sourceTriggers.sourceRepository.repositoryUrl sourceRepository.branch", Differs(), "medium", "Other code is built"),
    Setting("aws:codebuild/* aws:codepipeline/*", "source.location sourceVersion buildspec", Differs(), "medium", "Other code is built"),
    Setting("gcp:cloudbuild/trigger:Trigger", "github.owner github.name push.branch sourceToBuild.uri sourceToBuild.ref gitFileSource.uri", Differs(), "high", "Other code is built"),
    Setting("aws:apprunner/*", "imageRepositoryType", Differs(), "high", _UPSTREAM),
    Setting("aws:ec2/* aws:autoscaling/* aws:ec2/launchTemplate:LaunchTemplate", "/imageId /ami", Differs(), "medium", _SYSTEM),
    Setting("gcp:compute/*", "initializeParams.image sourceImage", Differs(), "medium", _SYSTEM),
    Setting("azure-native:compute:*", "imageReference.publisher imageReference.id imageReference.sharedGalleryImageId imageReference.communityGalleryImageId", Differs(), "high", _SYSTEM),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Older:
    """A version becomes a lower one; versions of other forms are not compared."""

    def weaker(self, before: Value, after: Value) -> bool:
        """See `Direction`."""
        return is_older(after, before)


_NUMBER = re.compile(r"\d{1,9}")


def is_older(version: Value, other: Value) -> bool:
    """Whether one version is lower than another of the same form: `python3.8` than `python3.11`, `1.34` than `1.35.2`."""
    if not isinstance(version, str | int | float) or not isinstance(other, str | int | float):
        return False
    mine, theirs = str(version), str(other)
    form, its = _NUMBER.sub("#", mine), _NUMBER.sub("#", theirs)
    if not (form.startswith(its) or its.startswith(form)) or not form:
        return False
    return [int(part) for part in _NUMBER.findall(mine)] < [int(part) for part in _NUMBER.findall(theirs)]


_OF_AWS = "version engineVersion addonVersion releaseVersion runtime runtimeVersion platformVersion inferenceAmiVersion amiVersion releaseLabel glueVersion grafanaVersion frameworkVersion selectedEngineVersion cacheEngineVersion bottlerocketVersion osVersion requiredVersion"
_OF_GCP = "minMasterVersion version nodeVersion databaseVersion imageVersion redisVersion memcacheVersion engineVersion runtime runtimeVersion softwareConfig.imageVersion modelVersion"
_OF_AZURE = "kubernetesVersion orchestratorVersion nodeImageVersion version serverVersion redisVersion runtimeVersion linuxFxVersion grafanaMajorVersion currentKubernetesVersion typeHandlerVersion sparkVersion"

VERSIONS: tuple[Row, ...] = (
    Setting("aws:*", _OF_AWS, Older(), "medium", _OLDER),
    Setting("gcp:*", _OF_GCP, Older(), "medium", _OLDER),
    Setting("azure-native:*", _OF_AZURE, Older(), "medium", _OLDER),
    Setting("kubernetes:helm*", "/version chart.version", Older(), "medium", _OLDER),
    Setting("aws:*", "autoMinorVersionUpgrade allowVersionUpgrade automaticSoftwareUpdateOptions.enabled autoSoftwareUpdateEnabled", Off(default="true"), "medium", _STAYS),
    Setting("gcp:container/*", "releaseChannel.channel", Off(("regular", "stable", "rapid", "extended")), "medium", _STAYS, source=_CHANNELS),
    Setting("gcp:container/*", "releaseChannel", Gone(), "medium", _STAYS, source=_CHANNELS),
    Setting("gcp:container/*", "management.autoUpgrade autoUpgrade", Off(default="true"), "medium", _STAYS, source=_CHANNELS),
    Setting("azure-native:containerservice:*", "autoUpgradeProfile.upgradeChannel", Off(("patch", "stable", "rapid", "node-image")), "medium", _STAYS, source=_UPGRADES),
    Setting("azure-native:containerservice:*", "autoUpgradeProfile.nodeOSUpgradeChannel", Off(("nodeimage", "securitypatch", "unmanaged")), "medium", _STAYS, source=_UPGRADES),
    Setting("azure-native:containerservice:*", "autoUpgradeProfile", Gone(), "medium", _STAYS, source=_UPGRADES),
    Setting("azure-native:*", "autoUpgradeMinorVersion enableAutomaticUpgrade enableAutomaticUpdates automaticOSUpgradePolicy.enableAutomaticOSUpgrade", Off(), "medium", _STAYS),
    Guard("aws:ssm/patchBaseline:PatchBaseline aws:ssm/patchGroup:PatchGroup aws:ssm/maintenanceWindowTask:MaintenanceWindowTask gcp:osconfig/patchDeployment:PatchDeployment azure-native:maintenance:ConfigurationAssignment*", "medium", _STAYS),
)  # fmt: skip
