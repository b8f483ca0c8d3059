"""Programs that run inside of pods; nothing of the platform imports them."""
