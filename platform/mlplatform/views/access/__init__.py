"""Who may do what on each target: by who, and by data."""
