"""How long Google's services take to know a new right or a newly enabled service. Imports no SDK."""

from __future__ import annotations

GRANT_SECONDS = 120
"""From a grant until services act on it: typically two minutes,
https://docs.cloud.google.com/iam/docs/access-change-propagation. The provider does not retry what Eventarc and the
services that encrypt refuse until then: pulumi/pulumi-gcp#1290, hashicorp/terraform-provider-google#25294."""

SERVICE_SECONDS = 30
"""From the enabling of a service until it answers; meanwhile it refuses with "wait a few minutes", https://docs.cloud.google.com/service-usage/docs/enable-disable."""
