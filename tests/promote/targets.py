"""The beginning of a spec with one target of each cloud."""

HEAD = """\
name: acme
environment: dev
owner: team
cost_center: "1"
targets:
"""
TARGET = {
    "aws": """\
  - {cloud: aws, account_id: "123456789012", region: us-east-1}
""",
    "gcp": """\
  - {cloud: gcp, project: acme-ml, project_number: "123456789012", region: us-central1}
""",
    "azure": """\
  - cloud: azure
    subscription_id: 00000000-1111-4222-8333-444444444444
    tenant_id: 55555555-6666-4777-8888-999999999999
    location: eastus2
""",
}
TARGETS = HEAD + "".join(TARGET.values())
