"""Exercise ``review``: everything of it."""
