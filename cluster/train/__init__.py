"""The release train: its stops, and the timeline of what happened. No points, no expectations."""
