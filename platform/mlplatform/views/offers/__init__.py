"""What the clouds offer, as text and data."""
