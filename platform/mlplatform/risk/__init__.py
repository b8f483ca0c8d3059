"""What is dangerous in a change: every change classified, worst first, each with its reason."""
