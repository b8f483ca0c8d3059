"""What clients of the tracking server need: people, and pods that no command of ours writes."""
