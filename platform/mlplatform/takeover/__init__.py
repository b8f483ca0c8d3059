"""Takes over what an account has: which resources of a plan exist, under which id, as a file for `pulumi import`."""
