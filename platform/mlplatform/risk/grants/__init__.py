"""Who may do what, read from the resources of each cloud."""
