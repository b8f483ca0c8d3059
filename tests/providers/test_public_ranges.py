"""EKS opens its public address to public ranges only."""

from __future__ import annotations

import pytest

from mlplatform.providers.check import check_resource


@pytest.mark.parametrize(
    ("cidr", "refused"),
    [
        ("203.0.113.0/24", False),
        ("172.32.0.0/16", False),
        ("100.128.0.0/16", False),
        ("10.8.0.0/16", True),
        ("172.20.0.0/16", True),
        ("192.168.1.0/24", True),
        ("100.64.0.0/16", True),
    ],
)
def test_a_private_range_is_no_range_of_the_public_address(cidr: str, refused: bool) -> None:
    vpc = {"subnetIds": ["subnet-1", "subnet-2"], "publicAccessCidrs": [cidr]}
    inputs = {"name": "acme", "roleArn": "arn:aws:iam::123456789012:role/cluster", "vpcConfig": vpc}
    found = [str(refusal) for refusal in check_resource("aws:eks/cluster:Cluster", "cluster", inputs)]
    assert ["publicAccessCidrs" in one for one in found] == [True] * refused, found
