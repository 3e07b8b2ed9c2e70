"""Exercise ``deployment``: everything of it."""
