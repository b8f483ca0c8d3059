"""What must stand in an account before the first `up`: rights, identities, state, derived from the plan."""
