"""The clouds' own interfaces by plain requests, for the programs that run in containers: no SDK, no Pulumi."""
