"""Exercise ``hello``: everything of it."""
