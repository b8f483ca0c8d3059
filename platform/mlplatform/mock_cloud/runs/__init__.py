"""What a run of a pipeline meets in its cloud: which of its requests the cloud refuses, and why."""
