"""What several tables of AWS name: types of resources, and pages."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.error import CloudError

REF = "https://docs.aws.amazon.com/"
EC2 = REF + "AWSEC2/latest/APIReference/errors-overview.html"
EKS = REF + "eks/latest/APIReference/"
ROLE = "aws:iam/role:Role"
SUBNET = "aws:ec2/subnet:Subnet"
CLUSTER = "aws:eks/cluster:Cluster"
NODES = "aws:eks/nodeGroup:NodeGroup"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
NAT = "aws:ec2/natGateway:NatGateway"
LUSTRE = "aws:fsx/lustreFileSystem:LustreFileSystem"
MODEL = "aws:sagemaker/model:Model"


def ec2_error(code: str, message: str) -> CloudError:
    """An error of EC2, whose page has all of them."""
    return CloudError(code, message, EC2)
