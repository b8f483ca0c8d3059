"""An account of each cloud, and the repository of the example's images there. Benchmarks read it too."""

TARGETS: dict[str, dict[str, object]] = {
    "aws": {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"},
    "gcp": {"cloud": "gcp", "project": "acme-ml", "project_number": "123456789012", "region": "us-central1"},
    "azure": {
        "cloud": "azure",
        "subscription_id": "00000000-1111-4222-8333-444444444444",
        "tenant_id": "55555555-6666-4777-8888-999999999999",
        "location": "eastus",
    },
}
REGISTRIES = {
    "aws": "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev/training",
    "gcp": "us-central1-docker.pkg.dev/acme-ml/acme-ml-dev-training/fraud",
    "azure": "acmemldevimagese2c00d.azurecr.io/training",
}
