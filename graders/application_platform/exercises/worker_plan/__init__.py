"""Exercise ``worker-plan``: everything of it."""
