"""Siblings that no table names: inputs of any type that lead to strangers, lists of administrators, issuers, identities."""

from __future__ import annotations

from .edit import Edit, more

NAMED = "stranger-named"
ADMIN = "administration-widened"
TRUST = "trust-widened"
SWAPPED = "identity-swapped"
MOVED = "software-moved"
OWN = "345678901234"
OTHER = "999988887777"
EVIL = "x@evil-project.iam.gserviceaccount.com"
PUSH = {"topic": "t", "project": "acme-ml-prod", "pushConfig": {
    "pushEndpoint": "https://a", "oidcToken": {"serviceAccountEmail": "a@acme-ml-prod.iam.gserviceaccount.com"}}}  # fmt: skip

EDITS = (
    Edit("events of a stranger's bus", "aws", "EventTarget", "arn", f"arn:aws:events:us-east-1:{OTHER}:event-bus/x", "high", NAMED),
    Edit("copies in a stranger's vault", "aws", "aws:backup/plan:Plan", ("rules", 0, "copyActions", 0, "destinationVaultArn"),
         f"arn:aws:backup:us-east-1:{OTHER}:backup-vault:v", "high", NAMED, {"name": "p", "rules": [{"ruleName": "r", "copyActions": [
             {"destinationVaultArn": f"arn:aws:backup:us-east-1:{OWN}:backup-vault:v"}]}]}),
    Edit("objects owned by a stranger", "aws", "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
         ("rules", 0, "destination", "account"), OTHER, "high", NAMED,
         {"bucket": "b", "rules": [{"destination": {"account": OWN, "bucket": "arn:aws:s3:::c"}}]}),
    Edit("a stranger among the members", "aws", "aws:guardduty/member:Member", "accountId", OTHER, "high", NAMED,
         {"accountId": OWN, "detectorId": "d"}),
    Edit("a stranger's layer", "aws", "aws:lambda/function:Function layered", "layers", more(f"arn:aws:lambda:us-east-1:{OTHER}:layer:x:1"),
         "medium", NAMED, {"role": "r", "layers": [f"arn:aws:lambda:us-east-1:{OWN}:layer:y:1"]}),
    Edit("a stranger's peer", "aws", "aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "peerOwnerId", OTHER, "high", "",
         {"vpcId": "v", "peerVpcId": "p", "peerOwnerId": OWN}),
    Edit("messages of a stranger", "aws", "aws:lambda/eventSourceMapping:EventSourceMapping", "eventSourceArn",
         f"arn:aws:sqs:us-east-1:{OTHER}:q", "high", NAMED, {"functionName": "f", "eventSourceArn": f"arn:aws:sqs:us-east-1:{OWN}:q"}),
    Edit("dead letters for a stranger", "aws", "EventTarget *", "deadLetterConfig.arn", f"arn:aws:sqs:us-east-1:{OTHER}:q", "high", NAMED),
    Edit("calls as a stranger", "gcp", "gcp:pubsub/subscription:Subscription", "pushConfig.oidcToken.serviceAccountEmail", EVIL, "high", "",
         PUSH),
    Edit("messages of a stranger's topic", "gcp", "gcp:eventarc/trigger:Trigger made", "serviceAccount", EVIL, "high", SWAPPED,
         {"location": "l", "project": "acme-ml-prod", "serviceAccount": "a@acme-ml-prod.iam.gserviceaccount.com"}),
    # lists of administrators
    Edit("an administrator of an attached cluster", "gcp", "gcp:container/attachedCluster:AttachedCluster", "authorization.adminUsers",
         more("eve@acme.example"), "high", ADMIN, {"authorization": {"adminUsers": ["ada@acme.example"]}}),
    Edit("an administrator of reports", "aws", "aws:quicksight/accountSubscription:AccountSubscription", "adminGroups", more("all"), "high",
         ADMIN, {"accountName": "a", "adminGroups": ["bi"]}),
    # issuers
    Edit("another issuer of an API", "gcp", "gcp:gkehub/membership:Membership", "authority.issuer", "https://evil.example", "high", TRUST,
         {"authority": {"issuer": "https://container.googleapis.com/v1/projects/p"}, "membershipId": "m"}),
    Edit("another issuer of a mesh", "aws", "aws:vpclattice/authPolicy:AuthPolicy", "policy",
         '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}', "critical", "access-widened",
         {"resourceIdentifier": "r", "policy": '{"Statement": []}'}),
    Edit("another key set", "aws", "aws:bedrock/agentcoreGateway:AgentcoreGateway", "authorizerConfiguration.customJwtAuthorizer.jwksUrl",
         "https://evil.example", "high", TRUST, {"authorizerConfiguration": {"customJwtAuthorizer": {"jwksUrl": "https://acme.example"}}}),
    # identities
    Edit("another role for notebooks", "aws", "aws:sagemaker/domain:Domain", "defaultUserSettings.executionRole",
         f"arn:aws:iam::{OWN}:role/acme-ml-prod-operator", "high", SWAPPED,
         {"domainName": "d", "defaultUserSettings": {"executionRole": f"arn:aws:iam::{OWN}:role/a"}}),
    Edit("another role for machines", "aws", "aws:batch/computeEnvironment:ComputeEnvironment", "computeResources.instanceRole",
         f"arn:aws:iam::{OWN}:instance-profile/operator", "high", SWAPPED,
         {"type": "MANAGED", "computeResources": {"instanceRole": f"arn:aws:iam::{OWN}:instance-profile/a"}}),
    Edit("another account for builds", "gcp", "gcp:cloudfunctionsv2/function:Function", "buildConfig.serviceAccount",
         "projects/acme-ml-prod/serviceAccounts/ci@acme-ml-prod.iam.gserviceaccount.com", "high", SWAPPED,
         {"location": "l", "buildConfig": {"serviceAccount": "projects/acme-ml-prod/serviceAccounts/a@acme-ml-prod.iam.gserviceaccount.com"}}),
    Edit("another account for data", "gcp", "gcp:dataproc/cluster:Cluster", "clusterConfig.gceClusterConfig.serviceAccount",
         "345678901234-compute@developer.gserviceaccount.com", "high", SWAPPED,
         {"clusterConfig": {"gceClusterConfig": {"serviceAccount": "a@acme-ml-prod.iam.gserviceaccount.com"}}}),
    Edit("another identity for a kubelet", "azure", "azure-native:containerservice:ManagedCluster kubelet",
         "identityProfile.kubeletidentity.resourceId", "/subscriptions/s/x/userAssignedIdentities/operator", "medium", "",
         {"identityProfile": {"kubeletidentity": {"resourceId": "/subscriptions/s/x/userAssignedIdentities/a"}}}),
    # software
    Edit("machines of another project", "gcp", "gcp:compute/instanceTemplate:InstanceTemplate", ("disks", 0, "sourceImage"),
         "projects/evil-project/global/images/x", "high", MOVED, {"machineType": "m", "disks": [{"sourceImage": "projects/cos-cloud/global/images/cos"}]}),
    Edit("training with another image", "aws", "aws:sagemaker/trainingJob:TrainingJob", "algorithmSpecification.trainingImage",
         f"{OTHER}.dkr.ecr.us-east-1.amazonaws.com/x:1", "high", MOVED,
         {"algorithmSpecification": {"trainingImage": f"{OWN}.dkr.ecr.us-east-1.amazonaws.com/x:1"}}),
    # harmless
    Edit("another queue of the account", "aws", "EventTarget", "deadLetterConfig.arn", f"arn:aws:sqs:us-east-1:{OWN}:q", None),
    Edit("a number that is no account", "aws", "LogGroup", "tags.ticket", "999988887777", None),
    Edit("another account of the project", "gcp", "gcp:pubsub/subscription:Subscription", "ackDeadlineSeconds", 30, None, "", PUSH),
    Edit("a contact", "gcp", "gcp:monitoring/notificationChannel:NotificationChannel mail", "displayName", "On call", None, "",
         {"type": "email", "labels": {"email_address": "oncall@acme.example"}, "displayName": "a"}),
)  # fmt: skip
