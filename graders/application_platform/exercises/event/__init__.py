"""Exercise ``event``: everything of it."""
