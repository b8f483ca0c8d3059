"""How long AWS's services take to know a new policy of a role. Imports no SDK."""

from __future__ import annotations

POLICY_SECONDS = 20
"""From a policy until every service acts on it: IAM is eventually consistent,
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency. The
provider retries where a role cannot be assumed yet, but not where a service tests what the role may do."""
