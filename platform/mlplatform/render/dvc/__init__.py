"""The store as a remote of DVC, which keeps versions of data beside the code."""
