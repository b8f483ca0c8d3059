"""Inputs and answers of the providers: the checks and the outputs of every plan, without an account or a network.

Other rooms import these modules:

- `check`: what a provider would refuse about a resource or a function call;
- `outputs`, `invokes`: the id and outputs of a resource, the result of a function call;
- `unique`: names that a plan uses twice;
- `accounts`: the account that mocked resources live in;
- `refusal`: one refused value, and the exception with all of them;
- `schema`, `shape`, `types`: property trees, read from the installed SDKs;
- `registry`: providers without an installed SDK;
- `wire`: values as they travel, with their envelopes around secrets;
- `rules`: tables of names, limits and documents, for the mock cloud.
"""
