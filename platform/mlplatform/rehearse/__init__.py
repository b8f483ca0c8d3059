"""A rehearsal: a stack's whole life on Pulumi's real engine, against a mock cloud and without an account."""
