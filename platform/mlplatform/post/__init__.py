"""Posts a comment to a pull or merge request, and updates it later."""
