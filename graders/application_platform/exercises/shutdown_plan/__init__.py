"""Exercise ``shutdown-plan``: everything of it."""
